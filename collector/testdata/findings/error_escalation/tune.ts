import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { agent, chain, tool } from './chains.ts';
import { usedUp } from './heldout.ts';

export const tune: readonly FindingCase[] = [
  {
    name: 'three agents of one error',
    finds: [{ subject: 'c' }],
    spans: chain([agent('a', 'X'), agent('b', 'X'), agent('c', 'X'), tool('t', 'X')]),
  },
  {
    name: 'three agents, of which the middle one did not fail',
    finds: [],
    spans: chain([agent('a', 'X'), agent('b'), agent('c', 'X'), tool('t', 'X')]),
  },
  ...usedUp,
];
