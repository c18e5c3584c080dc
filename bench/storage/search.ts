import { findSqlFolder, migrate } from '../../collector/src/store/migrate.ts';
import { createBatch } from '../../collector/src/store/native/batch.ts';
import { searchContent } from '../../collector/src/store/search-content.ts';
import { percentile } from '../percentile.ts';
import { createSeconds } from './conversations.ts';
import { startMeasuredEngine } from './measured-engine.ts';

/**
 * How long a search over content takes: `node bench/storage/search.ts`. 40 conversations of an agent with tools, 60 turns
 * each, whose 209 MB of bodies repeat their history; 11 searches each, the caches of the engine dropped before.
 */
const engine = await startMeasuredEngine();
await migrate(engine.client, findSqlFolder(), () => undefined);
const batch = createBatch();
let rare = '';
for (const spans of createSeconds({ conversations: 40, turns: 60, tools: true }, 7)) {
  const stamp = { receivedUnixSeconds: 1_795_000_000, retentionDays: 0, contentRetentionDays: 0 };
  for (const span of spans) batch.addSpan(span, stamp);
  if (rare === '') rare = /call_([0-9a-f]+)/.exec(spans[0]?.content[0]?.body ?? '')?.[1] ?? '';
  for (const { table, pieces } of batch.toBlocks()) await engine.insert(table, pieces);
  batch.reset();
}
await engine.mergesEnd();

for (const [name, text] of [
  ['a word that is nowhere', 'zzzabsent'],
  ['an identifier of one conversation', rare],
  ['words that every call has', 'tool call response'],
] as const) {
  const times: number[] = [];
  let hits = 0;
  for (let run = 0; run < 11; run++) {
    await engine.client.command({ query: 'SYSTEM DROP MARK CACHE' });
    await engine.client.command({ query: 'SYSTEM DROP QUERY CONDITION CACHE' });
    const startedAt = performance.now();
    const found = await searchContent({ client: engine.client }, 'default', {
      text,
      fromUnixNano: 1_794_000_000_000_000_000n,
      toUnixNano: 1_796_000_000_000_000_000n,
      limit: 21,
      after: null,
    });
    times.push(performance.now() - startedAt);
    hits = found.length;
  }
  const [median, most] = [percentile(times, 0.5), percentile(times, 1)];
  console.log(
    `${name}: ${hits} hits, median ${median.toFixed(0)} ms, longest ${most.toFixed(0)} ms`,
  );
}
await engine.close();
