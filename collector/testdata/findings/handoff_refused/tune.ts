import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { relay } from '../relay.ts';
import { usedUp } from './heldout.ts';

export const tune: readonly FindingCase[] = [
  {
    name: 'b says no',
    finds: [{ subject: 'a > b' }],
    spans: relay(['a', 'b'], { handoff: () => ({ status: 'error', errorType: 'refused' }) }),
  },
  { name: 'b says yes', finds: [], spans: relay(['a', 'b']) },
  ...usedUp,
];
