/**
 * Prices stored calls again by the prices of today for the time they were made. Safe to stop at any point and to begin
 * again: a row is written whole, and what is right already is not written.
 */
import type { RepriceLine, Repricing } from '../contract.ts';
import type { Pricer } from '../ingest/pricing/pricer.ts';
import { untilJudged, type ReanalysisParts } from '../reanalyze/reanalyze-history.ts';
import type { StoredDay } from '../remap/read-stored.ts';
import type { TimeRange } from '../remap/stored-span-sql.ts';
import { readProjects } from '../store/read-projects.ts';
import type { Reader } from '../store/read-rows.ts';
import { requeueTraces } from '../store/requeue-traces.ts';
import { beginTurn, type Turn } from '../turn.ts';
import { createDifference, type Difference } from './difference.ts';
import { readCallDays, readCalls, type StoredChunk, type Stretch } from './read-calls.ts';
import { isSameCost, repriceCall } from './reprice-call.ts';
import type { RepricingLog } from './repricing-log.ts';
import type { NewPrice } from './stored-call-sql.ts';
import { writeNewPrices } from './write-new-prices.ts';

export type RepriceHistoryParts = ReanalysisParts & {
  readonly priceFor: (projectId: string) => Pricer;
  readonly repricings: RepricingLog;
};

export type RepricePlan = {
  /** Null = all of them. */
  readonly projectId: string | null;
  readonly range: TimeRange;
  readonly dryRun: boolean;
  /** Rises with every pricing again. */
  readonly edition: number;
  /** For the log: as it was asked for, and by whom. */
  readonly asked: Pick<Repricing, 'by' | 'from' | 'to'>;
};

type Sums = { readonly difference: Difference; rows: number };

type Work = {
  readonly plan: RepricePlan;
  readonly parts: RepriceHistoryParts;
  readonly signal: AbortSignal;
  readonly turn: Turn;
  /** Rows whose runs were not judged again yet, and the trace of the last of them. */
  readonly unjudged: { rows: number; traceId: string };
  /** Of all projects together, and of the one that is looked at. */
  readonly sums: readonly Sums[];
};

/** The last line is the summary. @throws when the signal is aborted */
export async function* repriceHistory(
  plan: RepricePlan,
  parts: RepriceHistoryParts,
  signal: AbortSignal,
): AsyncGenerator<RepriceLine> {
  const reader = { client: parts.store.client, signal };
  const all = newSums();
  for (const projectId of await toProjects(plan, reader)) {
    const own = newSums();
    const work = {
      plan,
      parts,
      signal,
      turn: beginTurn(),
      unjudged: { rows: 0, traceId: '' },
      sums: [all, own],
    };
    const write = parts.repricings.begin(projectId);
    const startedAt = new Date().toISOString();
    const tell = (state: Repricing['state']): Promise<void> =>
      write({ startedAt, ...plan.asked, state, ...toOutcome(plan, own) });
    await tell('running');
    let state: Repricing['state'] = 'failed';
    try {
      yield* repriceProject({ reader, projectId, range: plan.range }, work);
      state = 'done';
    } finally {
      // Also when whoever asked has left.
      await tell(state);
    }
  }
  yield { type: 'summary', ...toOutcome(plan, all) };
}

const newSums = (): Sums => ({ difference: createDifference(), rows: 0 });

function toOutcome({ dryRun }: RepricePlan, { difference, rows }: Sums) {
  return { dryRun, models: difference.models(), total: difference.total(), rows };
}

async function toProjects({ projectId }: RepricePlan, reader: Reader): Promise<string[]> {
  return projectId === null ? (await readProjects(reader)).map(({ id }) => id) : [projectId];
}

/** What senders send waits for no more than the runs of so many. */
const rowsPerJudgement = 5_000;

async function* repriceProject(stretch: Stretch, work: Work): AsyncGenerator<RepriceLine> {
  const days = await readCallDays(stretch);
  for (const [at, day] of days.entries()) {
    yield* repriceDay(stretch, day, work, at === days.length - 1 ? 1 : rowsPerJudgement);
  }
}

async function* repriceDay(
  stretch: Stretch,
  { day, range, rows: calls }: StoredDay,
  work: Work,
  /** So many at its end, and they are judged. */
  fewest: number,
): AsyncGenerator<RepriceLine> {
  const project = stretch.projectId;
  let [read, rows] = [0, 0];
  const tell = (done: boolean): RepriceLine => {
    return { type: 'progress', project, day, calls, read, rows, done };
  };
  yield tell(false);
  for await (const chunk of readCalls({ ...stretch, range })) {
    work.signal.throwIfAborted();
    const prices = await repriceChunk(chunk, project, work);
    if (!work.plan.dryRun && prices.length > 0) {
      await writeNewPrices({ ...stretch, range }, chunk.keys, prices, work.plan.edition);
      work.unjudged.rows += prices.length;
      work.unjudged.traceId = chunk.calls.at(-1)?.traceId ?? '';
    }
    read += chunk.calls.length;
    rows += prices.length;
    for (const sums of work.sums) sums.rows += prices.length;
    yield tell(false);
    if (work.unjudged.rows >= rowsPerJudgement) yield* judge(stretch, work, tell);
  }
  if (work.unjudged.rows >= fewest) yield* judge(stretch, work, tell);
  yield tell(true);
}

async function repriceChunk(
  { calls }: StoredChunk,
  projectId: string,
  { parts, turn, sums }: Work,
): Promise<NewPrice[]> {
  const prices: NewPrice[] = [];
  const price = parts.priceFor(projectId);
  for (const stored of calls) {
    const { provider, modelAnswered, modelRequested } = stored.call;
    const after = repriceCall(stored, price);
    const model = modelAnswered === '' ? modelRequested : modelAnswered;
    for (const { difference } of sums) difference.add({ provider, model }, stored.cost, after);
    if (!isSameCost(stored.cost, after)) {
      const { costUsd, computedCostUsd, ...rest } = after;
      const amounts = { costUsd: costUsd ?? '', computedCostUsd: computedCostUsd ?? '' };
      prices.push({ copy: stored.copy, ...rest, ...amounts });
    }
    if (turn.isOver()) await turn.next();
  }
  return prices;
}

/** Between two lines, or whoever waits for them gives up. */
const lineMs = 10_000;

/**
 * New rows have arrived, as any do, and their runs are judged again: that is waited for. The last trace arrives once more,
 * to know how far that is.
 */
async function* judge(
  { projectId }: Stretch,
  { parts, signal, unjudged }: Work,
  tell: (done: boolean) => RepriceLine,
): AsyncGenerator<RepriceLine> {
  const arrivedAtMs = await requeueTraces(parts.store.client, projectId, [unjudged.traceId]);
  const judged = untilJudged(arrivedAtMs, parts, signal).then(() => true);
  // Nobody waits for it any more when whoever asked has left between two lines.
  judged.catch(() => undefined);
  while (!(await Promise.race([judged, later()]))) yield tell(false);
  unjudged.rows = 0;
}

function later(): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), lineMs).unref());
}
