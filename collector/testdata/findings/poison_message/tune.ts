import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { deliver } from './deliveries.ts';

export const tune: readonly FindingCase[] = [
  { name: 'x, x, x', finds: [{}], spans: deliver([{ id: 'm', errors: ['x', 'x', 'x'] }]) },
  { name: 'x, x, and well', finds: [], spans: deliver([{ id: 'm', errors: ['x', 'x', ''] }]) },
];
