import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { fanOut, ms } from './branches.ts';

export const tune: readonly FindingCase[] = [
  { name: '1, 1 and 8 seconds', finds: [{}], spans: fanOut(ms(1000, 1000, 8000)) },
  { name: '1, 1 and 2 seconds', finds: [], spans: fanOut(ms(1000, 1000, 2000)) },
];
