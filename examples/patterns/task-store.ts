/**
 * A task state store.
 *
 * What was asked of the agents is kept as tasks with a state each. Only allowed transitions are made, a failed task may
 * be tried again, and at any moment the store tells how many tasks stand where and how many of all are done.
 *
 * You will see a step of type `task` for every time an agent works on a task, with its id and attempt; a second attempt
 * linked `retries` to the first; the breakdown and the completion rate on the workflow, written there as attributes of
 * your own; and, because a task was given up, the event `partial` and the outcome `partial`.
 */
import { emit, init, run, type Carrier } from '@orchescope/sdk';

init({ serviceName: 'task-store' });

const transitions = {
  pending: ['running', 'cancelled'],
  running: ['done', 'failed'],
  failed: ['running', 'cancelled'],
  done: [],
  cancelled: [],
} as const satisfies { readonly [from: string]: readonly string[] };
type Status = keyof typeof transitions;
type Task = { readonly id: string; readonly agent: string; status: Status; attempt: number };

class TaskStore {
  readonly #tasks = new Map<string, Task>();

  add(id: string, agent: string): void {
    this.#tasks.set(id, { id, agent, status: 'pending', attempt: 0 });
  }

  move(id: string, to: Status): Task {
    const task = this.#tasks.get(id);
    if (!task) throw new Error(`there is no task ${id}`);
    const allowed: readonly string[] = transitions[task.status];
    if (!allowed.includes(to)) throw new Error(`task ${id} is ${task.status}, it cannot be ${to}`);
    task.status = to;
    if (to === 'running') task.attempt += 1;
    return task;
  }

  next(attemptsAtMost: number): Task | undefined {
    const open = [...this.#tasks.values()].filter(
      ({ status, attempt }) =>
        status === 'pending' || (status === 'failed' && attempt < attemptsAtMost),
    );
    // Fresh tasks first: a task that keeps failing must not hold up the others.
    return open.toSorted((a, b) => a.attempt - b.attempt)[0];
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
const lastTries = new Map<string, Carrier>();

async function attempt(store: TaskStore, id: string): Promise<void> {
  const task = store.move(id, 'running');
  const before = lastTries.get(id);
  const links = before ? [{ to: before, rel: 'retries' as const }] : [];
  const spec = { kind: 'step', name: id, type: 'task', id, attempt: task.attempt, links } as const;
  try {
    await run(spec, (op) => {
      lastTries.set(id, op.carrier());
      return run({ kind: 'agent', name: task.agent }, () => work(task));
    });
    store.move(id, 'done');
  } catch (error) {
    store.move(id, 'failed');
    if (task.attempt < attemptsAtMost)
      emit({
        type: 'retry',
        attempt: task.attempt,
        max: attemptsAtMost,
        reason: (error as Error).message,
      });
  }
}

await run({ kind: 'workflow', name: 'digest' }, async (op) => {
  const store = new TaskStore();
  store.add('fetch', 'reader');
  store.add('summarise', 'writer');
  store.add('archive', 'librarian');
  store.add('announce', 'herald');
  store.move('announce', 'cancelled'); // somebody changed their mind
  for (let task = store.next(attemptsAtMost); task; task = store.next(attemptsAtMost)) {
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
