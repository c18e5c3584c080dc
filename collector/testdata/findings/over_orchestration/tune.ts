import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { chainOf, delegation } from './chains.ts';

export const tune: readonly FindingCase[] = [
  { name: 'a, b and c pass on to d', finds: [{}], spans: delegation(chainOf(['a', 'b', 'c', 'd'])) },
  { name: 'a passes on to b', finds: [], spans: delegation(chainOf(['a', 'b'])) },
];
