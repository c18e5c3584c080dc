/** A thread of its own: judging a large run takes a second, in which the server goes on answering. */
import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { connectToStore, type StoreAddress } from '../../store/connect.ts';
import { createAnalyst } from './analyst.ts';
import { keepCostDays } from './keep-cost-days.ts';
import { createRulesReader } from './read-rules.ts';
import { watchArrivals, type WatchNews } from './watch-arrivals.ts';

export type AnalysisThreadData = { readonly store: StoreAddress };

/** `stored`: there may be news. `hold`: until `go`, let what arrives go first. */
export type AnalysisOrder = 'stored' | 'hold' | 'go' | 'stop';

export type AnalysisNews =
  | WatchNews
  /** Of past days: reports of them take longer. */
  | { readonly type: 'sums failed'; readonly message: string };

const { store } = workerData as AnalysisThreadData;
yieldToTheServer();
const stopping = new AbortController();
const client = connectToStore(store);
const analyst = createAnalyst({
  reader: { client },
  readRules: createRulesReader({ client }),
  now: Date.now,
});

let wake: () => void = () => undefined;
let woken = new Promise<void>((resolve) => (wake = resolve));
let isHeld = false;
parentPort?.on('message', (order: AnalysisOrder) => {
  if (order === 'hold') isHeld = true;
  if (order === 'go') isHeld = false;
  if (order === 'stop') stopping.abort();
  wake();
});

const keeping = keepCostDays({
  client,
  signal: stopping.signal,
  isHeld: () => isHeld,
  tell: (message) =>
    parentPort?.postMessage({ type: 'sums failed', message } satisfies AnalysisNews),
});
await watchArrivals({
  client,
  analyst,
  tell: (news) => parentPort?.postMessage(news),
  signal: stopping.signal,
  isHeld: () => isHeld,
  // The embedded engine takes spans from nobody else.
  idlePollMs: store.engine === 'embedded' ? 30_000 : 5_000,
  woken: async () => {
    await woken;
    woken = new Promise((resolve) => (wake = resolve));
  },
});
await keeping;
await client.close();
// Nothing else is to be heard: an open port would keep the thread.
parentPort?.close();

/** Below the thread that answers senders. Where a thread has no priority of its own it keeps that of the process. */
function yieldToTheServer(): void {
  try {
    const [threadId] = /\d+$/.exec(readlinkSync('/proc/thread-self')) ?? [];
    setPriority(Number(threadId), constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not Linux, or not allowed: then the scheduler decides.
  }
}
