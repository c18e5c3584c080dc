import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startCollector } from '../../examples/collector-process.ts';
import { postTraces } from '../../examples/demo/post.ts';
import { percentile } from '../percentile.ts';
import { createAgents } from '../shapes/agents.ts';

/**
 * How long after the last span of a run was acknowledged its verdict can be read, while runs keep coming. Starts a
 * collector of its own: `node bench/analysis/verdict.ts [--per-second 2000] [--seconds 30]` (spans a second).
 */
const { values } = parseArgs({
  options: {
    'per-second': { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '30' },
  },
});
const spansPerRun = 50;
const runsPerSecond = Number(values['per-second']) / spansPerRun;
const seconds = Number(values.seconds);
/** One run in so many is watched: asking is work for the collector too. */
const watchedEvery = 20;
const pollMs = 100;

const collector = await startCollector();
try {
  const waits: Promise<number>[] = [];
  const startedAt = performance.now();
  const runs = Math.round(runsPerSecond * seconds);
  for (let run = 0; run < runs; run += 1) {
    await sleep(Math.max(0, (run / runsPerSecond) * 1000 - (performance.now() - startedAt)));
    const sent = send(run);
    if (run % watchedEvery === 0) waits.push(sent.then(untilJudged));
    else void sent;
  }
  const ms = await Promise.all(waits);
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => percentile(ms, share).toFixed(0));
  console.log(
    `verdict after the end of a run: p50 ${p50} ms, p99 ${p99} ms, most ${most} ms, goal 5000 (${ms.length} of ${runs} runs, ${values['per-second']} spans a second; node bench/analysis/verdict.ts)`,
  );
} finally {
  await collector.stop();
}

/** The trace id, once all of its spans are acknowledged. */
async function send(seed: number): Promise<string> {
  const shape = createAgents(spansPerRun, { seed, endUnixMs: Date.now() });
  for (const request of shape.requests) {
    await postTraces({ endpoint: collector.endpoint, project: 'default', accessKey: '' }, request);
  }
  return shape.traceId;
}

async function untilJudged(traceId: string): Promise<number> {
  const endedAt = performance.now();
  for (;;) {
    const answer = await fetch(`${collector.endpoint}/api/traces/${traceId}/runs`);
    const { runs } = (await answer.json()) as { readonly runs: { readonly spanCount: number }[] };
    if (runs[0]?.spanCount === spansPerRun) return performance.now() - endedAt;
    if (performance.now() - endedAt > 60_000) throw new Error(`${traceId} was not judged in 60 s`);
    await sleep(pollMs);
  }
}
