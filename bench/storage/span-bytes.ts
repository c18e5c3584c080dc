import { createBatch } from '../../collector/src/store/native/batch.ts';
import { findSqlFolder, migrate } from '../../collector/src/store/migrate.ts';
import { spanSources } from './agent-spans.ts';
import { readSize, startMeasuredEngine } from './measured-engine.ts';

/**
 * Bytes of a span without content, by column, and what an insert costs the engine:
 * `node bench/storage/span-bytes.ts [agents|attributes] [spans] [spans an insert]`. Merges run beside, and sizes are taken once none has
 * run for two seconds. ALTER is run on the empty table first, to try something else.
 */
const [corpus = 'agents', spans = '400000', perInsert = '40000'] = process.argv.slice(2);
const alter = process.env['ALTER'];

const engine = await startMeasuredEngine();
await migrate(engine.client, findSqlFolder(), () => undefined);
if (alter !== undefined) {
  for (const query of alter.split(';')) await engine.client.command({ query });
}

let insertCpu = 0;
const source = spanSources[corpus === 'attributes' ? 'attributes' : 'agents'](11);
const batch = createBatch();
const before = engine.cpuSeconds();
for (let sent = 0; sent < Number(spans); sent += Number(perInsert)) {
  const arrived = source.next(Number(perInsert));
  const receivedUnixSeconds = Number((arrived.at(-1)?.endTimeUnixNano ?? 0n) / 1_000_000_000n);
  const stamp = { receivedUnixSeconds, retentionDays: 0, contentRetentionDays: 0 };
  for (const span of arrived) batch.addSpan(span, stamp);
  await engine.mergesEnd();
  const started = engine.cpuSeconds();
  for (const { table, pieces } of batch.toBlocks()) await engine.insert(table, pieces);
  insertCpu += engine.cpuSeconds() - started;
  batch.reset();
}
await engine.mergesEnd();
const all = engine.cpuSeconds() - before;
const size = await readSize(engine, 'spans');
const perRow = (seconds: number): string => ((seconds * 1e6) / Number(spans)).toFixed(1);
console.log(
  `${corpus}: ${size.rows} spans in ${size.parts} parts: ${(size.bytes / size.rows).toFixed(1)} B/span on disk, ` +
    `engine CPU ${perRow(insertCpu)} us/span to insert, ${perRow(all)} with merges`,
);
const columns = await engine.rows(
  `SELECT column, round(sum(column_data_compressed_bytes) / any(t), 2) AS per_row, round(sum(column_marks_bytes) / any(t), 2) AS marks,
     round(sum(column_data_uncompressed_bytes) / any(t), 1) AS raw
   FROM system.parts_columns, (SELECT sum(rows) AS t FROM system.parts WHERE active AND table = 'spans' AND database = currentDatabase()) AS s
   WHERE active AND table = 'spans' AND database = currentDatabase()
   GROUP BY column ORDER BY per_row DESC LIMIT 40`,
);
for (const { column, per_row: bytes, raw, marks } of columns)
  console.log(`${column} ${bytes} (raw ${raw}, marks ${marks})`);
const [index] = await engine.rows(
  `SELECT round(sum(secondary_indices_compressed_bytes) / sum(rows), 2) AS secondary, round(sum(primary_key_size) / sum(rows), 2) AS primary
   FROM system.parts WHERE active AND table = 'spans' AND database = currentDatabase()`,
);
console.log(
  `indexes: trace_id ${String(index?.['secondary'])}, primary ${String(index?.['primary'])}`,
);
await engine.close();
