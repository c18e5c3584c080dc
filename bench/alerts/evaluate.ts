import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { readWindows } from '../../collector/src/store/read-window.ts';
import type { WindowAsk } from '../../collector/src/store/window-sql.ts';
import { startRunsStore } from './runs-store.ts';
import { sevenRules } from './seven-rules.ts';

/**
 * A minute of a thousand rules, no two of which read the same, each by up to a hundred groups, over 10 million spans:
 * the processor time of engine and reader together must stay below that of a minute of one core.
 * `flock /tmp/bench.lock node bench/alerts/evaluate.ts [--runs 500000] [--rules 1000] [--together 1,16,50]`
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '500000' },
    rules: { type: 'string', default: '1000' },
    together: { type: 'string', default: '1,16,50' },
  },
});
const { engine, endUnixNano } = await startRunsStore(Number(values.runs));
const minuteNs = 60_000_000_000n;

/** A filter of its own for each, which nearly all runs pass, and a window that ends at its own second. */
const asks = Array.from({ length: Number(values.rules) }, (_, at): WindowAsk[] => {
  const rule = sevenRules[at % sevenRules.length];
  if (rule === undefined) return [];
  const toUnixNano = endUnixNano - BigInt(at % 60) * 1_000_000_000n;
  return [
    {
      ...rule,
      conditions: [{ sql: 'run_id != {f0:String}', params: { f0: `run ${at}` } }],
      nowUnixNano: toUnixNano,
      aggregation: 'value',
      limit: 100,
      fromUnixNano: toUnixNano - BigInt(rule.windowMinutes) * minuteNs,
      toUnixNano,
    },
  ];
}).flat();

for (const together of values.together.split(',').map(Number)) {
  await evaluate(asks.slice(0, together), together);
  const [engineCpu, ownCpu, startedAt] = [
    engine.cpuSeconds(),
    process.cpuUsage(),
    performance.now(),
  ];
  const groups = await evaluate(asks, together);
  const { user, system } = process.cpuUsage(ownCpu);
  const wall = (performance.now() - startedAt) / 1000;
  const [engineSeconds, own] = [engine.cpuSeconds() - engineCpu, (user + system) / 1e6];
  console.log(
    `${asks.length} rules, ${together} a statement: ${groups} groups in ${wall.toFixed(1)} s; CPU of the engine ${engineSeconds.toFixed(1)} s, own ${own.toFixed(1)} s; load ${loadavg()[0]?.toFixed(1)}`,
  );
}
await engine.close();

async function evaluate(all: readonly WindowAsk[], together: number): Promise<number> {
  let groups = 0;
  for (let from = 0; from < all.length; from += together) {
    const reads = await readWindows(engine, 'default', all.slice(from, from + together));
    for (const { readings } of reads) groups += readings.length;
  }
  return groups;
}
