/** Runs on which the rules were tried. They count for nothing that is published. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { dialects, tellAgent, times } from '../../../src/analysis/detectors/shapes.testing.ts';
import { usedUp } from './heldout.ts';

const search = { tool: 'search', args: 'cats', result: 'nothing' };

export const tune: readonly FindingCase[] = [
  ...dialects.map((dialect) => ({
    name: `three equal searches, as ${dialect} tells them`,
    finds: [{ variant: 'exact_repeat', subject: 'search' }],
    spans: tellAgent(dialect, {
      agent: 'researcher',
      turns: times(3, () => ({ tools: [search] })),
    }),
  })),
  ...dialects.map((dialect) => ({
    name: `three searches for something else each, as ${dialect} tells them`,
    finds: [],
    spans: tellAgent(dialect, {
      agent: 'researcher',
      turns: times(3, (n) => ({ tools: [{ ...search, args: `cats ${n}` }] })),
    }),
  })),
  {
    name: 'two equal searches',
    finds: [],
    spans: tellAgent('ai-sdk', {
      agent: 'researcher',
      turns: times(2, () => ({ tools: [search] })),
    }),
  },
  {
    name: 'read, edit and test three times over, begun in the middle of a round',
    finds: [{ variant: 'cycle', subject: 'edit > test > read' }],
    spans: tellAgent('mastra', {
      agent: 'coder',
      turns: [...times(10, (n) => ['edit', 'test', 'read'][n % 3] ?? '')].map((tool) => ({
        tools: [{ tool, args: tool, result: `done ${tool}` }],
      })),
    }),
  },
  ...usedUp,
];
