import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readMetric } from '../../collector/src/torture/server-process.testing.ts';
import { percentile } from '../percentile.ts';
import { startBenchServer, type BenchServer } from './bench-server.ts';
import { corpusNames, type CorpusName } from './corpus.ts';
import { countStored } from './count-stored.ts';
import { startLoad, type Load } from './load-process.ts';
import { watchHealth, watchVisible } from './watch-answers.ts';
import { watchMemory } from './watch-memory.ts';

/**
 * A whole server, its sender in a process of its own on the same cores: spans acknowledged a second with inserts and merges,
 * what a span costs, how long answers take, and that everything acknowledged is there in the end.
 * `node bench/ingest/throughput.ts [heavy|light] [--seconds 60] [--long] [--node=--cpu-prof]`
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    long: { type: 'boolean', default: false },
    connections: { type: 'string', default: '8' },
    /** Options of the Node that runs the server, e.g. `--node=--cpu-prof`. */
    node: { type: 'string', multiple: true, default: [] },
  },
});
const [corpus = 'heavy'] = positionals;
if (!isCorpusName(corpus)) throw new Error(`name a corpus: ${corpusNames.join(', ')}`);
const seconds = Number(values.seconds ?? (values.long ? 300 : 60));
const command = `node bench/ingest/throughput.ts ${corpus}`;
const goals = {
  heavy: { spansPerSecond: 30_000, acknowledgeUs: 16 },
  light: { spansPerSecond: 110_000, acknowledgeUs: 7 },
}[corpus];
const warmSeconds = 5;
const aloneSeconds = 10;
const holdSeconds = 4;
const holdRounds = 3;

const server = await startBenchServer(values.node);
const loads: Load[] = [];
try {
  const { url } = server.process;
  const options = { url, corpus, isGzip: true, spansPerSecond: Infinity };
  const bodies = corpus === 'heavy' ? 64 : 256;
  const connections = Number(values.connections);
  const many = await startLoad({ ...options, name: 'many', connections, bodies });
  const one = await startLoad({ ...options, name: 'one', connections: 1, bodies: 16 });
  loads.push(many, one);
  let acknowledged = 0;
  acknowledged += await measureSustained(many);
  acknowledged += await measureAcknowledgement(many);
  acknowledged += await measureAlone(one);
  await server.drain();
  await server.stop();
  const { spans, rows, parts, bytesOnDisk } = await countStored(server.process.dataDir, 'bench-');
  tell(
    'in the table',
    `${spans} spans of ${acknowledged} acknowledged, in ${rows} rows and ${parts} parts, ` +
      `${(bytesOnDisk / rows).toFixed(0)} bytes a span`,
  );
  if (spans !== acknowledged) process.exitCode = 1;
} finally {
  for (const load of loads) load.close();
  await server.process.kill('SIGKILL');
  await server.remove();
}
console.log(`load average of the last minute at the end: ${(loadavg()[0] ?? 0).toFixed(1)}`);

/** @returns spans that were acknowledged, as the others do */
async function measureSustained(load: Load): Promise<number> {
  const cpuFirst = await server.cpuUs();
  const firstMs = performance.now();
  load.start();
  await sleep(warmSeconds * 1000);
  const { url } = server.process;
  const memory = watchMemory(server.process);
  const health = watchHealth(url);
  const visible = watchVisible(url);
  const before = await load.read();
  const startedMs = performance.now();
  await sleep(seconds * 1000);
  const during = await load.read();
  const elapsedSeconds = (performance.now() - startedMs) / 1000;
  const [healthMs, visibleMs] = await Promise.all([health.stop(), visible.stop()]);
  const lagMs = 1000 * (await readMetric(url, 'orchescope_event_loop_lag_max_seconds'));
  const after = await load.stop();
  const drainMs = await server.drain();
  const allSeconds = (performance.now() - firstMs) / 1000;
  const cpuLast = await server.cpuUs();
  const all = before.spans + during.spans + after.spans;
  const { serverMb, engineMb, bothMb } = memory.stop();
  const { spans, ackMs, answers } = during;

  const rate = Math.round(spans / elapsedSeconds);
  tell('acknowledged', `${rate} spans/s for ${seconds} s`);
  tell(
    'sustained',
    `${Math.round(all / allSeconds)} spans/s, from the first request until the last span was in the table; goal ${goals.spansPerSecond}`,
  );
  const perSpan = (us: number): string => (us / all).toFixed(1);
  tell(
    'processor time',
    `server ${perSpan(cpuLast.server - cpuFirst.server)} us/span, engine with inserts and merges ${perSpan(cpuLast.engine - cpuFirst.engine)} us/span`,
  );
  tell(
    'acknowledged, saturated',
    `p50 ${ms(ackMs.p50)}, p99 ${ms(ackMs.p99)}, max ${ms(ackMs.max)}; goal p99 250 ms`,
  );
  tell('queryable after', `p50 ${ms(visibleMs.p50)}, p99 ${ms(visibleMs.p99)}; goal p99 3000 ms`);
  tell(
    'event loop',
    `waits at most ${ms(lagMs)}, goal 50 ms; GET /healthz p50 ${ms(healthMs.p50)}, p99 ${ms(healthMs.p99)}, max ${ms(healthMs.max)}`,
  );
  tell('answers', JSON.stringify(answers));
  tell('drained after', ms(drainMs));
  tell(
    'memory',
    `server ${serverMb.toFixed(0)} MB, engine ${engineMb.toFixed(0)} MB, both ${bothMb.toFixed(0)} MB at most; goal 1200`,
  );
  return all;
}

/** With the engine held still, all that the server does is to acknowledge. */
async function measureAcknowledgement(load: Load): Promise<number> {
  const figures: { us: number; rate: number }[] = [];
  let acknowledged = 0;
  for (let round = 0; round < holdRounds; round++) {
    const { us, rate, spans } = await whileHeld(server, () => measureAcknowledged(load));
    figures.push({ us, rate });
    acknowledged += spans;
    await server.drain();
  }
  const all = figures.map(({ us }) => us);
  const rate = percentile(
    figures.map((figure) => figure.rate),
    0.5,
  );
  tell(
    'acknowledgement alone',
    `${percentile(all, 0.5).toFixed(1)} us/span (${Math.min(...all).toFixed(1)} to ${Math.max(...all).toFixed(1)}), goal ${goals.acknowledgeUs}; ` +
      `${Math.round(rate)} spans/s`,
  );
  return acknowledged;
}

async function measureAcknowledged(load: Load) {
  const { server: cpu } = await server.cpuUs();
  load.start();
  await sleep(holdSeconds * 1000);
  const { spans } = await load.stop();
  const us = ((await server.cpuUs()).server - cpu) / spans;
  return { us, rate: spans / holdSeconds, spans };
}

async function whileHeld<T>({ process: held }: BenchServer, task: () => Promise<T>): Promise<T> {
  const pid = held.enginePid() ?? 0;
  process.kill(pid, 'SIGSTOP');
  try {
    return await task();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

async function measureAlone(load: Load): Promise<number> {
  load.start();
  await sleep(2_000);
  const before = await load.read();
  await sleep(aloneSeconds * 1000);
  const during = await load.read();
  const after = await load.stop();
  const { p50, p99, max } = during.ackMs;
  tell(
    'acknowledged, one client',
    `p50 ${ms(p50)}, p99 ${ms(p99)}, max ${ms(max)}; goal p99 60 ms; ${Math.round(during.spans / aloneSeconds)} spans/s`,
  );
  return before.spans + during.spans + after.spans;
}

function tell(what: string, figure: string): void {
  console.log(`${`${corpus}, ${what}`.padEnd(34)} ${figure} (${command})`);
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function isCorpusName(name: string): name is CorpusName {
  return (corpusNames as readonly string[]).includes(name);
}
