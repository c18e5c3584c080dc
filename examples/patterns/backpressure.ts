/**
 * A supervisor with backpressure: it takes what its workers can do, makes urgent work wait least, and refuses the rest.
 *
 * Tasks wait in a queue by priority. When it is full, new work is refused with a time after which to come back: better
 * than a promise that will not be kept. A worker that breaks rests for a while, and its task goes to another.
 *
 * You will see one step a task below the supervisor, however long it waited. The supervisor's events tell the rest:
 * `queue` with depth and wait, `worker` with its state (idle, busy, overloaded, failed) and load, and `rejected` with
 * `retry_after`. Breaking news overtake what waits, the horoscope is refused, and sports need a second attempt.
 */
import { init, run, type Op } from '@orchescope/sdk';
import { createVirtualClock } from './virtual-clock.ts';

init({ serviceName: 'backpressure' });

type Task = {
  readonly name: string;
  readonly priority: number;
  readonly workMs: number;
  /** Breaks the first worker that tries. */
  readonly breaks?: boolean;
};
type Waiting = { readonly task: Task; readonly sinceMs: number; readonly attempt: number };
type Worker = { readonly id: string; readonly slots: number; active: number; broken: boolean };

const queueLimit = 3;
const restMs = 500;
const clock = createVirtualClock();

class Supervisor {
  private readonly queue: Waiting[] = [];
  private readonly working = new Set<Promise<void>>();
  private readonly finished: string[] = [];
  private readonly workers: readonly Worker[];
  private readonly op: Op<'agent'>;

  constructor(op: Op<'agent'>, workers: readonly Worker[]) {
    this.op = op;
    this.workers = workers;
  }

  /** Says no at once when the queue is full. */
  submit(task: Task): 'taken' | { readonly retryAfterMs: number } {
    if (this.queue.length >= queueLimit) {
      const retryAfterMs = 100 * this.queue.length;
      this.op.emit({ type: 'rejected', by: 'backpressure', target: 'writers', retryAfterMs });
      return { retryAfterMs };
    }
    this.enqueue({ task, sinceMs: clock.now(), attempt: 1 });
    return 'taken';
  }

  /** When all that was taken is done. */
  async drain(): Promise<readonly string[]> {
    while (this.working.size > 0) await Promise.race(this.working);
    return this.finished;
  }

  private enqueue(waiting: Waiting): void {
    this.queue.push(waiting);
    this.queue.sort((a, b) => b.task.priority - a.task.priority);
    this.sayQueue(waiting.task);
    this.assign();
  }

  /** Gives the most urgent task to the first worker with room, as long as there are both. */
  private assign(): void {
    const worker = this.workers.find(({ active, slots, broken }) => !broken && active < slots);
    const next = worker && this.queue.shift();
    if (!worker || !next) return;
    this.sayQueue(next.task, clock.now() - next.sinceMs);
    const work = this.work(worker, next).finally(() => this.working.delete(work));
    this.working.add(work);
    this.assign();
  }

  private async work(worker: Worker, waiting: Waiting): Promise<void> {
    this.change(worker, { active: worker.active + 1 });
    const broke = await this.tryTask(worker, waiting);
    this.change(worker, { active: worker.active - 1, broken: broke });
    if (broke) this.enqueue({ ...waiting, attempt: waiting.attempt + 1 });
    else this.finished.push(`${waiting.task.name} by ${worker.id}`);
    this.assign();
    if (!broke) return;
    await clock.sleep(restMs);
    this.change(worker, { broken: false });
    this.assign();
  }

  private async tryTask({ id }: Worker, { task, attempt }: Waiting): Promise<boolean> {
    const attributes = { 'app.worker': id };
    // Called from wherever a slot came free: the step belongs to the supervisor all the same.
    const spec = { kind: 'step', name: task.name, type: 'task', parent: this.op.context } as const;
    try {
      await run({ ...spec, attempt, attributes }, async () => {
        await clock.sleep(task.workMs);
        if (task.breaks && attempt === 1) throw new BrokenPencilError('the pencil broke');
      });
      return false;
    } catch {
      return true;
    }
  }

  private change(worker: Worker, to: Partial<Worker>): void {
    const { id, active, slots, broken } = Object.assign(worker, to);
    const load = active / slots;
    const state = broken ? 'failed' : load === 0 ? 'idle' : load < 1 ? 'busy' : 'overloaded';
    this.op.emit({ type: 'worker', id, state, load });
  }

  private sayQueue({ priority }: Task, waitMs?: number): void {
    const waited = waitMs === undefined ? {} : { waitMs };
    const depth = this.queue.length;
    this.op.emit({ type: 'queue', name: 'writers', depth, priority, ...waited });
  }
}

class BrokenPencilError extends Error {}

const finished = await run({ kind: 'workflow', name: 'newsroom', pattern: 'supervisor' }, () =>
  run({ kind: 'agent', name: 'desk', role: 'supervisor' }, (op) => {
    const supervisor = new Supervisor(op, [
      { id: 'writer-1', slots: 2, active: 0, broken: false },
      { id: 'writer-2', slots: 1, active: 0, broken: false },
    ]);
    const tasks: readonly Task[] = [
      { name: 'weather', priority: 1, workMs: 900 },
      { name: 'sports', priority: 1, workMs: 150, breaks: true },
      { name: 'markets', priority: 1, workMs: 800 },
      { name: 'recipe', priority: 0, workMs: 300 },
      { name: 'obituary', priority: 1, workMs: 250 },
      { name: 'breaking-news', priority: 9, workMs: 200 },
      { name: 'horoscope', priority: 0, workMs: 300 },
    ];
    for (const task of tasks) {
      const answer = supervisor.submit(task);
      if (answer !== 'taken') console.log(`${task.name}: again in ${answer.retryAfterMs} ms`);
    }
    return supervisor.drain();
  }),
);
console.log(finished.join('\n'));
