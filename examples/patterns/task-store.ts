/**
 * A task state store: what was asked of the agents, where each task stands, how many are done.
 *
 * What was asked of the agents is kept as tasks with a state each. Only allowed transitions are made, a failed attempt
 * may be repeated, and at any moment the store tells how many tasks stand where and how many of all are done.
 *
 * You will see a step of type `task` for each task, open from the moment it was added until it is settled, with one step
 * `attempt` below it for every time an agent worked on it, the second linked `retries` to the first. A cancelled task
 * ends `cancelled`, which is no error. The breakdown and the completion rate are on the workflow, written there as
 * attributes of your own; the metric `orchescope.tasks` counts tasks by outcome.
 */
import { init, run, start, type Carrier, type Op } from '@orchescope/sdk';

init({ serviceName: 'task-store' });

const transitions = {
  pending: ['running', 'cancelled'],
  running: ['done', 'pending', 'failed'],
  done: [],
  failed: [],
  cancelled: [],
} as const satisfies { readonly [from: string]: readonly string[] };
type Status = keyof typeof transitions;

type Task = {
  readonly id: string;
  readonly agent: string;
  /** Its span: open as long as the task is. */
  readonly op: Op<'step'>;
  status: Status;
  attempt: number;
  lastTry: Carrier | undefined;
};

class TaskStore {
  readonly #tasks = new Map<string, Task>();

  add(id: string, agent: string): void {
    const op = start({ kind: 'step', name: id, type: 'task', id });
    this.#tasks.set(id, { id, agent, op, status: 'pending', attempt: 0, lastTry: undefined });
  }

  move(id: string, to: Status, error?: unknown): Task {
    const task = this.#tasks.get(id);
    if (!task) throw new Error(`there is no task ${id}`);
    const allowed: readonly string[] = transitions[task.status];
    if (!allowed.includes(to)) throw new Error(`task ${id} is ${task.status}, it cannot be ${to}`);
    task.status = to;
    if (to === 'running') task.attempt += 1;
    if (to === 'done' || to === 'failed' || to === 'cancelled') task.op.end(error);
    return task;
  }

  /** The pending task tried least: one that keeps failing must not hold up the others. */
  next(): Task | undefined {
    const pending = [...this.#tasks.values()].filter(({ status }) => status === 'pending');
    return pending.toSorted((a, b) => a.attempt - b.attempt)[0];
  }

  breakdown(): Record<Status, number> {
    const counts = { pending: 0, running: 0, done: 0, failed: 0, cancelled: 0 };
    for (const { status } of this.#tasks.values()) counts[status] += 1;
    return counts;
  }

  completionRate(): number {
    return this.#tasks.size === 0 ? 1 : this.breakdown().done / this.#tasks.size;
  }
}

/** `summarise` stumbles once, `archive` always. */
async function work({ id, attempt }: Task): Promise<void> {
  if (id === 'summarise' && attempt === 1) throw new RangeError('the text is too long');
  if (id === 'archive') throw new TypeError('the archive is read-only');
}

const attemptsAtMost = 2;

async function attempt(store: TaskStore, id: string): Promise<void> {
  const task = store.move(id, 'running');
  const { op, attempt, lastTry } = task;
  const links = lastTry ? [{ to: lastTry, rel: 'retries' as const }] : [];
  const spec = { kind: 'step', name: 'try', type: 'attempt', attempt, links } as const;
  try {
    await run({ ...spec, parent: op.context }, (tried) => {
      task.lastTry = tried.carrier();
      return run({ kind: 'agent', name: task.agent }, () => work(task));
    });
    store.move(id, 'done');
  } catch (error) {
    if (attempt === attemptsAtMost) return void store.move(id, 'failed', error);
    op.emit({ type: 'retry', attempt, max: attemptsAtMost, reason: (error as Error).message });
    store.move(id, 'pending');
  }
}

await run({ kind: 'workflow', name: 'digest' }, async (op) => {
  const store = new TaskStore();
  store.add('fetch', 'reader');
  store.add('summarise', 'writer');
  store.add('archive', 'librarian');
  store.add('announce', 'herald');
  store.move(
    'announce',
    'cancelled',
    new DOMException('somebody changed their mind', 'AbortError'),
  );
  for (let task = store.next(); task; task = store.next()) {
    await attempt(store, task.id);
    console.log(`after ${task.id}, attempt ${task.attempt}:`, store.breakdown());
  }
  const { done, failed } = store.breakdown();
  for (const [status, count] of Object.entries(store.breakdown()))
    op.span.setAttribute(`tasks.${status}`, count);
  op.span.setAttribute('tasks.completion_rate', store.completionRate());
  if (failed > 0) op.set({ outcome: 'partial' }).emit({ type: 'partial', ok: done, failed });
  console.log(`completion rate ${store.completionRate() * 100} %`);
});
