import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { agent, chain, llm, tool, workflow } from '../error_escalation/chains.ts';

const good = (id: string) => ({ id, parent: '1', kind: 'llm' as const, at: 20, until: 30 });

export const tune: readonly FindingCase[] = [
  {
    name: 'a tool fails after two calls that went well, and all above it fail',
    finds: [{ subject: 'pay' }],
    spans: [
      ...chain([workflow('w', 'X'), agent('a', 'X'), tool('pay', 'X')]),
      good('1 a'),
      good('1 b'),
    ],
  },
  {
    name: 'the same with one call that went well',
    finds: [],
    spans: [...chain([workflow('w', 'X'), agent('a', 'X'), llm('gpt-5', 'X')]), good('1 a')],
  },
];
