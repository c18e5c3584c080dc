import { parseArgs } from 'node:util';
import { analyzeSpans } from '../../collector/src/analysis/analyze-spans.ts';
import { noDetectorRules } from '../../collector/src/analysis/detectors/settings.ts';
import { createAnalyst } from '../../collector/src/analysis/worker/analyst.ts';
import { toRunSpans } from '../../collector/src/run-spans.testing.ts';
import type { Span } from '../../collector/src/span.ts';
import { startTestStore, storeSpans } from '../../collector/src/store/testing.ts';
import { percentile } from '../percentile.ts';
import { toCanonical, spanSources } from '../storage/agent-spans.ts';
import { createAgents } from '../shapes/agents.ts';

/**
 * Processor time of judging runs, a span: in memory, and from the store to the store. The runs are those of
 * shapes/agents.ts, 8 to 120 spans each, and one of 100,000: `node bench/analysis/analyze.ts [--spans 100000] [--rounds 5]`.
 */
const { values } = parseArgs({
  options: {
    spans: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
  },
});
const command = 'node bench/analysis/analyze.ts';
const rounds = Number(values.rounds);
const tracesPerTurn = 200;

const spans = spanSources.agents(1).next(Number(values.spans));
const traces = [...Map.groupBy(spans, ({ traceId }) => traceId).values()];
const context = {
  projectId: 'default',
  nowUnixNano: BigInt(Date.now()) * 1_000_000n,
  rules: noDetectorRules,
};

measureInMemory(
  'judged in memory',
  traces.map((trace) => toRunSpans(trace)),
);
const [large] = createAgents(100_000, { seed: 7, endUnixMs: Date.now() }).requests.reduce(
  (all, request) => [[...(all[0] ?? []), ...toCanonical(request.resourceSpans)]],
  [] as Span[][],
);
if (large !== undefined) {
  measureInMemory('a run of 100,000 spans, in memory', [toRunSpans(large)]);
  await measureStored('a run of 100,000 spans, from the store to the store', [large]);
}
await measureStored('from the store to the store', traces);

type Judged = readonly ReturnType<typeof toRunSpans>[];

function measureInMemory(what: string, runs: Judged): void {
  const count = runs.reduce((sum, run) => sum + run.spans.length, 0);
  const us = Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    for (const run of runs) analyzeSpans(run, context);
    return toUs(process.cpuUsage(before)) / count;
  });
  print(what, us, count);
}

/** Without the engine's own time, which is told beside it by the engine. */
async function measureStored(what: string, stored: readonly (readonly Span[])[]): Promise<void> {
  const opened = await startTestStore();
  try {
    for (const trace of chunksOf(stored.flat(), 20_000)) await storeSpans(opened, trace);
    const reader = opened.store;
    const analyst = createAnalyst({
      reader,
      readRules: () => Promise.resolve(noDetectorRules),
      now: Date.now,
    });
    const ids = stored.flatMap(([span]) => (span === undefined ? [] : [span.traceId]));
    const count = stored.reduce((sum, trace) => sum + trace.length, 0);
    const [us, wallMs]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      const [before, startedAt] = [process.cpuUsage(), performance.now()];
      for (const some of chunksOf(ids, tracesPerTurn)) await analyst.analyze('default', some);
      us.push(toUs(process.cpuUsage(before)) / count);
      wallMs.push(performance.now() - startedAt);
    }
    print(what, us, count);
    console.log(`${what}: ${percentile(wallMs, 0.5).toFixed(0)} ms on the clock, median`);
  } finally {
    await opened.close();
  }
}

function* chunksOf<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

function toUs({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}

function print(what: string, us: readonly number[], count: number): void {
  const [least, median, most] = [0.001, 0.5, 1].map((share) => percentile(us, share).toFixed(1));
  console.log(
    `${what}: ${median} us/span (${least} to ${most}), ${count} spans, ${rounds} rounds (${command})`,
  );
}
