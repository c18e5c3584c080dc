import type { FindingKind } from 'orchescope/contract';
import { expect, test } from 'vitest';
import { findByKey, findingKey } from './finding-key.ts';

const finding = (kind: FindingKind, ...spanIds: readonly string[]) => ({
  kind,
  spans: spanIds.map((spanId) => ({ traceId: 'a'.repeat(32), spanId })),
});
const findings = [finding('loop', 's1', 's2'), finding('loop', 's3', 's4'), finding('deadlock')];

test('every finding is found by its own key', () => {
  for (const one of findings) expect(findByKey(findings, findingKey(one))).toBe(one);
});

test.each([
  ['a finding whose evidence begins elsewhere by now', 'loop:s4', findings[1]],
  ['the same span in a finding of another kind', 'deadlock:s4', null],
  ['a span no finding shows', 'loop:s9', null],
  ['nothing', '', null],
  ['something made up', '__proto__', null],
])('%s', (_, key, found) => {
  expect(findByKey(findings, key)).toBe(found);
});
