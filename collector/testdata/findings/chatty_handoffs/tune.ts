import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { relay } from '../relay.ts';
import { handedBack } from '../heldout-traffic.ts';

export const tune: readonly FindingCase[] = [
  {
    name: 'a, b, c and again',
    finds: [{}],
    spans: relay(['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b']),
  },
  {
    name: 'a, b, c and again, with work',
    finds: [],
    spans: relay(['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b'], { tool: () => 'work' }),
  },
  {
    name: 'experts of a supervisor, whose framework hands back by itself',
    finds: [],
    spans: handedBack(),
  },
];
