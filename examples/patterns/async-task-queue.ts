/**
 * An asynchronous task queue: asked now, done later, the urgent first.
 *
 * A request is answered with a task's id at once; workers do the task later, the urgent ones first. A task that fails
 * goes back into the queue, not before a pause, and the one who asked can look at its state at any time.
 *
 * You will see `send` spans in the trace of the request, and a `process` span in a trace of its own for every attempt of
 * a worker, linked `caused_by` to the send, with the time in the queue and the number of the attempt. The events
 * `queue` give depth and priority. All belong to one run.
 */
import { emit, init, run, type Carrier } from '@orchescope/sdk';
import { createVirtualClock } from './virtual-clock.ts';

init({ serviceName: 'async-task-queue' });

const clock = createVirtualClock();

type Task = {
  readonly id: string;
  readonly ms: number;
  /** Higher goes first. */
  readonly priority: number;
  readonly sent: Carrier;
  attempt: number;
  dueMs: number;
  state: 'queued' | 'running' | 'done' | 'failed';
};

const destination = 'reports';
const system = 'inproc';
const attemptsAtMost = 3;
const pauseMs = 150;

class TaskQueue {
  readonly #tasks: Task[] = [];

  submit(id: string, ms: number, priority = 0): Task {
    const place = { system, destination, messageId: id };
    return run({ kind: 'send', name: 'submit', ...place }, (op) => {
      const sent = op.carrier();
      const dueMs = clock.now();
      const task: Task = { id, ms, priority, sent, attempt: 0, dueMs, state: 'queued' };
      this.#tasks.push(task);
      emit({ type: 'queue', name: destination, depth: this.depth, priority });
      return task;
    });
  }

  get depth(): number {
    return this.#tasks.filter(({ state }) => state === 'queued').length;
  }

  get settled(): boolean {
    return this.#tasks.every(({ state }) => state === 'done' || state === 'failed');
  }

  /** The most urgent task that is due, in order of arrival among equals. */
  take(): Task | undefined {
    const due = this.#tasks.filter(
      ({ state, dueMs }) => state === 'queued' && dueMs <= clock.now(),
    );
    return due.toSorted((a, b) => b.priority - a.priority)[0];
  }
}

/** `flaky` fails at its first attempt, `hopeless` at every one. */
async function work({ id, ms, attempt }: Task): Promise<void> {
  await clock.sleep(ms);
  if (id === 'hopeless' || (id === 'flaky' && attempt === 1)) throw new RangeError('no data yet');
}

async function handle(queue: TaskQueue, task: Task): Promise<void> {
  const queuedMs = clock.now() - task.dueMs;
  task.attempt += 1;
  task.state = 'running';
  const { attempt, priority } = task;
  const place = { system, destination, messageId: task.id, attempt, queuedMs };
  const links = [{ to: task.sent, rel: 'caused_by' as const }];
  await run({ kind: 'process', name: 'work', ...place, parent: null, links }, async (op) => {
    op.emit({ type: 'queue', name: destination, depth: queue.depth, priority });
    try {
      await run({ kind: 'agent', name: 'reporter' }, () => work(task));
      task.state = 'done';
    } catch (error) {
      const again = attempt < attemptsAtMost;
      task.state = again ? 'queued' : 'failed';
      task.dueMs = clock.now() + pauseMs;
      const reason = (error as Error).message;
      if (again) op.emit({ type: 'retry', attempt, max: attemptsAtMost, delayMs: pauseMs, reason });
      throw error;
    }
  }).catch((error: Error) => console.log(`${task.id}, attempt ${attempt}: ${error.message}`));
}

async function startWorker(queue: TaskQueue): Promise<void> {
  while (!queue.settled) {
    const task = queue.take();
    if (task) await handle(queue, task);
    else await clock.sleep(10);
  }
}

await run({ kind: 'workflow', name: 'monthly-reports', pattern: 'queue' }, async (op) => {
  const queue = new TaskQueue();
  const tasks = [
    queue.submit('sales', 100),
    queue.submit('flaky', 50),
    queue.submit('hopeless', 30),
    queue.submit('for-the-boss', 40, 9),
  ];
  console.log('submitted:', tasks.map(({ id, state }) => `${id} ${state}`).join(', '));
  await Promise.all([startWorker(queue), startWorker(queue)]);
  console.log('at the end:', tasks.map(({ id, state }) => `${id} ${state}`).join(', '));
  const failed = tasks.filter(({ state }) => state === 'failed').length;
  op.emit({ type: 'partial', ok: tasks.length - failed, failed }).set({ outcome: 'partial' });
});
