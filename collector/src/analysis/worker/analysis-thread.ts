/** A thread of its own: judging a large run takes a second, in which the server goes on answering. */
import { parentPort, workerData } from 'node:worker_threads';
import { connectToStore, type StoreAddress } from '../../store/connect.ts';
import { createAnalyst } from './analyst.ts';
import { createRulesReader } from './read-rules.ts';
import { watchArrivals } from './watch-arrivals.ts';

export type AnalysisThreadData = { readonly store: StoreAddress };

/** `stored`: there may be news. */
export type AnalysisOrder = 'stored' | 'stop';

const { store } = workerData as AnalysisThreadData;
const stopping = new AbortController();
const client = connectToStore(store);
const analyst = createAnalyst({
  reader: { client },
  readRules: createRulesReader({ client }),
  now: Date.now,
});

let wake: () => void = () => undefined;
let woken = new Promise<void>((resolve) => (wake = resolve));
parentPort?.on('message', (order: AnalysisOrder) => {
  if (order === 'stop') stopping.abort();
  wake();
});

await watchArrivals({
  client,
  analyst,
  tell: (news) => parentPort?.postMessage(news),
  signal: stopping.signal,
  woken: async () => {
    await woken;
    woken = new Promise((resolve) => (wake = resolve));
  },
});
await client.close();
// Nothing else is to be heard: an open port would keep the thread.
parentPort?.close();
