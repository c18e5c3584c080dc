/** Where the time of many runs goes, and who passes to whom. */
import type { Hono } from 'hono';
import {
  criticalPathQuery,
  handoffsQuery,
  type CriticalPathAnswer,
  type HandoffEdge,
  type HandoffMatrix,
} from '../contract.ts';
import { readCriticalPath, type CriticalPathRead } from '../store/read-critical-path.ts';
import { readHandoffs } from '../store/read-handoffs.ts';
import type { Reader } from '../store/read-rows.ts';
import { toReader } from './reader.ts';
import { count, numberAt, text, toMs, type Row } from './row-fields.ts';
import { toRunScope } from './run-scope.ts';
import { toIso } from './time-range.ts';
import { readQuery } from './validate.ts';

export function addPathRoutes(app: Hono, store: Reader): void {
  app.get('/critical-path', async (c) => {
    const query = readQuery(c, criticalPathQuery);
    const { range, scope } = toRunScope(query);
    const read = await readCriticalPath(toReader(store, c), query.project, scope);
    const answer: CriticalPathAnswer = {
      ...toCriticalPath(read),
      from: toIso(range.from),
      to: toIso(range.to),
    };
    return c.json(answer);
  });
  app.get('/handoffs', async (c) => {
    const query = readQuery(c, handoffsQuery);
    const { range, scope } = toRunScope(query);
    const rows = await readHandoffs(toReader(store, c), query.project, scope);
    const answer: HandoffMatrix = {
      edges: rows.map(toEdge),
      from: toIso(range.from),
      to: toIso(range.to),
    };
    return c.json(answer);
  });
}

function toCriticalPath({
  totals,
  shares,
}: CriticalPathRead): Omit<CriticalPathAnswer, 'from' | 'to'> {
  const [runs, slowRuns] = [count(totals, 'runs'), count(totals, 'slow_runs')];
  const [ms, slowMs] = [count(totals, 'ms'), count(totals, 'slow_ms')];
  return {
    runCount: runs,
    p50Ms: runs === 0 ? null : count(totals, 'p50_ns') / 1e6,
    p95Ms: runs === 0 ? null : count(totals, 'p95_ns') / 1e6,
    slowRunCount: slowRuns,
    shares: shares.map((row) => ({
      kind: text(row, 'kind'),
      agent: text(row, 'agent'),
      meanMs: divide(count(row, 'ms'), runs),
      slowMeanMs: divide(count(row, 'slow_ms'), slowRuns),
      share: divide(count(row, 'ms'), ms),
      slowShare: divide(count(row, 'slow_ms'), slowMs),
      costUsd: text(row, 'cost'),
    })),
    costOnPathUsd: text(totals, 'on_path'),
    costOffPathUsd: text(totals, 'off_path'),
  };
}

/** Of nothing, nothing. */
function divide(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

function toEdge(row: Row): HandoffEdge {
  const [accepted, pending, all] = [
    count(row, 'accepted'),
    count(row, 'pending'),
    count(row, 'handoffs'),
  ];
  const hasLatency = count(row, 'with_latency') > 0;
  const hasContext = count(row, 'with_context') > 0;
  return {
    from: text(row, 'source'),
    to: text(row, 'target'),
    count: all,
    accepted,
    refused: count(row, 'refused'),
    failed: count(row, 'failed'),
    pending,
    success: all > pending ? accepted / (all - pending) : null,
    latencyP50Ms: hasLatency ? toMs(numberAt(row, 'latencies', 0)) : null,
    latencyP95Ms: hasLatency ? toMs(numberAt(row, 'latencies', 1)) : null,
    contextTokensP50: hasContext ? numberAt(row, 'contexts', 0) : null,
    contextTokensP95: hasContext ? numberAt(row, 'contexts', 1) : null,
    exampleRunId: text(row, 'example'),
  };
}
