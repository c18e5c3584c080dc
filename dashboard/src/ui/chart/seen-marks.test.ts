import { expect, test } from 'vitest';
import type { ChartMarker } from './chart-types.ts';
import { seenBands, seenMarkers, seenRange } from './seen-marks.ts';

/** Values of three windows of ten: the axis ends where the last one begins. */
const timesMs = [100, 110, 120];
const range = seenRange({ fromMs: 100, toMs: 120 }, timesMs);
const marker = (atMs: number): ChartMarker => ({ atMs, label: 'deploy', kind: 'deploy' });
const band = (fromMs: number, toMs: number) => ({ fromMs, toMs, label: 'incident' });

test('what happened within the last window is seen, what came before or after all is not', () => {
  const seen = seenMarkers([99, 100, 120, 129, 130, 131].map(marker), range);
  expect(seen.map(({ atMs }) => atMs)).toEqual([100, 120, 129, 130]);
});

test('so are stretches that begin within it, or end within the first', () => {
  const all = [band(90, 99), band(90, 100), band(125, 400), band(131, 400)];
  expect(seenBands(all, range)).toEqual([band(90, 100), band(125, 400)]);
});

test('of fewer than two values nobody knows how long they last: the axis decides', () => {
  expect(seenRange({ fromMs: 100, toMs: 900 }, [100])).toEqual({ fromMs: 100, toMs: 900 });
  expect(seenRange({ fromMs: 0, toMs: 1 }, [])).toEqual({ fromMs: 0, toMs: 1 });
});
