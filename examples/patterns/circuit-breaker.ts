/**
 * A circuit breaker: a service that is down is left alone for a while.
 *
 * A service that is down is not asked again and again. After three failures in a row the breaker opens and calls fail
 * at once; after a cool-down it lets one call through (half open), and closes if that one succeeds.
 *
 * You will see tool calls that reach the service, and calls refused in no time with `error.type` circuit_open and the
 * event `rejected`. The events `breaker` tell each change of state: closed, open, half_open, open again because the
 * probe failed, half_open, closed. How often a breaker opened is a metric: `orchescope.events`, type breaker, state open.
 */
import { emit, init, observe, run, type OrchEvent } from '@orchescope/sdk';
import { createVirtualClock } from './virtual-clock.ts';

init({ serviceName: 'circuit-breaker' });

const clock = createVirtualClock();

type State = Extract<OrchEvent, { type: 'breaker' }>['state'];

class CircuitOpenError extends Error {
  readonly code = 'circuit_open';
}

class CircuitBreaker {
  readonly #name: string;
  readonly #failuresAtMost: number;
  readonly #coolDownMs: number;
  #state: State = 'closed';
  #failures = 0;
  #openedMs = 0;

  constructor(name: string, failuresAtMost: number, coolDownMs: number) {
    this.#name = name;
    this.#failuresAtMost = failuresAtMost;
    this.#coolDownMs = coolDownMs;
  }

  get state(): State {
    return this.#state;
  }

  async call<T>(fn: () => Promise<T>): Promise<T> {
    this.#admit();
    try {
      const result = await fn();
      this.#failures = 0;
      if (this.#state !== 'closed') this.#become('closed');
      return result;
    } catch (error) {
      this.#failures += 1;
      if (this.#state === 'half_open' || this.#failures >= this.#failuresAtMost) this.#trip();
      throw error;
    }
  }

  /** Lets the call pass or throws. Half open means that a probe is under way: one is enough. */
  #admit(): void {
    const leftMs = this.#openedMs + this.#coolDownMs - clock.now();
    if (this.#state === 'closed') return;
    if (this.#state === 'open' && leftMs <= 0) return this.#become('half_open');
    const retryAfterMs = Math.max(0, leftMs);
    emit({ type: 'rejected', by: 'breaker', target: this.#name, retryAfterMs });
    throw new CircuitOpenError(`${this.#name} is not asked for another ${retryAfterMs} ms`);
  }

  /** A call that began before the breaker opened may fail after: that is no news. */
  #trip(): void {
    if (this.#state === 'open') return;
    this.#openedMs = clock.now();
    this.#become('open');
  }

  #become(state: State): void {
    this.#state = state;
    emit({ type: 'breaker', name: this.#name, state });
  }
}

/** Down from second 2 to second 20. */
async function searchService(query: string): Promise<string> {
  await clock.sleep(100);
  const seconds = clock.now() / 1000;
  if (seconds > 2 && seconds < 20) throw new TypeError('connect ECONNREFUSED');
  return `results for ${query}`;
}

const breaker = new CircuitBreaker('search-service', 3, 8_000);

const search = observe((query: string) => breaker.call(() => searchService(query)), {
  kind: 'tool',
  name: 'search',
  in: (query) => ({ args: { query } }),
  out: (result) => ({ result }),
});

await run({ kind: 'agent', name: 'news-watcher' }, async () => {
  for (const atMs of [0, 2_500, 3_000, 3_500, 4_000, 12_000, 13_000, 21_000, 22_000]) {
    const idleMs = atMs - clock.now();
    await run({ kind: 'step', name: 'idle', type: 'wait' }, () => clock.sleep(idleMs));
    const said = await search('agents').catch((error: Error) => error.message);
    console.log(`${String(atMs).padStart(6)} ms  ${breaker.state.padEnd(9)}  ${said}`);
  }
});

// Two callers at once while it is half open: the second is refused, the first is the probe.
const failing = () => breaker.call(() => Promise.reject(new TypeError('down again')));
await run({ kind: 'agent', name: 'impatient-pair' }, async () => {
  for (let i = 0; i < 3; i++) await failing().catch(() => breaker.state);
  await clock.sleep(8_000);
  const both = await Promise.allSettled([search('first'), search('second')]);
  console.log('half open:', both.map(({ status }) => status).join(', '));
});
