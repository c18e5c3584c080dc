import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { RemapLine } from '../contract.ts';
import { mapperVersion } from '../mapper-version.ts';
import type { Span } from '../span.ts';
import { createBatchWriter } from '../store/batch-writer.ts';
import { latestTimeUnixNano } from '../store/clickhouse-time.ts';
import { readSpan } from '../store/read-span.ts';
import { oneSpan } from '../store/span-arbitrary.ts';
import type { BatchWriter } from '../store/store.ts';
import { startTestStore, type TestStore } from '../store/testing.ts';
import { toContentAttributes } from './content-attributes.ts';
import { splitContent } from './event-content.ts';
import { remapHistory, type HistoryParts, type RemapPlan } from './remap-history.ts';
import { readStoredSpans } from './read-stored.ts';
import { ingest, ingestFixtures, insertBlocks, price, writeOld } from './remap.testing.ts';
import { requestArbitrary } from './request-arbitrary.testing.ts';

vi.setConfig({ testTimeout: 120_000 });

let opened: TestStore;
let writer: BatchWriter;

beforeAll(async () => {
  opened = await startTestStore();
  writer = createBatchWriter({
    commit: async (blocks, whenStored) => {
      await insertBlocks(opened.store, blocks);
      whenStored?.();
    },
  });
});

afterAll(() => opened.close());

const everything = { fromUnixNano: 0n, toUnixNano: latestTimeUnixNano };
type Summary = Extract<RemapLine, { type: 'summary' }>;

function start(plan: Partial<RemapPlan>, signal = new AbortController().signal) {
  const parts: HistoryParts = {
    store: opened.store,
    writer,
    priceFor: () => price,
    retentionOf: () => ({ contentDays: 0 }),
  };
  const whole: RemapPlan = { projectId: null, range: everything, dryRun: false, ...plan };
  return remapHistory(whole, parts, signal);
}

async function remap(plan: Partial<RemapPlan> = {}): Promise<Summary> {
  let last: RemapLine | undefined;
  for await (const line of start(plan)) last = line;
  if (last?.type !== 'summary') throw new Error('the last line is no summary');
  return last;
}

const read = (span: Span) => readSpan(opened.store, span.projectId, span.traceId, span.spanId);

async function query(sql: string): Promise<unknown[]> {
  const answer = await opened.store.client.query({ query: sql, format: 'JSONEachRow' });
  return answer.json();
}

async function optimize(): Promise<void> {
  for (const table of ['spans', 'content']) {
    await opened.store.client.command({ query: `OPTIMIZE TABLE ${table} FINAL` });
  }
}

let projects = 0;
const newProject = (): string => `project ${(projects += 1)}`;

/** As a mapping that knew no dialect at all would have made it: what is content now was an attribute. */
function toIgnorant(span: Span): Span {
  const { ofAttributes } = splitContent(span, false);
  const attributes = [...span.attributes, ...toContentAttributes(ofAttributes).attributes];
  return {
    ...oneSpan,
    projectId: span.projectId,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    traceState: span.traceState,
    name: span.name,
    kind: 'other',
    dialect: 'otel',
    otelKind: span.otelKind,
    startTimeUnixNano: span.startTimeUnixNano,
    endTimeUnixNano: span.endTimeUnixNano,
    status: span.status,
    statusMessage: span.statusMessage,
    flags: span.flags,
    serviceName: span.serviceName,
    scopeName: span.scopeName,
    scopeVersion: span.scopeVersion,
    stepIndex: -1,
    attributes: new Map(attributes),
    resourceAttributes: span.resourceAttributes,
    scopeAttributes: span.scopeAttributes,
    events: span.events,
    links: span.links,
    droppedAttributes: span.droppedAttributes,
    droppedEvents: span.droppedEvents,
    droppedLinks: span.droppedLinks,
  };
}

/** As a mapping that took everything for something else, the messages too. */
function toMistaken(span: Span): Span {
  return {
    ...span,
    kind: 'step',
    rawKind: 'wrong',
    dialect: 'codex',
    agentName: 'wrong',
    conversationId: `wrong ${span.conversationId}`,
    provider: 'wrong',
    content: span.content.map(({ key, format, body }) => ({
      slot: 'documents',
      key,
      format,
      body,
    })),
  };
}

/** All of a project as it is shown: in one go, and some of them as a person opens them. */
async function readAll(spans: readonly Span[]): Promise<Map<string, Span>> {
  const [{ projectId } = oneSpan] = spans;
  const reader = { client: opened.store.client };
  const stretch = { reader, projectId, range: everything, mapperVersion: mapperVersion + 1 };
  const found = new Map<string, Span>();
  for await (const chunk of readStoredSpans(stretch)) {
    for (const { span } of chunk) found.set(span.traceId + span.spanId, span);
  }
  const every = Math.ceil(spans.length / 12);
  for (const span of spans.filter((_, at) => at % every === 0)) {
    expect(await read(span)).toEqual(found.get(span.traceId + span.spanId));
  }
  return found;
}

async function expectStored(spans: readonly Span[]): Promise<void> {
  const found = await readAll(spans);
  expect(found.size).toBe(spans.length);
  for (const span of spans) expect(found.get(span.traceId + span.spanId)).toEqual(span);
}

test('what the same mapping made is not written again', async () => {
  const projectId = newProject();
  const fixtures = ingestFixtures(projectId);
  await writeOld(opened.store, fixtures);
  const summary = await remap({ projectId });
  expect(summary).toMatchObject({ read: fixtures.length, changed: 0, kept: [], columns: [] });
});

test('nor is anything else a sender may think of', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(requestArbitrary, { minLength: 10, maxLength: 40 }), async (all) => {
      const projectId = newProject();
      const spans = all.flatMap((request) => ingest(request, projectId));
      // Each day asks three questions, and time is what this test has least of.
      const startTimeUnixNano = oneSpan.startTimeUnixNano;
      for (const span of spans) Object.assign(span, { startTimeUnixNano });
      await writeOld(opened.store, spans);
      const { changed, kept, columns } = await remap({ projectId });
      expect([changed, kept, columns]).toEqual([0, [], []]);
    }),
    { numRuns: 8, endOnFailure: true, reporter: (run) => tellSeed(run) },
  );
});

/** Not the counterexample, which is a book. */
function tellSeed<T>({ failed, seed, errorInstance }: fc.RunDetails<T>): void {
  if (failed) throw new Error(`failed with seed ${seed}`, { cause: errorInstance });
}

test.each([
  ['knew no dialect', toIgnorant],
  ['took all for something else', toMistaken],
])('a row of a mapping that %s becomes what ingest makes today', async (_, toOld) => {
  const projectId = newProject();
  const truth = ingestFixtures(projectId);
  await writeOld(opened.store, truth.map(toOld));
  await remap({ projectId });
  await expectStored(truth);
  await optimize();
  await expectStored(truth);
  expect(await remap({ projectId })).toMatchObject({ changed: 0 });
});

/** A span of an agent that the old mapping did not know, and what it becomes. */
function toAgent(projectId: string, number: number, changes: Partial<Span> = {}) {
  const now: Span = {
    ...oneSpan,
    projectId,
    spanId: number.toString(16).padStart(16, '0'),
    kind: 'agent',
    rawKind: 'invoke_agent',
    agentName: 'planner',
    stepIndex: -1,
    attributes: new Map([
      ['gen_ai.operation.name', 'invoke_agent'],
      ['gen_ai.agent.name', 'planner'],
    ]),
    resourceAttributes: new Map([['service.name', oneSpan.serviceName]]),
    ...changes,
  };
  const old: Span = { ...now, kind: 'other', rawKind: '', agentName: '', dialect: 'otel' };
  return { old, now };
}

test('a new row is kept as long as the one it replaces, and since then', async () => {
  const projectId = newProject();
  const content = [
    { slot: 'input_messages', key: 'gen_ai.input.messages', format: 'json', body: '[]' },
  ] as const;
  const { old, now } = toAgent(projectId, 1, { content });
  const receivedUnixSeconds = Math.floor(Date.now() / 1_000) - 100_000;
  await writeOld(opened.store, [old], { receivedUnixSeconds, retentionDays: 9, contentDays: 3 });
  expect(await remap({ projectId })).toMatchObject({ changed: 1 });
  await optimize();
  expect(await read(now)).toEqual(now);
  const rowsOf = (table: string) =>
    query(`SELECT retention_days, toUnixTimestamp(received_at) AS received, mapper_version
      FROM ${table} WHERE project_id = '${projectId}'`);
  const row = { received: receivedUnixSeconds, mapper_version: mapperVersion };
  expect(await rowsOf('spans')).toEqual([{ ...row, retention_days: 9 }]);
  expect(await rowsOf('content')).toEqual([{ ...row, retention_days: 3 }]);
});

test('stopped anywhere and begun again, it ends where it would have', async () => {
  const projectId = newProject();
  const pairs = Array.from({ length: 900 }, (_, at) => toAgent(projectId, at + 1));
  await writeOld(
    opened.store,
    pairs.map(({ old }) => old),
  );
  const stop = new AbortController();
  let read = 0;
  const stopped = (async () => {
    for await (const line of start({ projectId }, stop.signal)) {
      if (line.type === 'progress') ({ read } = line);
      if (read > 0) stop.abort(new Error('stopped'));
    }
  })();
  await expect(stopped).rejects.toThrow('stopped');
  expect(read).toBe(250);
  const summary = await remap({ projectId });
  expect([summary.read, summary.changed]).toEqual([650, 650]);
  const stretch = {
    reader: { client: opened.store.client },
    projectId,
    range: everything,
    mapperVersion: mapperVersion + 1,
  };
  const found: Span[] = [];
  for await (const chunk of readStoredSpans(stretch)) found.push(...chunk.map(({ span }) => span));
  expect(found).toEqual(pairs.map(({ now }) => now));
});

test('messages of many megabytes are read in portions', async () => {
  const projectId = newProject();
  const pairs = Array.from({ length: 9 }, (_, at) => {
    const body = `[${'"0123456789"'.padEnd(1_000_000 + at)}]`;
    const item = { slot: 'input_messages', key: 'gen_ai.input.messages', format: 'json', body };
    return toAgent(projectId, at + 1, { content: [item] as Span['content'] });
  });
  await writeOld(
    opened.store,
    pairs.map(({ old }) => old),
  );
  const sizes: number[] = [];
  const stretch = { reader: { client: opened.store.client }, projectId, range: everything };
  for await (const chunk of readStoredSpans({ ...stretch, mapperVersion }))
    sizes.push(chunk.length);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(9);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(4);
  expect(await remap({ projectId })).toMatchObject({ changed: 9 });
  for (const { now } of [pairs[0], pairs[8]].filter((pair) => pair !== undefined)) {
    expect(await read(now)).toEqual(now);
  }
});

test('of the copies of a span the one that is shown is mapped, and stays the one', async () => {
  const projectId = newProject();
  const ended = toAgent(projectId, 1, { name: 'ended' });
  const running = toAgent(projectId, 1, { name: 'running', endTimeUnixNano: 0n });
  await writeOld(opened.store, [ended.old]);
  await writeOld(opened.store, [running.old]);
  expect(await remap({ projectId })).toMatchObject({ read: 1, changed: 1 });
  expect(await read(ended.now)).toEqual(ended.now);
  await optimize();
  expect(await read(ended.now)).toEqual(ended.now);
});

test('days are walked newest first, and projects with one id each stay apart', async () => {
  const [projectId, other] = [newProject(), newProject()];
  const day = 86_400_000_000_000n;
  const days = [1n, 3n, 2n].map((at) => oneSpan.startTimeUnixNano - at * day);
  const pairs = days.map((startTimeUnixNano, at) =>
    toAgent(projectId, at + 1, { startTimeUnixNano }),
  );
  const neighbour = toAgent(other, 1);
  await writeOld(opened.store, [...pairs.map(({ old }) => old), neighbour.old]);
  const walked: string[] = [];
  for await (const line of start({ projectId })) {
    if (line.type === 'progress' && line.done) walked.push(line.day);
  }
  expect(walked).toHaveLength(3);
  expect(walked).toEqual(walked.toSorted().reverse());
  expect(await read(neighbour.old)).toEqual(neighbour.old);
});

test.each([
  ['1970', 0n],
  ['the last moment there is', latestTimeUnixNano],
])('a span of %s is mapped as any other', async (_, startTimeUnixNano) => {
  const projectId = newProject();
  const { old, now } = toAgent(projectId, 1, { startTimeUnixNano });
  await writeOld(opened.store, [old]);
  expect(await remap({ projectId })).toMatchObject({ read: 1, changed: 1 });
  expect(await read(now)).toEqual(now);
});
