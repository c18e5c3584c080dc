/** What real senders sent, and what the example programs of every pattern did, as spans of analysis. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fixtureNames, readFixture } from './ingest/fixtures.testing.ts';
import { post, startIngest } from './ingest/ingest.testing.ts';
import type { RunSpans } from './run-span.ts';
import { toRunSpans } from './run-spans.testing.ts';

const patternsDir = join(import.meta.dirname, '../testdata/findings/patterns');

const patterns = readdirSync(patternsDir)
  .toSorted()
  .map((file) => `patterns/${file.slice(0, -'.json.gz'.length)}`);

/** Dialect -> names of its recordings; our own SDK's are under `patterns` too. */
export const recordings: ReadonlyMap<string, readonly string[]> = Map.groupBy(
  [...fixtureNames, ...patterns],
  (name) => name.split('/', 1)[0] ?? '',
);

/** All spans of a recording, of one run or of several, with the copies that its sender sent. */
export async function readRecording(name: string): Promise<RunSpans> {
  const ingest = startIngest();
  await post(ingest, readBody(name));
  return toRunSpans(ingest.spans);
}

function readBody(name: string): string {
  if (!patterns.includes(name)) return JSON.stringify(readFixture(name));
  const file = join(patternsDir, `${name.slice('patterns/'.length)}.json.gz`);
  return gunzipSync(readFileSync(file)).toString();
}
