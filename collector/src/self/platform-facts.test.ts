import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { createIngestTally } from './ingest-tally.ts';
import { createPlatformFacts } from './platform-facts.ts';

const taken = {
  signal: 'traces',
  projectId: 'shop',
  wireBytes: 1,
  inflatedBytes: 1,
  accepted: 90,
  rejected: 4,
  rejectedReason: 'invalid_span',
  message: '',
  decodeMs: 1,
} as const;
const refused = {
  signal: 'logs',
  projectId: null,
  reason: 'content_type',
  count: 6,
  message: '',
  cause: undefined,
} as const;

function start() {
  const clock = { ms: 1_000 * 60_000 };
  const tally = createIngestTally(() => clock.ms);
  return { clock, tally, ...createPlatformFacts({ tally, wal: null, dataDir: tmpdir() }) };
}

test('the rejected share counts records of refused requests too', () => {
  const { tally, rejectedShare } = start();
  tally.watcher.taken(taken);
  tally.watcher.refused(refused);
  expect(rejectedShare(600_000)).toMatchObject({ value: 0.1, samples: 100, bad: 10 });
});

test('what came before the window does not count', () => {
  const { clock, tally, rejectedShare } = start();
  tally.watcher.refused(refused);
  clock.ms += 10 * 60_000;
  tally.watcher.taken({ ...taken, rejected: 0 });
  expect(rejectedShare(600_000)).toMatchObject({ value: 0, samples: 90 });
});

test('where nothing came there is no share, and without a log no age of it', () => {
  expect(start().rejectedShare(60_000)).toMatchObject({ value: null, samples: 0 });
  expect(start().walAge()).toMatchObject({ value: null, samples: 0 });
});

test('the disk is used by a share', async () => {
  const { value } = await start().diskUsedShare();
  expect(value).toBeGreaterThan(0);
  expect(value).toBeLessThanOrEqual(1);
});
