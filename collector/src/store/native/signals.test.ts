/** Rows of the signals that are no spans, through the engine and back. */
import * as fc from 'fast-check';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LogRecord } from '../../log-record.ts';
import type { MetricPoint } from '../../metric-point.ts';
import { logArbitrary, oneLog, onePoint, pointArbitrary } from '../log-arbitrary.ts';
import { readSpanLogs, readTraceLogs } from '../read-logs.ts';
import { readPoints } from '../read-points.ts';
import { brokenTextArbitrary } from '../span-arbitrary.ts';
import { startTestStore, type TestStore } from '../testing.ts';
import { createBatch, type Batch, type Stamp } from './batch.ts';

const stamp: Stamp = {
  receivedUnixSeconds: Math.floor(Date.now() / 1000),
  retentionDays: 0,
  contentRetentionDays: 0,
};
const latest = 2n ** 63n - 1n;

let opened: TestStore;
let batch: Batch;

beforeAll(async () => {
  opened = await startTestStore();
  batch = createBatch();
});

afterAll(() => opened.close());

async function write(fill: (batch: Batch) => void): Promise<void> {
  fill(batch);
  for (const { table, pieces } of batch.toBlocks()) {
    const { stream } = await opened.store.client.exec({
      query: `INSERT INTO ${table} FORMAT Native`,
      values: Readable.from([Buffer.concat(pieces)], { objectMode: false }),
      clickhouse_settings: { throw_on_max_partitions_per_insert_block: 0 },
    });
    for await (const _ of stream) continue;
  }
  batch.reset();
}

const writeLogs = (records: readonly LogRecord[]): Promise<void> =>
  write(({ addLog }) => records.forEach((record) => addLog(record, stamp)));

const writePoints = (points: readonly MetricPoint[]): Promise<void> =>
  write(({ addPoint }) => points.forEach((point) => addPoint(point, stamp)));

const newId = (): string => crypto.randomUUID().replaceAll('-', '');

async function readLogs(traceId: string, limit = 100): Promise<readonly LogRecord[]> {
  return (await readTraceLogs(opened.store, 'default', traceId, limit)).records;
}

async function readAllPoints(name: string): Promise<MetricPoint[]> {
  const series = await readPoints(opened.store, 'default', { name, from: 0n, to: latest });
  return series.flatMap(({ points }) => points);
}

/** The store names records itself. */
const toStored = (record: LogRecord) => ({ ...record, id: expect.any(String) as string });

const byTime = (a: LogRecord, b: LogRecord): number =>
  Number(a.timeUnixNano - b.timeUnixNano) || a.position - b.position;

describe('logs', () => {
  test('any canonical record is read back equal', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(logArbitrary, {
          minLength: 1,
          maxLength: 12,
          selector: ({ timeUnixNano }) => timeUnixNano,
        }),
        async (drawn) => {
          const traceId = newId();
          const records = drawn.map((record) => ({ ...record, traceId }));
          await writeLogs(records);
          expect(await readLogs(traceId)).toEqual(records.sort(byTime).map(toStored));
        },
      ),
      { numRuns: 12, endOnFailure: true },
    );
  });

  test('text that is no text does not fail its neighbours', async () => {
    await fc.assert(
      fc.asyncProperty(brokenTextArbitrary, async (text) => {
        const traceId = newId();
        const broken = { ...oneLog, traceId, eventName: text, body: text };
        const plain = { ...oneLog, traceId, position: 1, body: 'plain' };
        await writeLogs([broken, plain]);
        const read = await readLogs(traceId);
        expect(read.map(({ body }) => body)).toEqual([text.toWellFormed(), 'plain']);
      }),
      { numRuns: 6 },
    );
  });

  test('a record that is sent again is shown once, also in another batch and order', async () => {
    const traceId = newId();
    const saying = (body: string): LogRecord => ({ ...oneLog, traceId, body });
    const [a, b, c] = [saying('a'), saying('b'), saying('c')];
    await writeLogs([a, b, b]);
    await writeLogs([c, { ...b, position: 1 }, { ...a, position: 2 }]);
    expect((await readLogs(traceId)).map(({ body }) => body).sort()).toEqual(['a', 'b', 'c']);
    await opened.store.client.command({ query: 'OPTIMIZE TABLE logs FINAL' });
    expect((await readLogs(traceId)).map(({ body }) => body).sort()).toEqual(['a', 'b', 'c']);
  });

  test('a record without a time of its own is shown once too, though it came at two times', async () => {
    const traceId = newId();
    const untimed = { ...oneLog, traceId, flags: 64 };
    await writeLogs([untimed]);
    await writeLogs([{ ...untimed, timeUnixNano: untimed.timeUnixNano + 120_000_000_000n }]);
    expect(await readLogs(traceId)).toHaveLength(1);
  });

  test('the newest are given when there are more, and it is said', async () => {
    const traceId = newId();
    const records = Array.from({ length: 5 }, (_, at) => ({
      ...oneLog,
      traceId,
      timeUnixNano: oneLog.timeUnixNano + BigInt(at),
      body: at,
    }));
    await writeLogs(records);
    const page = await readTraceLogs(opened.store, 'default', traceId, 2);
    expect([page.records.map(({ body }) => body), page.hasOlder]).toEqual([[3, 4], true]);
    expect(await readTraceLogs(opened.store, 'other', traceId, 2)).toEqual({
      records: [],
      hasOlder: false,
    });
  });

  test('a span has its own records, and the evaluations of its answer wherever they were made', async () => {
    const traceId = newId();
    const spanId = '00000000000000aa';
    const responseId = `resp-${traceId}`;
    const score = { name: 'correct', score: 1, label: '', explanation: '' };
    const elsewhere = { ...oneLog, traceId: newId(), responseId };
    await writeLogs([
      { ...oneLog, traceId, spanId, body: 'own' },
      { ...oneLog, traceId, spanId: '00000000000000bb', body: 'of a neighbour' },
      { ...elsewhere, position: 1, fact: 'evaluation', evaluation: score, body: 'late' },
      { ...elsewhere, position: 2, fact: 'llm_call', body: 'no evaluation' },
    ]);
    const span = { traceId, spanId, responseId };
    const bodies = async (one: typeof span): Promise<unknown[]> => {
      const { records } = await readSpanLogs(opened.store, 'default', one, 10);
      return records.map(({ body }) => body);
    };
    expect(await bodies(span)).toEqual(['own', 'late']);
    expect(await bodies({ ...span, responseId: '' })).toEqual(['own']);
  });

  test('what carries messages is kept as long as messages are', async () => {
    const traceId = newId();
    const short: Stamp = { ...stamp, retentionDays: 90, contentRetentionDays: 7 };
    await write(({ addLog }) => {
      addLog({ ...oneLog, traceId, body: 'a' }, short);
      addLog({ ...oneLog, traceId, body: 'b', messageSlot: 'input_messages' }, short);
      addLog(
        { ...oneLog, traceId, body: 'c', messageSlot: 'input' },
        { ...short, retentionDays: 0 },
      );
    });
    const answer = await opened.store.client.query({
      query: 'SELECT retention_days FROM logs WHERE trace_id = {traceId:String} ORDER BY body',
      query_params: { traceId },
      format: 'JSONEachRow',
    });
    expect(await answer.json()).toEqual([90, 7, 7].map((days) => ({ retention_days: days })));
  });
});

describe('metric points', () => {
  test('any canonical point is read back equal', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(pointArbitrary, { minLength: 1, maxLength: 12 }), async (drawn) => {
        const points = drawn.map((point, at) => ({ ...point, name: `${newId()}.${at}` }));
        await writePoints(points);
        for (const point of points) expect(await readAllPoints(point.name)).toEqual([point]);
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });

  test('a point that is sent again is shown once, in whatever order its attributes come', async () => {
    const name = newId();
    const entries = [
      ['model', 'a'],
      ['type', 'input'],
    ] as const;
    const point: MetricPoint = { ...onePoint, name, value: 5, attributes: new Map(entries) };
    await writePoints([point, point]);
    await writePoints([{ ...point, attributes: new Map(entries.toReversed()) }]);
    expect(await readAllPoints(name)).toHaveLength(1);
    await writePoints([{ ...point, attributes: new Map([['model', 'b']]) }]);
    expect(await readAllPoints(name)).toHaveLength(2);
  });

  test('only the range and the project that were asked for', async () => {
    const name = newId();
    const at = (time: bigint): MetricPoint => ({ ...onePoint, name, timeUnixNano: time, value: 1 });
    await writePoints([at(10n), at(20n), at(30n), { ...at(20n), projectId: 'other' }]);
    const [series] = await readPoints(opened.store, 'default', { name, from: 10n, to: 30n });
    expect(series?.points.map(({ timeUnixNano }) => timeUnixNano)).toEqual([10n, 20n]);
  });
});
