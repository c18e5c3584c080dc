/** Runs of `examples/patterns`, as the SDK sent them: see `testdata/record/patterns.ts`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { splitRuns } from '../../src/analysis/stitch/split-runs.ts';
import { post, startIngest } from '../../src/ingest/ingest.testing.ts';
import type { RunSpans } from '../../src/run-span.ts';
import { toRunSpans } from '../../src/run-spans.testing.ts';

/** In order of start time; the first is `runs[0]`. */
export async function readRecordedRuns(pattern: string): Promise<readonly RunSpans[]> {
  const body = gunzipSync(readFileSync(join(import.meta.dirname, `patterns/${pattern}.json.gz`)));
  const ingest = startIngest();
  await post(ingest, body.toString());
  return splitRuns(toRunSpans(ingest.spans))
    .map(({ spans }) => spans)
    .toSorted((a, b) => (a.spans[0]?.startNs ?? 0) - (b.spans[0]?.startNs ?? 0));
}

const nothing: RunSpans = { baseUnixNano: 0n, spans: [], leftOut: 0 };

/** One of them, with nothing in it where there is none: then a test of a true case says so. */
export async function readRecordedRun(pattern: string, index = 0): Promise<RunSpans> {
  return (await readRecordedRuns(pattern))[index] ?? nothing;
}
