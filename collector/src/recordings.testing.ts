/** What real senders sent, as spans of analysis. */
import { fixtureNames, readFixture } from './ingest/fixtures.testing.ts';
import { post, startIngest } from './ingest/ingest.testing.ts';
import type { RunSpans } from './run-span.ts';
import { toRunSpans } from './run-spans.testing.ts';

/** Dialect -> names of its recordings. */
export const recordings: ReadonlyMap<string, readonly string[]> = Map.groupBy(
  fixtureNames,
  (name) => name.split('/', 1)[0] ?? '',
);

/** All spans of a recording, of one run or of several, with the copies that its sender sent. */
export async function readRecording(name: string): Promise<RunSpans> {
  const ingest = startIngest();
  await post(ingest, JSON.stringify(readFixture(name)));
  return toRunSpans(ingest.spans);
}
