import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { inTurn, plan, planned } from './planned.ts';
import { usedUp } from './heldout.ts';

export const tune: readonly FindingCase[] = [
  {
    name: 'a and b are planned, a runs',
    finds: [{ variant: 'never_run' }],
    spans: planned([plan({ a: [], b: [] }), ...inTurn('a')]),
  },
  {
    name: 'a and b are planned, both run',
    finds: [],
    spans: planned([plan({ a: [], b: [] }), ...inTurn('a', 'b')]),
  },
  ...usedUp,
];
