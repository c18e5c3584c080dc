import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { chainOf, delegation } from './chains.ts';
import { handedBack, passRound, tell, work } from '../heldout-traffic.ts';
import { usedUp } from './heldout.ts';

export const tune: readonly FindingCase[] = [
  {
    name: 'a, b and c pass on to d',
    finds: [{}],
    spans: delegation(chainOf(['a', 'b', 'c', 'd'])),
  },
  { name: 'a passes on to b', finds: [], spans: delegation(chainOf(['a', 'b'])) },
  ...usedUp,
  {
    name: 'four speakers of a group chat that says it is one, each of whom names the next',
    finds: [],
    spans: tell('autogen', 'panel', (run) => passRound(run, ['ann', 'bob', 'cem', 'dia'], 12), {
      attributes: { 'orchescope.workflow.pattern': 'group_chat' },
    }),
  },
  {
    name: 'a supervisor whose framework gives the work back to it after each expert',
    finds: [],
    spans: handedBack(),
  },
  {
    name: 'two agents between two who did far more than they passed on',
    finds: [],
    spans: tell('orchescope', 'claims', (run) => {
      work('assessor', { rounds: 6 })(run);
      passRound(run, ['assessor', 'clerk', 'lawyer', 'desk'], 4);
      work('clerk', { rounds: 4 })(run);
    }),
  },
];
