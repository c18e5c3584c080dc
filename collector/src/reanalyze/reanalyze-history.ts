/**
 * Has the runs of a range judged again, by the rules and thresholds of today. The analysis thread does it, as it does
 * with what has just arrived; here its traces are handed to it, a bounded number at a time. Safe to stop at any point.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { analysisVersion } from '../analysis/analysis-version.ts';
import { rulesKeptMs } from '../analysis/worker/read-rules.ts';
import type { AnalysisStatus } from '../analysis/worker/start-analysis.ts';
import type { AnalyzeLine } from '../contract.ts';
import { readProjects } from '../store/read-projects.ts';
import type { Reader } from '../store/read-rows.ts';
import {
  countTraces,
  readTraceIds,
  requeueTraces,
  type TraceRange,
} from '../store/requeue-traces.ts';

export type ReanalysisParts = {
  readonly store: Pick<Reader, 'client'>;
  /** Has the analysis thread look at once. */
  readonly wake: () => void;
  readonly status: () => Pick<AnalysisStatus, 'reached' | 'tracesGivenUp'>;
  readonly tracesPerChunk?: number;
};

export type ReanalysisPlan = {
  /** Null = all of them. */
  readonly projectId: string | null;
  readonly range: TraceRange;
};

/** What arrives meanwhile waits for no more than a chunk. */
const usualChunk = 1_000;
const pollMs = 100;
/** A turn of the largest runs takes a minute or two. */
const patienceMs = 600_000;

type Chunk = { readonly projectId: string; readonly traceIds: readonly string[] };

/** The last line is the summary. @throws when the signal is aborted */
export async function* reanalyzeHistory(
  plan: ReanalysisPlan,
  parts: ReanalysisParts,
  signal: AbortSignal,
): AsyncGenerator<AnalyzeLine> {
  const reader = { client: parts.store.client, signal };
  // What was set just before this was asked for is known to the thread by then.
  await sleep(rulesKeptMs, undefined, { signal });
  const projects = await toProjects(plan, reader);
  const counts = await Promise.all(
    projects.map((projectId) => countTraces(reader, projectId, plan.range)),
  );
  const traces = counts.reduce((sum, count) => sum + count, 0);
  const failedBefore = parts.status().tracesGivenUp;
  let done = 0;
  for (const projectId of projects) {
    for await (const chunk of readChunks(reader, projectId, plan.range, parts)) {
      await judgeAgain(chunk, parts, signal);
      done += chunk.traceIds.length;
      yield { type: 'progress', traces, done };
    }
  }
  const failed = Math.min(done, parts.status().tracesGivenUp - failedBefore);
  yield { type: 'summary', traces: done, failed, analysisVersion };
}

async function toProjects({ projectId }: ReanalysisPlan, reader: Reader): Promise<string[]> {
  return projectId === null ? (await readProjects(reader)).map(({ id }) => id) : [projectId];
}

async function* readChunks(
  reader: Reader,
  projectId: string,
  range: TraceRange,
  { tracesPerChunk: limit = usualChunk }: ReanalysisParts,
): AsyncGenerator<Chunk> {
  for (let after = ''; ;) {
    const traceIds = await readTraceIds(reader, projectId, range, { after, limit });
    if (traceIds.length > 0) yield { projectId, traceIds };
    if (traceIds.length < limit) return;
    after = traceIds.at(-1) ?? '';
  }
}

/** Resolves when all of them were looked at, by a look that began after they had arrived. */
async function judgeAgain(
  { projectId, traceIds }: Chunk,
  parts: ReanalysisParts,
  signal: AbortSignal,
): Promise<void> {
  await untilJudged(await requeueTraces(parts.store.client, projectId, traceIds), parts, signal);
}

/** Resolves when what had arrived by then was looked at. @throws when nothing is heard of the thread for too long */
export async function untilJudged(
  arrivedAtMs: number,
  { wake, status }: Pick<ReanalysisParts, 'wake' | 'status'>,
  signal: AbortSignal,
): Promise<void> {
  const sentMs = Date.now();
  wake();
  const isDone = (): boolean => {
    const { reached } = status();
    return reached.asOfMs >= sentMs && reached.arrivedAtMs >= arrivedAtMs;
  };
  while (!isDone()) {
    await sleep(pollMs, undefined, { signal });
    if (Date.now() - Math.max(sentMs, status().reached.asOfMs) < patienceMs) continue;
    throw new Error(
      'judge history again: nothing was heard of the analysis thread for ten minutes',
    );
  }
}
