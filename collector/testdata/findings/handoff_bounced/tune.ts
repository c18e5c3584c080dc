import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { relay } from '../relay.ts';
import { usedUp } from './heldout.ts';

export const tune: readonly FindingCase[] = [
  { name: 'there and back', finds: [{ subject: 'a > b' }], spans: relay(['a', 'b', 'a']) },
  {
    name: 'there, work, and back',
    finds: [],
    spans: relay(['a', 'b', 'a'], { tool: () => 'work' }),
  },
  ...usedUp,
];
