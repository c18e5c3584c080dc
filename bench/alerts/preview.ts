import { Hono } from 'hono';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { addPreviewRoute } from '../../collector/src/alerts/api/preview-route.ts';
import { defaultRules } from '../../collector/src/alerts/default-rules.ts';
import { sourceOf } from '../../collector/src/alerts/settings/metric-facts.ts';
import { percentile } from '../percentile.ts';
import { startRunsStore } from './runs-store.ts';
import { watchTurns, type Turns } from './watch-turns.ts';

/**
 * `POST /api/alerts/preview` of each shipped rule over runs: seven days at steps of a minute, over 10 million spans, read
 * and stepped: at most 2 s, and nobody else waits longer than 20 ms.
 * `node bench/alerts/preview.ts [--runs 500000] [--asks 5]`
 */
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '500000' }, asks: { type: 'string', default: '5' } },
});
const asks = Number(values.asks);
const { engine, endUnixNano } = await startRunsStore(Number(values.runs));
const endMs = Number(endUnixNano / 1_000_000n);
const range = {
  from: new Date(endMs - 7 * 86_400_000).toISOString(),
  to: new Date(endMs).toISOString(),
};

const app = new Hono();
addPreviewRoute(app, {
  store: engine,
  settings: {
    read: async (projectId) => ({
      projectId,
      rules: [],
      silences: [],
      acknowledged: new Map(),
      resolved: new Map(),
      muteTimings: [],
      channels: [],
    }),
  },
});

console.log(`${values.runs} runs in seven days; load ${loadavg()[0]?.toFixed(1)}`);
for (const rule of defaultRules.filter(({ metric }) => sourceOf(metric) !== null)) {
  const times: number[] = [];
  let turns: Turns | null = null;
  let [engineCpu, ownCpu, found] = [0, process.cpuUsage(), ''];
  for (let ask = -1; ask < asks; ask += 1) {
    if (ask === 0) {
      [engineCpu, ownCpu] = [engine.cpuSeconds(), process.cpuUsage()];
      turns = watchTurns();
    }
    const startedAt = performance.now();
    const answer = await app.request('/alerts/preview', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ project: 'default', rule, ...range }),
    });
    const text = await answer.text();
    if (ask >= 0) times.push(performance.now() - startedAt);
    if (answer.status !== 200) throw new Error(text);
    const { episodeCount, otherSeries, series } = JSON.parse(text);
    found = `${series.length + otherSeries} groups, ${episodeCount} episodes`;
  }
  turns?.end();
  const { user, system } = process.cpuUsage(ownCpu);
  const engineMs = ((engine.cpuSeconds() - engineCpu) * 1000) / asks;
  console.log(
    `${rule.id}, ${found}: median ${percentile(times, 0.5).toFixed(0)} ms, worst ${percentile(times, 1).toFixed(0)} ms; CPU of the engine ${engineMs.toFixed(0)} ms, own ${((user + system) / 1000 / asks).toFixed(0)} ms; the longest turn ${turns?.longest().toFixed(0)} ms`,
  );
}
await engine.close();
