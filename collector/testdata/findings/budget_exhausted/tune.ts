import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';
import { usedUp } from './heldout.ts';

const used = (share: number): readonly Sketch[] => [
  {
    id: 'call',
    kind: 'llm',
    events: [
      {
        name: 'orchescope.budget',
        at: 1,
        attributes: {
          'orchescope.budget.unit': 'tokens',
          'orchescope.budget.used': 1000 * share,
          'orchescope.budget.limit': 1000,
        },
      },
    ],
  },
];

export const tune: readonly FindingCase[] = [
  { name: 'one and a half times the budget', finds: [{ variant: 'tokens' }], spans: used(1.5) },
  { name: 'nine tenths of the budget', finds: [], spans: used(0.9) },
  ...usedUp,
];
