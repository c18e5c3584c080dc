import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { colourBys, defaultView, fromViewText, toViewText } from './view-codec.ts';

test.each([
  ['', defaultView],
  ['w1200.5-3400', { ...defaultView, window: { start: 1_200_500_000, end: 3_400_000_000 } }],
  [
    'idle_critical_by-agent',
    { ...defaultView, isCompressed: true, isCriticalOnly: true, colourBy: 'agent' as const },
  ],
  ['fit', { ...defaultView, isFitting: true }],
])('%s', (text, view) => {
  expect(fromViewText(text)).toEqual(view);
  expect(toViewText(view)).toBe(text);
});

test.each(['w9-3', 'w-', 'wNaN-1', 'by-nobody', '____', 'w1-2e5', '<script>'])(
  'what makes no sense is left out: %s',
  (text) => {
    expect(fromViewText(text)).toEqual(defaultView);
  },
);

test('every view survives the URL, and needs no escapes in it', () => {
  const view = fc.record({
    window: fc.option(
      fc
        .tuple(fc.nat(1e9), fc.integer({ min: 1, max: 1e9 }))
        .map(([start, width]) => ({ start, end: start + width })),
    ),
    isCompressed: fc.boolean(),
    isCriticalOnly: fc.boolean(),
    isFitting: fc.boolean(),
    colourBy: fc.constantFrom(...colourBys),
  });
  fc.assert(
    fc.property(view, (given) => {
      const text = toViewText(given);
      expect(encodeURIComponent(text)).toBe(text);
      expect(fromViewText(text)).toEqual(given);
    }),
  );
});
