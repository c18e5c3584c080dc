import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { accesses } from './accesses.ts';

export const tune: readonly FindingCase[] = [
  { name: 'both from 1', finds: [{ variant: 'lost_update' }], spans: accesses([{ who: 'a', does: 'write', basedOn: 1, version: 2 }, { who: 'b', does: 'write', basedOn: 1, version: 3 }]) },
  { name: 'from 1, then from 2', finds: [], spans: accesses([{ who: 'a', does: 'write', basedOn: 1, version: 2 }, { who: 'b', does: 'write', basedOn: 2, version: 3 }]) },
];
