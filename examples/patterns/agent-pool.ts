/**
 * An agent pool: a few agents shared by whoever needs one, with a line when all are busy.
 *
 * Agents are dear to start and do one thing at a time, so a fixed number of them is shared. Who needs one takes it,
 * waits in line when all are busy, and gives it back. An agent that broke is replaced.
 *
 * You will see five tasks on two agents: each task is a step, with the wait for an agent as a step of type `wait` where
 * there was one. The event `queue` tells how long the wait was and how many still stand in line, the events `worker`
 * when an agent became busy, idle or dead.
 */
import { emit, init, run } from '@orchescope/sdk';
import { createVirtualClock } from './virtual-clock.ts';

init({ serviceName: 'agent-pool' });

const clock = createVirtualClock();

type Agent = { readonly id: string; readonly work: (page: string, ms: number) => Promise<string> };

class BrowserCrashError extends Error {
  readonly code = 'browser_crash';
}

let started = 0;

function startAgent(): Agent {
  started += 1;
  const id = `browser-${started}`;
  return {
    id,
    work: (page, ms) =>
      run({ kind: 'agent', name: 'browser', id }, async () => {
        await clock.sleep(ms);
        if (page === 'huge.html') throw new BrowserCrashError(`${id} ran out of memory`);
        return `${page} read by ${id}`;
      }),
  };
}

class AgentPool {
  readonly #name: string;
  readonly #size: number;
  readonly #idle: Agent[];
  readonly #line: ((agent: Agent) => void)[] = [];
  #busy = 0;

  constructor(name: string, size: number) {
    this.#name = name;
    this.#size = size;
    this.#idle = Array.from({ length: size }, startAgent);
  }

  /** Lends an agent to `fn` and takes it back, whole or broken. */
  async use<T>(fn: (agent: Agent) => Promise<T>): Promise<T> {
    const agent = await this.#take();
    let broken = false;
    try {
      return await fn(agent);
    } catch (error) {
      broken = error instanceof BrowserCrashError;
      throw error;
    } finally {
      this.#giveBack(agent, broken);
    }
  }

  async #take(): Promise<Agent> {
    const idle = this.#idle.shift();
    const agent = idle ?? (await this.#wait());
    this.#busy += 1;
    this.#tell(agent, 'busy');
    return agent;
  }

  /** First come, first served. */
  async #wait(): Promise<Agent> {
    const sinceMs = clock.now();
    const { promise, resolve } = Promise.withResolvers<Agent>();
    this.#line.push(resolve);
    const spec = { kind: 'step', name: `wait for ${this.#name}`, type: 'wait' } as const;
    const agent = await run(spec, () => promise);
    const waitMs = clock.now() - sinceMs;
    emit({ type: 'queue', name: this.#name, depth: this.#line.length, waitMs });
    return agent;
  }

  #giveBack(agent: Agent, broken: boolean): void {
    this.#busy -= 1;
    this.#tell(agent, broken ? 'dead' : 'idle');
    const fit = broken ? startAgent() : agent;
    const next = this.#line.shift();
    if (next) next(fit);
    else this.#idle.push(fit);
  }

  #tell({ id }: Agent, state: 'busy' | 'idle' | 'dead'): void {
    emit({ type: 'worker', id, state, pool: this.#name, load: this.#busy / this.#size });
  }
}

const pages = { 'a.html': 300, 'huge.html': 100, 'b.html': 400, 'c.html': 50, 'd.html': 50 };

await run({ kind: 'workflow', name: 'read-site', pattern: 'parallel' }, async (op) => {
  const pool = new AgentPool('browsers', 2);
  const entries = Object.entries(pages);
  const read = entries.map(([page, ms], index) =>
    run(
      { kind: 'step', name: 'read page', type: 'task', id: page, index, of: entries.length },
      () => pool.use((agent) => agent.work(page, ms)),
    ),
  );
  const settled = await Promise.allSettled(read);
  for (const one of settled)
    console.log(
      one.status === 'fulfilled' ? one.value : `failed: ${(one.reason as Error).message}`,
    );
  const failed = settled.filter(({ status }) => status === 'rejected').length;
  op.emit({ type: 'partial', ok: settled.length - failed, failed, policy: 'best_effort' });
  op.set({ outcome: failed > 0 ? 'partial' : 'completed' });
});
