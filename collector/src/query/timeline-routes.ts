import { eventAttributes, metricNames } from '@orchescope/sdk/attributes';
import type { Hono } from 'hono';
import { timelineQuery, type BreakerTimelines, type QueueTimelines } from '../contract.ts';
import { readBreakerTimelines, readQueueDepths, readQueueTakes } from '../store/read-timelines.ts';
import type { Reader } from '../store/read-rows.ts';
import { toReader } from './reader.ts';
import { count, listOf, text, toMs, type Row } from './row-fields.ts';
import { toRunScope } from './run-scope.ts';
import { toIso } from './time-range.ts';
import { readQuery } from './validate.ts';
import { toTimes, toWindows } from './windows.ts';

const depthGauge = { name: metricNames.queueDepth, queueKey: eventAttributes.queue.name };

export function addTimelineRoutes(app: Hono, store: Reader): void {
  app.get('/timelines/breakers', async (c) => {
    const query = readQuery(c, timelineQuery);
    const { range, scope } = toRunScope(query);
    const rows = await readBreakerTimelines(toReader(store, c), query.project, scope);
    const answer: BreakerTimelines = {
      breakers: rows.map(toBreaker),
      from: toIso(range.from),
      to: toIso(range.to),
    };
    return c.json(answer);
  });
  app.get('/timelines/queues', async (c) => {
    const query = readQuery(c, timelineQuery);
    const { range, scope } = toRunScope(query);
    const windows = toWindows(range, 'auto');
    const reader = toReader(store, c);
    const [taken, depths] = await Promise.all([
      readQueueTakes(reader, query.project, scope, windows),
      readQueueDepths(reader, query.project, scope, windows, depthGauge),
    ]);
    const answer: QueueTimelines = {
      stepSeconds: windows.stepSeconds,
      times: toTimes(windows),
      queues: toQueues(taken, depths, windows.count),
      from: toIso(range.from),
      to: toIso(range.to),
    };
    return c.json(answer);
  });
}

type Breaker = BreakerTimelines['breakers'][number];
type TransitionRow = readonly [string, string, string, string];

function toBreaker(row: Row): Breaker {
  const transitions = (listOf(row, 'transitions') as readonly TransitionRow[]).map(
    ([timeUnixNano, state, runId, spanId]) => ({
      state: state as Breaker['state'],
      timeUnixNano,
      runId,
      spanId,
    }),
  );
  return {
    breaker: text(row, 'breaker'),
    opens: count(row, 'opens'),
    state: transitions.at(-1)?.state ?? 'closed',
    transitions,
  };
}

type Queue = QueueTimelines['queues'][number];
type WindowRow = readonly [number, string, string, string, readonly string[]];

/** Queues that runs took from, then those of which only the depth is known. */
function toQueues(taken: readonly Row[], depths: readonly Row[], windows: number): Queue[] {
  const queues = new Map<string, Queue>();
  for (const row of taken) {
    const queue = newQueue(text(row, 'queue'), windows);
    for (const window of listOf(row, 'windows') as readonly WindowRow[]) fill(queue, window);
    queues.set(queue.queue, queue);
  }
  for (const row of depths) {
    const name = text(row, 'queue');
    const queue = queues.get(name) ?? newQueue(name, windows);
    queue.depth[count(row, 'at')] = count(row, 'depth');
    queues.set(name, queue);
  }
  return [...queues.values()];
}

function newQueue(queue: string, windows: number): Queue {
  const fillWith = <T>(value: T): T[] => Array.from({ length: windows }, () => value);
  return {
    queue,
    taken: fillWith(0),
    failed: fillWith(0),
    waitP50Ms: fillWith<number | null>(null),
    waitP95Ms: fillWith<number | null>(null),
    depth: fillWith<number | null>(null),
  };
}

function fill(queue: Queue, [at, taken, failed, withWait, waits]: WindowRow): void {
  queue.taken[at] = Number(taken);
  queue.failed[at] = Number(failed);
  if (Number(withWait) === 0) return;
  queue.waitP50Ms[at] = toMs(Number(waits[0]));
  queue.waitP95Ms[at] = toMs(Number(waits[1]));
}
