/** Judges stored traces at once, as the analysis thread would a moment later. */
import { createAnalyst } from './analysis/worker/analyst.ts';
import { createRulesReader } from './analysis/worker/read-rules.ts';
import type { Span } from './span.ts';
import { storeSpans, type TestStore } from './store/testing.ts';

/** Resolves when the spans, and the runs they are, can be read. */
export async function storeAndAnalyze(opened: TestStore, spans: readonly Span[]): Promise<void> {
  await storeSpans(opened, spans);
  const { store: reader } = opened;
  const analyst = createAnalyst({ reader, readRules: createRulesReader(reader), now: Date.now });
  const projects = Map.groupBy(spans, ({ projectId }) => projectId);
  for (const [projectId, own] of projects) {
    await analyst.analyze(projectId, [...new Set(own.map(({ traceId }) => traceId))]);
  }
}
