import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { createLiveFeed } from '../../collector/src/query/live-feed.ts';
import { createQueryRoutes } from '../../collector/src/query/routes.ts';
import { findSqlFolder, migrate } from '../../collector/src/store/migrate.ts';
import { percentile } from '../percentile.ts';
import { readSize, startMeasuredEngine } from '../storage/measured-engine.ts';
import { fillRuns } from './fill-runs.ts';
import { fillSpans } from './fill-spans.ts';

/**
 * How long the first page of the day waits for all its answers, asked for at once as it does: cold, when nobody has asked
 * the store anything yet and nothing is cached, and warm. Over 10 million spans in 500,000 runs of a week, for the whole
 * week and for a day. `node bench/query/overview.ts [--runs 500000] [--days 7] [--rounds 5]`
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '500000' },
    days: { type: 'string', default: '7' },
    rounds: { type: 'string', default: '5' },
  },
});
const [runs, days, rounds] = [Number(values.runs), Number(values.days), Number(values.rounds)];
const engine = await startMeasuredEngine();
await migrate(engine.client, findSqlFolder(), () => undefined);
const filling = { runs, days, endUnixSeconds: Math.floor(Date.now() / 1000) - 60 };
await fillRuns(engine, filling);
await fillSpans(engine, filling);
await engine.mergesEnd();
for (const table of ['runs', 'spans']) {
  const { rows, bytes, parts } = await readSize(engine, table);
  console.log(`${table}: ${rows} rows, ${parts} parts, ${(bytes / 1e6).toFixed(0)} MB`);
}

const app = createQueryRoutes({
  store: engine,
  live: createLiveFeed(),
  info: { version: '', engine: 'embedded', authentication: false },
  readIngestHealth: () => Promise.reject(new Error('not asked here')),
});

/** Those of dashboard/src/overview, but for incidents, which are read from another table. */
const paths = [
  '/overview/stats',
  '/overview/spend',
  '/overview/heatmap',
  '/overview/failing',
  '/overview/deploys',
  '/findings/list?sort=waste_usd&limit=6',
];
for (const range of [`now-${days}d`, 'now-1d']) {
  const cold: number[] = [];
  const warm: number[] = [];
  let cpu = 0;
  for (let round = 0; round < rounds; round += 1) {
    await forget();
    cold.push(await askAll(range));
    const before = engine.cpuSeconds();
    warm.push(await askAll(range));
    cpu += engine.cpuSeconds() - before;
  }
  console.log(
    `all of ${range}: cold median ${show(cold, 0.5)}, highest ${show(cold, 1)}; warm median ${show(warm, 0.5)}; engine CPU ${((cpu * 1000) / rounds).toFixed(0)} ms; load ${loadavg()[0]?.toFixed(1)}`,
  );
  for (const path of paths) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) times.push(await ask(path, range));
    console.log(`  ${path} alone, warm: median ${show(times, 0.5)}`);
  }
}
await engine.close();

/** What the engine keeps in memory; pages that the system keeps are beyond its reach. */
async function forget(): Promise<void> {
  for (const cache of ['MARK CACHE', 'UNCOMPRESSED CACHE', 'QUERY CACHE']) {
    await engine.client.command({ query: `SYSTEM DROP ${cache}` });
  }
}

async function askAll(range: string): Promise<number> {
  const startedAt = performance.now();
  await Promise.all(paths.map((path) => ask(path, range)));
  return performance.now() - startedAt;
}

async function ask(path: string, range: string): Promise<number> {
  const startedAt = performance.now();
  const answer = await app.request(`${path}${path.includes('?') ? '&' : '?'}from=${range}`);
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${path} was answered ${text}`);
  return performance.now() - startedAt;
}

function show(times: readonly number[], share: number): string {
  return `${percentile(times, share).toFixed(0)} ms`;
}
