import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { createLiveFeed } from '../../collector/src/query/live-feed.ts';
import { createQueryRoutes } from '../../collector/src/query/routes.ts';
import { findSqlFolder, migrate } from '../../collector/src/store/migrate.ts';
import { makeDay, readStaleDays } from '../../collector/src/store/costs/make-days.ts';
import { percentile } from '../percentile.ts';
import { readSize, startMeasuredEngine } from '../storage/measured-engine.ts';
import { fillRuns } from './fill-runs.ts';

/**
 * How long the API takes for a series of each of the seven numbers, warm, from the request to its JSON: over 10 million
 * spans in 500,000 runs of a week, and grouped; the reports of costs over the same,
 * with the sums of past days made. `node bench/query/series.ts [--runs 500000] [--days 7] [--asks 20]
 * [--only /cost]`
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '500000' },
    days: { type: 'string', default: '7' },
    asks: { type: 'string', default: '20' },
    /** Paths that begin so. */
    only: { type: 'string', default: '/' },
  },
});
const [runs, days, asks] = [Number(values.runs), Number(values.days), Number(values.asks)];
const engine = await startMeasuredEngine();
await migrate(engine.client, findSqlFolder(), () => undefined);
const endUnixSeconds = Math.floor(Date.now() / 1000) - 60;
await fillRuns(engine, { runs, days, endUnixSeconds });
await engine.mergesEnd();
for (const day of await readStaleDays(engine.client, 1_000)) {
  await makeDay(engine.client, day, Date.now());
}
const { rows, bytes, parts } = await readSize(engine, 'runs');
console.log(
  `${runs} runs in ${days} days: ${rows} rows, ${parts} parts, ${(bytes / 1e6).toFixed(0)} MB; load ${loadavg()[0]?.toFixed(1)}`,
);

const app = createQueryRoutes({
  store: engine,
  live: createLiveFeed(),
  info: { version: '', engine: 'embedded', authentication: false },
  readIngestHealth: () => Promise.reject(new Error('not asked here')),
  inputPrices: {
    findRates: () => ({
      input: 3_000_000_000_000n,
      cacheRead: 300_000_000_000n,
      cacheWrite: 3_750_000_000_000n,
    }),
    changesOf: () => [],
  },
});

const range = `from=now-${days}d`;
const paths = [
  '/metrics/agent_latency',
  '/metrics/agent_latency?groupBy=agent',
  '/metrics/error_rate',
  '/metrics/token_cost_per_task',
  '/metrics/loop_rate',
  '/metrics/handoff_success',
  '/metrics/handoff_success?groupBy=handoff',
  '/metrics/end_to_end_latency',
  '/metrics/breaker_opens',
  '/critical-path',
  '/handoffs',
  '/findings',
  '/runs',
  '/cost?by=workflow,model',
  '/cost?by=agent',
  '/cost?by=user&limit=50',
  '/cost/waste',
];
for (const path of paths.filter((each) => each.startsWith(values.only))) await measure(path);
await engine.close();

async function measure(path: string): Promise<void> {
  const times: number[] = [];
  let cpu = engine.cpuSeconds();
  for (let ask = -2; ask < asks; ask++) {
    if (ask === 0) cpu = engine.cpuSeconds();
    const startedAt = performance.now();
    const answer = await app.request(`${path}${path.includes('?') ? '&' : '?'}${range}`);
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${path} was answered ${text}`);
    if (ask >= 0) times.push(performance.now() - startedAt);
  }
  const [median, p95] = [percentile(times, 0.5), percentile(times, 0.95)];
  const cpuMs = ((engine.cpuSeconds() - cpu) * 1000) / asks;
  console.log(
    `${path}: median ${median.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, engine CPU ${cpuMs.toFixed(0)} ms`,
  );
}
