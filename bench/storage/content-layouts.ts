import { createHash } from 'node:crypto';
import { createBatch } from '../../collector/src/store/native/batch.ts';
import { ArrayColumn } from '../../collector/src/store/native/nested-columns.ts';
import { Int64Column } from '../../collector/src/store/native/number-columns.ts';
import { createContentColumns } from '../../collector/src/store/native/span-columns.ts';
import { TableBatch } from '../../collector/src/store/native/table-batch.ts';
import {
  LowCardinalityColumn,
  StringColumn,
} from '../../collector/src/store/native/text-columns.ts';
import { TextTable } from '../../collector/src/store/native/text-table.ts';
import type { Span } from '../../collector/src/span.ts';
import { percentile } from '../percentile.ts';
import { createSeconds, type ConversationShape } from './conversations.ts';
import { readSize, startMeasuredEngine, type MeasuredEngine } from './measured-engine.ts';

/**
 * What message bodies cost in each layout: `node bench/storage/content-layouts.ts [chat|tools] [conversations] [turns]`.
 * An insert holds a second of traffic; merges run beside. Nothing is optimised by hand: the engine merges a partition
 * that has been quiet for 20 seconds into one part (in the product, for an hour), and figures are taken after that; the
 * size before it is shown too. A read is one body by its whole key, caches of the engine dropped before each.
 */
const [variant = 'chat', conversations = '40', turns = '100'] = process.argv.slice(2);
const shape: ConversationShape = {
  conversations: Number(conversations),
  turns: Number(turns),
  tools: variant === 'tools',
};
const seed = 7;

const keys = `
  project_id LowCardinality(String), conversation_id String CODEC(ZSTD(1)), trace_id String CODEC(ZSTD(1)),
  span_id String CODEC(ZSTD(1)), start_time DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
  version UInt64 CODEC(Delta, ZSTD(1)), position UInt16 CODEC(T64, ZSTD(1)), slot LowCardinality(String),
  key LowCardinality(String), format LowCardinality(String)`;
const byTime = 'project_id, toStartOfMinute(start_time), trace_id, span_id, position';
const byConversation = 'project_id, conversation_id, trace_id, start_time, span_id, position';
/** Calls are traces of their own: in the order of their time the histories that resemble each other are neighbours. */
const byConversationTime = 'project_id, conversation_id, start_time, trace_id, span_id, position';

type Layout = { readonly name: string; readonly body: string; readonly order: string };
const blocks = (mebibytes: number): string =>
  `SETTINGS (min_compress_block_size = ${mebibytes * 2 ** 20}, max_compress_block_size = ${mebibytes * 2 ** 20})`;
const layouts: readonly Layout[] = [
  { name: 'time, ZSTD(1)', body: 'CODEC(ZSTD(1))', order: byTime },
  { name: 'conversation, ZSTD(1)', body: 'CODEC(ZSTD(1))', order: byConversation },
  {
    name: 'conversation, ZSTD(3), 4 MB',
    body: `CODEC(ZSTD(3)) ${blocks(4)}`,
    order: byConversation,
  },
  {
    name: 'conversation, ZSTD(3), 16 MB',
    body: `CODEC(ZSTD(3)) ${blocks(16)}`,
    order: byConversation,
  },
  {
    name: 'conversation, ZSTD(1, 24), 16 MB',
    body: `CODEC(ZSTD(1, 24)) ${blocks(16)}`,
    order: byConversation,
  },
  {
    name: 'conversation, ZSTD(3, 24), 16 MB',
    body: `CODEC(ZSTD(3, 24)) ${blocks(16)}`,
    order: byConversation,
  },
  {
    name: 'conversation and time, ZSTD(1, 22), 4 MB',
    body: `CODEC(ZSTD(1, 22)) ${blocks(4)}`,
    order: byConversationTime,
  },
  {
    name: 'conversation and time, ZSTD(3), 4 MB',
    body: `CODEC(ZSTD(3)) ${blocks(4)}`,
    order: byConversationTime,
  },
  {
    name: 'conversation and time, ZSTD(3, 24), 16 MB',
    body: `CODEC(ZSTD(3, 24)) ${blocks(16)}`,
    order: byConversationTime,
  },
  {
    name: 'conversation, ZSTD(1, 24), 16 MB, words of a granule',
    body: `CODEC(ZSTD(1, 24)) ${blocks(16)}, INDEX words lower(body) TYPE tokenbf_v1(8192, 3, 0) GRANULARITY 1`,
    order: byConversation,
  },
  {
    name: 'conversation, ZSTD(1, 24), 16 MB, rows of every word',
    body: `CODEC(ZSTD(1, 24)) ${blocks(16)}, INDEX words body TYPE text(tokenizer = 'splitByNonAlpha', preprocessor = lower(body))`,
    order: byConversation,
  },
];

/** A partition whose parts have all reached this age is merged into one: here soon, in the product after an hour. */
const settings = `fsync_after_insert = 1, fsync_part_directory = 1,
  min_age_to_force_merge_seconds = 20, min_age_to_force_merge_on_partition_only = 1`;

const only = process.env['ONLY'];
const engine = await startMeasuredEngine();
const raw = countRaw();
console.log(`${variant}: ${raw.rows} rows, ${mb(raw.bytes)} MB of bodies, ${raw.seconds} inserts`);
console.log(
  'layout | MB | ratio | insert and merge CPU s | insert ms p50, p99 | one body ms p50, max | MB before the last merge',
);
for (const [at, layout] of layouts.entries()) {
  if (only === undefined || only.split(',').includes(String(at)))
    await measure(engine, layout, `layout_${at}`);
}
if (only === undefined || only.includes('hash')) await measureHashes(engine);
await engine.close();

function countRaw(): { rows: number; bytes: number; seconds: number } {
  let [rows, bytes, seconds] = [0, 0, 0];
  for (const spans of createSeconds(shape, seed)) {
    seconds += 1;
    for (const { content } of spans) {
      rows += content.length;
      for (const { body } of content) bytes += Buffer.byteLength(body);
    }
  }
  return { rows, bytes, seconds };
}

async function measure(engine: MeasuredEngine, layout: Layout, table: string): Promise<void> {
  await engine.client.command({
    query: `CREATE TABLE ${table} (${keys}, body String ${layout.body}) ENGINE = ReplacingMergeTree(version)
      PARTITION BY toDate(start_time) ORDER BY (${layout.order}) SETTINGS ${settings}`,
  });
  const cpuBefore = engine.cpuSeconds();
  const latencies = await insertAll(engine, table);
  await engine.mergesEnd();
  const unmerged = (await readSize(engine, table)).bytes;
  await engine.partitionRests(table);
  const cpu = engine.cpuSeconds() - cpuBefore;
  const reads = await readBodies(engine, table);
  await print(engine, layout.name, [table], { unmerged, cpu, latencies, reads });
  await engine.client.command({ query: `DROP TABLE ${table} SYNC` });
}

async function insertAll(engine: MeasuredEngine, table: string): Promise<number[]> {
  const latencies: number[] = [];
  const batch = createBatch();
  for (const spans of createSeconds(shape, seed)) {
    for (const span of spans) {
      batch.addSpan(span, { receivedUnixSeconds: 0, retentionDays: 0, contentRetentionDays: 0 });
    }
    const block = batch.toBlocks().find((one) => one.table === 'content');
    latencies.push(await engine.insert(table, block?.pieces ?? []));
    batch.reset();
  }
  return latencies;
}

/** One in every few hundred rows, so that each read opens another block. */
async function readBodies(engine: MeasuredEngine, table: string): Promise<number[]> {
  const places = await engine.rows(
    `SELECT conversation_id, trace_id, toString(start_time) AS start, span_id FROM ${table}
     WHERE position = 0 ORDER BY cityHash64(span_id) LIMIT 20`,
  );
  const times: number[] = [];
  for (const place of places) {
    await engine.client.command({ query: 'SYSTEM DROP MARK CACHE' });
    const startedAt = performance.now();
    await engine.rows(
      `SELECT body FROM ${table} WHERE project_id = 'default' AND conversation_id = '${place['conversation_id']}'
       AND trace_id = '${place['trace_id']}' AND start_time = '${place['start']}' AND span_id = '${place['span_id']}'
       ORDER BY position SETTINGS max_threads = 1, use_uncompressed_cache = 0`,
    );
    times.push(performance.now() - startedAt);
  }
  return times;
}

/** Each message once, by the hash of its text; a row of content is the list of its hashes. Half a hash: in its favour. */
async function measureHashes(engine: MeasuredEngine): Promise<void> {
  await engine.client.command({
    query: `CREATE TABLE messages (project_id LowCardinality(String), hash UInt64 CODEC(NONE), body String CODEC(ZSTD(3)))
      ENGINE = ReplacingMergeTree ORDER BY (project_id, hash) SETTINGS ${settings}`,
  });
  await engine.client.command({
    query: `CREATE TABLE hashed (${keys}, hashes Array(UInt64) CODEC(ZSTD(1)) ${blocks(1)}) ENGINE = ReplacingMergeTree(version)
      PARTITION BY toDate(start_time) ORDER BY (${byConversation}) SETTINGS ${settings}`,
  });
  const known = new Set<bigint>();
  const cpuBefore = engine.cpuSeconds();
  const latencies: number[] = [];
  let splitMs = 0;
  for (const spans of createSeconds(shape, seed)) {
    const batches = createHashBatches();
    const before = process.cpuUsage();
    for (const span of spans) splitSpan(span, known, batches);
    const used = process.cpuUsage(before);
    splitMs += (used.user + used.system) / 1000;
    const beganAt = performance.now();
    if (batches.messages.rows > 0) {
      await engine.insert('messages', batches.messages.toBlock().pieces);
    }
    await engine.insert('hashed', batches.content.toBlock().pieces);
    latencies.push(performance.now() - beganAt);
  }
  await engine.mergesEnd();
  const unmerged =
    (await readSize(engine, 'hashed')).bytes + (await readSize(engine, 'messages')).bytes;
  for (const table of ['hashed', 'messages']) await engine.partitionRests(table);
  const cpu = engine.cpuSeconds() - cpuBefore;
  const reads = await readHashed(engine);
  await print(engine, 'each message once by hash', ['messages', 'hashed'], {
    unmerged,
    cpu,
    latencies,
    reads,
  });
  console.log(
    `  splitting in JavaScript: ${(splitMs / 1000).toFixed(1)} s of CPU on the ingest path`,
  );
}

type HashBatches = ReturnType<typeof createHashBatches>;

function createHashBatches() {
  const texts = new TextTable();
  const {
    body: _,
    mapper_version: __,
    retention_days: ___,
    received_at: ____,
    ...places
  } = createContentColumns(texts);
  const hashes = new ArrayColumn(new Int64Column('UInt64'));
  const messages = {
    project_id: new LowCardinalityColumn(texts),
    hash: new Int64Column('UInt64'),
    body: new StringColumn(),
  };
  return {
    messages: new TableBatch('content', messages),
    content: new TableBatch('content', { ...places, hashes }),
  };
}

function splitSpan(span: Span, known: Set<bigint>, { messages, content }: HashBatches): void {
  for (const [position, item] of span.content.entries()) {
    const row = content.addRow();
    const { columns } = content;
    columns.project_id.set(row, span.projectId);
    columns.conversation_id.set(row, span.conversationId);
    columns.trace_id.set(row, span.traceId);
    columns.span_id.set(row, span.spanId);
    columns.start_time.setBigInt(row, span.startTimeUnixNano);
    columns.version.setBigInt(row, span.endTimeUnixNano);
    columns.position.set(row, position);
    columns.slot.set(row, item.slot);
    columns.key.set(row, item.key);
    columns.format.set(row, item.format);
    for (const message of JSON.parse(item.body) as unknown[]) {
      const body = JSON.stringify(message);
      const hash = createHash('md5').update(body).digest().readBigUInt64LE();
      columns.hashes.items.setBigInt(columns.hashes.items.rows, hash);
      if (known.has(hash)) continue;
      known.add(hash);
      const at = messages.addRow();
      messages.columns.project_id.set(at, span.projectId);
      messages.columns.hash.setBigInt(at, hash);
      messages.columns.body.set(at, body);
    }
    columns.hashes.end(row);
  }
}

async function readHashed(engine: MeasuredEngine): Promise<number[]> {
  const places = await engine.rows(
    'SELECT conversation_id, trace_id, span_id FROM hashed WHERE position = 0 ORDER BY cityHash64(span_id) LIMIT 20',
  );
  const times: number[] = [];
  for (const place of places) {
    await engine.client.command({ query: 'SYSTEM DROP MARK CACHE' });
    const startedAt = performance.now();
    const row = `FROM hashed WHERE project_id = 'default' AND conversation_id = '${place['conversation_id']}'
      AND trace_id = '${place['trace_id']}' AND span_id = '${place['span_id']}' AND position = 0`;
    await engine.rows(
      `SELECT hash, body FROM messages WHERE project_id = 'default' AND hash IN (SELECT arrayJoin(hashes) ${row})
       SETTINGS max_threads = 1, use_uncompressed_cache = 0`,
    );
    times.push(performance.now() - startedAt);
  }
  return times;
}

type Figures = {
  readonly unmerged: number;
  readonly cpu: number;
  readonly latencies: readonly number[];
  readonly reads: readonly number[];
};

async function print(
  engine: MeasuredEngine,
  name: string,
  tables: readonly string[],
  { unmerged, cpu, latencies, reads }: Figures,
): Promise<void> {
  const sizes = await Promise.all(tables.map((table) => readSize(engine, table)));
  const bytes = sizes.reduce((total, one) => total + one.bytes, 0);
  const p = (values: readonly number[], at: number): string => percentile(values, at).toFixed(0);
  console.log(
    [
      name,
      mb(bytes),
      (raw.bytes / bytes).toFixed(1),
      cpu.toFixed(1),
      `${p(latencies, 0.5)}, ${p(latencies, 0.99)}`,
      `${p(reads, 0.5)}, ${p(reads, 1)}`,
      mb(unmerged),
    ].join(' | '),
  );
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
