/** Keeps one analysis thread running beside the server, and knows how it is doing. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { StoreAddress } from '../../store/connect.ts';
import type { AnalysisNews, AnalysisOrder, AnalysisThreadData } from './analysis-thread.ts';
import type { Reached, WatchNews } from './watch-arrivals.ts';

export type AnalysisStatus = {
  /** Since the server started. */
  readonly traces: number;
  readonly spans: number;
  readonly runs: number;
  readonly findings: number;
  readonly seconds: number;
  /** Verdicts that are missing, by detector. */
  readonly failedDetectors: ReadonlyMap<string, number>;
  /** Turns that failed, and traces that were given up after several. */
  readonly failures: number;
  readonly tracesGivenUp: number;
  readonly threadRestarts: number;
  readonly reached: Reached;
};

export type Analysis = {
  readonly status: () => AnalysisStatus;
  /** Spans were stored: without it they are noticed a few seconds later. */
  readonly wake: () => void;
  /** Resolves when what was under way is done. */
  readonly close: () => Promise<void>;
};

export type AnalysisOptions = {
  readonly store: StoreAddress;
  /** What arrives keeps the store busy: verdicts wait, up to a point. Asked often. */
  readonly isStoreBusy?: () => boolean;
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void;
};

const restartMs = 1_000;
const closeLimitMs = 5_000;
const lookEveryMs = 500;
/** A run of the most spans that are analysed takes half of this. */
const maxHeapMb = 1_024;

export function startAnalysis({
  store,
  isStoreBusy = () => false,
  warn,
}: AnalysisOptions): Analysis {
  const status = newStatus();
  let worker: Worker | null = null;
  let isClosed = false;
  let restart: NodeJS.Timeout | undefined;
  let isHeld = false;

  const order = (word: AnalysisOrder): void => worker?.postMessage(word);
  const look = setInterval(() => {
    if (isStoreBusy() === isHeld) return;
    isHeld = !isHeld;
    order(isHeld ? 'hold' : 'go');
  }, lookEveryMs);
  look.unref();

  const start = (): void => {
    worker = startThread({ store });
    if (isHeld) order('hold');
    worker.on('message', (news: AnalysisNews) => {
      if (news.type === 'sums failed') {
        warn('costs of past days were not added up, it is tried again', { ...news });
        return;
      }
      note(status, news);
      if (news.type === 'failed') warn('analysis of runs failed, it is tried again', { ...news });
    });
    worker.on('error', (error) => warn('the analysis thread broke', { error }));
    worker.once('exit', () => {
      worker = null;
      if (isClosed) return;
      status.threadRestarts += 1;
      restart = setTimeout(start, restartMs);
    });
  };
  start();

  return {
    status: () => status,
    wake: () => order('stored'),
    close: async () => {
      isClosed = true;
      clearInterval(look);
      clearTimeout(restart);
      await stop(worker);
    },
  };
}

/** The entry beside this file in source, and beside the bundle in dist. */
function startThread(workerData: AnalysisThreadData): Worker {
  const inSource = fileURLToPath(new URL('./analysis-thread.ts', import.meta.url));
  const inBundle = fileURLToPath(new URL('./analysis.js', import.meta.url));
  // Under `node --watch` the loader would send us the names of modules.
  const { WATCH_REPORT_DEPENDENCIES: _, ...env } = process.env;
  return new Worker(existsSync(inSource) ? inSource : inBundle, {
    workerData,
    env,
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
  });
}

async function stop(worker: Worker | null): Promise<void> {
  if (worker === null) return;
  const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.postMessage('stop' satisfies AnalysisOrder);
  const giveUp = setTimeout(() => void worker.terminate(), closeLimitMs);
  await gone;
  clearTimeout(giveUp);
}

type MutableStatus = { -readonly [K in keyof AnalysisStatus]: AnalysisStatus[K] } & {
  readonly failedDetectors: Map<string, number>;
};

function newStatus(): MutableStatus {
  return {
    traces: 0,
    spans: 0,
    runs: 0,
    findings: 0,
    seconds: 0,
    failedDetectors: new Map(),
    failures: 0,
    tracesGivenUp: 0,
    threadRestarts: 0,
    reached: { arrivedAtMs: 0, asOfMs: 0, waiting: 0, lagMs: 0 },
  };
}

function note(status: MutableStatus, news: WatchNews): void {
  if (news.type === 'failed') {
    status.failures += 1;
    status.tracesGivenUp += news.givenUp.length;
    return;
  }
  if (news.type === 'reached') {
    status.reached = news;
    return;
  }
  const { tally, tookMs } = news;
  status.traces += tally.traces;
  status.spans += tally.spans;
  status.runs += tally.runs;
  status.findings += tally.findings;
  status.seconds += tookMs / 1000;
  for (const kind of tally.failedDetectors) {
    status.failedDetectors.set(kind, (status.failedDetectors.get(kind) ?? 0) + 1);
  }
}
