import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readMetric } from '../../collector/src/torture/server-process.testing.ts';
import { startBenchServer } from './bench-server.ts';
import { corpusNames, type CorpusName } from './corpus.ts';
import { countStored } from './count-stored.ts';
import { startLoad, type LoadReport } from './load-process.ts';
import { watchHealth, watchVisible } from './watch-answers.ts';
import { watchMemory } from './watch-memory.ts';

/**
 * Three times the load a server is rated for, from many senders who come again when they are turned away: memory, whether
 * every refusal is counted, and how soon all is well again. `node bench/ingest/overload.ts [heavy|light] [--seconds 60] [--long]`;
 * `--long` is ten minutes.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    long: { type: 'boolean', default: false },
    times: { type: 'string', default: '3' },
    connections: { type: 'string', default: '64' },
  },
});
const [corpus = 'heavy'] = positionals;
if (!isCorpusName(corpus)) throw new Error(`name a corpus: ${corpusNames.join(', ')}`);
const seconds = Number(values.seconds ?? (values.long ? 600 : 60));
const ratedSpansPerSecond = { heavy: 30_000, light: 110_000 }[corpus];
const spansPerSecond = ratedSpansPerSecond * Number(values.times);
const command = `node bench/ingest/overload.ts ${corpus}${values.long ? ' --long' : ''}`;
/** An answer within this is what a sender gets from a server at rest. */
const wellMs = 60;

const server = await startBenchServer();
const { url } = server.process;
const load = await startLoad({
  url,
  name: 'over',
  corpus,
  isGzip: true,
  spansPerSecond,
  connections: Number(values.connections),
  bodies: corpus === 'heavy' ? 64 : 256,
});
try {
  const memory = watchMemory(server.process);
  const health = watchHealth(url);
  load.start();
  await sleep(seconds * 1000);
  const report = await load.stop();
  const endedMs = performance.now();
  const healthMs = await health.stop();
  // Before it is asked whether all is well: those who ask are turned away too, and no answers of the sender.
  const counted = await readMetric(url, 'orchescope_ingest_refused_requests_total');
  await untilWell();
  const wellAfterMs = performance.now() - endedMs;
  await server.drain();
  const drainedMs = performance.now() - endedMs;
  const { serverMb, engineMb, bothMb } = memory.stop();
  await server.stop();
  const stored = await countStored(server.process.dataDir, 'bench-');

  const refused = countRefused(report);
  const rate = Math.round(report.spans / seconds);
  tell(`${spansPerSecond} spans/s were offered for ${seconds} s, ${rate} a second were taken`);
  tell(`${refused} requests were turned away, ${counted} counted; answers ${toText(report)}`);
  tell(
    `memory: server ${serverMb.toFixed(0)} MB, engine ${engineMb.toFixed(0)} MB, both ${bothMb.toFixed(0)} MB at most; goal 1200`,
  );
  tell(
    `acknowledged within p50 ${report.ackMs.p50.toFixed(0)} ms, p99 ${report.ackMs.p99.toFixed(0)} ms; ` +
      `GET /healthz p99 ${healthMs.p99.toFixed(0)} ms, max ${healthMs.max.toFixed(0)} ms`,
  );
  tell(
    `answers as at rest ${(wellAfterMs / 1000).toFixed(1)} s after its end, all queryable after ${(drainedMs / 1000).toFixed(1)} s; goal 30`,
  );
  tell(`in the table: ${stored.spans} spans of ${report.spans} acknowledged`);
  if (refused !== counted || stored.spans !== report.spans) process.exitCode = 1;
} finally {
  load.close();
  await server.process.kill('SIGKILL');
  await server.remove();
}

/** A span is acknowledged and visible, and a glance is answered at once. */
async function untilWell(): Promise<void> {
  for (;;) {
    const [health, visible] = [watchHealth(url), watchVisible(url)];
    await sleep(500);
    await visible.stop();
    if ((await health.stop()).p99 <= wellMs) return;
  }
}

function countRefused({ answers }: LoadReport): number {
  return (answers[429] ?? 0) + (answers[503] ?? 0);
}

function toText({ answers }: LoadReport): string {
  return Object.entries(answers)
    .map(([status, count]) => `${count} of ${status}`)
    .join(', ');
}

function tell(sentence: string): void {
  console.log(`${corpus}: ${sentence} (${command})`);
}

function isCorpusName(name: string): name is CorpusName {
  return (corpusNames as readonly string[]).includes(name);
}
