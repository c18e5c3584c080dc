import { expect, test } from 'vitest';
import type { TakenRequest } from '../ingest/watcher.ts';
import { createCached } from './cached.ts';
import { createIngestTally } from './ingest-tally.ts';
import { ringMinutes } from './minute-ring.ts';

const taken: TakenRequest = {
  signal: 'traces',
  projectId: 'shop',
  wireBytes: 10,
  inflatedBytes: 100,
  accepted: 5,
  rejected: 0,
  rejectedReason: 'invalid_span',
  message: '',
  decodeMs: 2,
};
const refused = {
  signal: 'logs',
  projectId: null,
  reason: 'content_type',
  count: 1,
  message: 'Send protobuf.',
  cause: undefined,
} as const;

function start() {
  const clock = { ms: 1_000 * 60_000 };
  return { clock, ...createIngestTally(() => clock.ms) };
}

test('sums grow with what is taken, by signal and project', () => {
  const { watcher, counters } = start();
  watcher.taken(taken);
  watcher.taken({ ...taken, rejected: 2, message: 'Two were bad.' });
  const labels = { signal: 'traces', project: 'shop' };
  expect(counters.requests.samples()).toEqual([{ labels, value: 2 }]);
  expect(counters.received.samples()).toEqual([{ labels, value: 12 }]);
  expect(counters.accepted.samples()).toEqual([{ labels, value: 10 }]);
  expect(counters.rejected.samples()).toEqual([
    { labels: { ...labels, reason: 'invalid_span' }, value: 2 },
  ]);
});

test('of each reason the last sentence is kept, with its time and project, newest first', () => {
  const { clock, watcher, losses } = start();
  watcher.refused(refused);
  clock.ms += 1;
  watcher.taken({ ...taken, rejected: 2, message: 'Two were bad.' });
  clock.ms += 1;
  watcher.taken({ ...taken, projectId: 'lab', rejected: 1, message: 'One was bad.' });
  expect(losses()).toEqual([
    {
      kind: 'rejected',
      signal: 'traces',
      reason: 'invalid_span',
      count: 3,
      lastAtMs: clock.ms,
      lastProjectId: 'lab',
      lastMessage: 'One was bad.',
    },
    {
      kind: 'refused',
      signal: 'logs',
      reason: 'content_type',
      count: 1,
      lastAtMs: clock.ms - 2,
      lastProjectId: null,
      lastMessage: 'Send protobuf.',
    },
  ]);
});

test('a thousand projects make no more than a hundred names and one for the rest', () => {
  const { watcher, counters } = start();
  for (let n = 0; n < 1_000; n++) watcher.taken({ ...taken, projectId: `p${n}` });
  watcher.taken({ ...taken, projectId: 'p7' });
  const samples = counters.requests.samples();
  expect(samples).toHaveLength(101);
  const valueOf = (project: string) =>
    samples.find(({ labels }) => labels.project === project)?.value;
  expect([valueOf('p7'), valueOf('other')]).toEqual([2, 900]);
});

test('the last minutes are kept in order, quiet ones too, and nothing older', () => {
  const { clock, watcher, minutes } = start();
  watcher.taken(taken);
  clock.ms += 3 * 60_000;
  watcher.taken({ ...taken, accepted: 7 });
  const records = () => minutes('traces').map((minute) => minute.records);
  expect(records().slice(-4)).toEqual([5, 0, 0, 7]);
  expect(records()).toHaveLength(ringMinutes);
  expect(minutes('logs').every(({ requests }) => requests === 0)).toBe(true);
  clock.ms += 24 * 3_600_000;
  expect(records().every((count) => count === 0)).toBe(true);
});

test('a clock that is set back loses nothing', () => {
  const { clock, watcher, minutes } = start();
  watcher.taken(taken);
  clock.ms -= 3_600_000;
  watcher.taken(taken);
  expect(minutes('traces').at(-1)?.records).toBe(10);
});

test('what is cached is asked once for all who ask in time, and a failure is asked again', async () => {
  let [asked, now] = [0, 0];
  const read = createCached(
    async () => {
      asked += 1;
      if (asked === 3) throw new Error('away');
      return asked;
    },
    100,
    () => now,
  );
  expect(await Promise.all([read(), read()])).toEqual([1, 1]);
  now = 99;
  expect(await read()).toBe(1);
  now = 100;
  expect(await read()).toBe(2);
  now = 200;
  await expect(read()).rejects.toThrow('away');
  expect(await read()).toBe(4);
});
