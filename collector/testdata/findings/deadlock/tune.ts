import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { waiting } from './waits.ts';

export const tune: readonly FindingCase[] = [
  { name: 'a for b and b for a', finds: [{}], spans: waiting([{ who: 'a', forWhom: 'b', at: 0, until: 1000, rest: { status: 'error' } }, { who: 'b', forWhom: 'a', at: 0, until: 1100 }]) },
  { name: 'a for b and b for c', finds: [], spans: waiting([{ who: 'a', forWhom: 'b', at: 0, until: 1000, rest: { status: 'error' } }, { who: 'b', forWhom: 'c', at: 0, until: 1100 }]) },
];
