import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { saga } from './sagas.ts';

export const tune: readonly FindingCase[] = [
  { name: 'a, b, c fails, b is taken back', finds: [{ subject: 'a' }], spans: saga({ actions: ['a', 'b', '!c'], compensations: ['cancel b'] }) },
  { name: 'a, b, c fails, both are taken back', finds: [], spans: saga({ actions: ['a', 'b', '!c'], compensations: ['cancel b', 'cancel a'] }) },
];
