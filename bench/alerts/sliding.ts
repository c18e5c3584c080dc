import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { readSliding } from '../../collector/src/store/read-sliding.ts';
import { percentile } from '../percentile.ts';
import { startRunsStore } from './runs-store.ts';
import { watchTurns, type Turns } from './watch-turns.ts';
import { sevenRules } from './seven-rules.ts';

/**
 * What a preview of each shipped rule reads: 10,080 windows, one a minute, over 10 million spans of seven days, exact.
 * `node bench/alerts/sliding.ts [--runs 500000] [--asks 5]`
 */
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '500000' }, asks: { type: 'string', default: '5' } },
});
const asks = Number(values.asks);
const { engine, endUnixNano } = await startRunsStore(Number(values.runs));
const minuteNs = 60_000_000_000n;
const count = 10_080;
console.log(`${values.runs} runs in seven days; load ${loadavg()[0]?.toFixed(1)}`);
for (const { name, windowMinutes, ...rule } of sevenRules) {
  const times: number[] = [];
  let turns: Turns | null = null;
  let [engineCpu, ownCpu, groups] = [engine.cpuSeconds(), process.cpuUsage(), 0];
  for (let ask = -1; ask < asks; ask += 1) {
    if (ask === 0) [engineCpu, ownCpu] = [engine.cpuSeconds(), process.cpuUsage()];
    if (ask === 0) turns = watchTurns();
    const startedAt = performance.now();
    const series = await readSliding(engine, 'default', {
      ...rule,
      conditions: [],
      nowUnixNano: endUnixNano,
      aggregation: 'value',
      limit: 100,
      firstEndUnixNano: endUnixNano - BigInt(count - 1) * minuteNs,
      stepNs: minuteNs,
      count,
      windowNs: BigInt(windowMinutes) * minuteNs,
    });
    groups = series.groups.length;
    if (ask >= 0) times.push(performance.now() - startedAt);
  }
  turns?.end();
  const { user, system } = process.cpuUsage(ownCpu);
  const engineMs = ((engine.cpuSeconds() - engineCpu) * 1000) / asks;
  console.log(
    `${name}, ${groups} groups, window ${windowMinutes} min: median ${percentile(times, 0.5).toFixed(0)} ms, worst ${percentile(times, 1).toFixed(0)} ms; CPU of the engine ${engineMs.toFixed(0)} ms, own ${((user + system) / 1000 / asks).toFixed(0)} ms; the longest turn ${turns?.longest().toFixed(0)} ms`,
  );
}
await engine.close();
