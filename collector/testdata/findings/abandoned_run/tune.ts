import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';

const hour = 3_600_000;

export const tune: readonly FindingCase[] = [
  {
    name: 'open for ten hours',
    finds: [{}],
    spans: [{ id: 'a', kind: 'agent', until: null }],
    nowMs: 10 * hour,
  },
  {
    name: 'open for half an hour',
    finds: [],
    spans: [{ id: 'a', kind: 'agent', until: null }],
    nowMs: hour / 2,
  },
];
