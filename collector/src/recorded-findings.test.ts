/** What analysis finds in what real senders sent: a reviewer should see every finding, and that there are few. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { analyzeSpans } from './analysis/analyze-spans.ts';
import { noDetectorRules } from './analysis/detectors/settings.ts';
import { fixtureNames, readFixture } from './ingest/fixtures.testing.ts';
import { post, startIngest } from './ingest/ingest.testing.ts';
import { toRunSpans } from './run-spans.testing.ts';
import type { Run } from './run.ts';

const testdata = join(import.meta.dirname, '../testdata');
const patternsDir = join(testdata, 'findings/patterns');

test('the recordings of frameworks', async () => {
  const lines: string[] = [];
  for (const name of fixtureNames) {
    lines.push(...describeRuns(name, await analyze(JSON.stringify(readFixture(name)))));
  }
  await expect(lines.join('\n')).toMatchFileSnapshot(
    join(testdata, 'findings/recordings.golden.txt'),
  );
});

test('the example programs of every pattern', async () => {
  const lines: string[] = [];
  for (const file of readdirSync(patternsDir).toSorted()) {
    const body = gunzipSync(readFileSync(join(patternsDir, file))).toString();
    lines.push(...describeRuns(file.replace('.json.gz', ''), await analyze(body)));
  }
  await expect(lines.join('\n')).toMatchFileSnapshot(
    join(testdata, 'findings/patterns.golden.txt'),
  );
});

/** A minute after the last thing that happened. */
async function analyze(body: string): Promise<Run[]> {
  const ingest = startIngest();
  expect((await post(ingest, body)).status).toBe(200);
  const { spans } = ingest;
  const lastNs = spans.reduce(
    (last, { startTimeUnixNano: start, endTimeUnixNano: end }) =>
      end > last ? end : start > last ? start : last,
    0n,
  );
  const context = {
    projectId: 'default',
    nowUnixNano: lastNs + 60_000_000_000n,
    rules: noDetectorRules,
  };
  return analyzeSpans(toRunSpans(spans), context);
}

function describeRuns(name: string, runs: readonly Run[]): readonly string[] {
  const failed = runs.flatMap(({ failedDetectors }) => failedDetectors);
  expect(failed).toEqual([]);
  return [
    `# ${name}`,
    ...runs.map(
      ({ rootName, status, spanCount }) => `run ${rootName}: ${status}, ${spanCount} spans`,
    ),
    ...runs.flatMap(({ findings }) =>
      findings.map(
        ({ severity, kind, variant, sentence }) =>
          `    ${severity} ${kind}${variant === '' ? '' : ` (${variant})`}: ${sentence}`,
      ),
    ),
    '',
  ];
}
