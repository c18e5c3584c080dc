import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { tellAgent, times } from '../../../src/analysis/detectors/shapes.testing.ts';

export const tune: readonly FindingCase[] = [
  {
    name: 'three equal prompts',
    finds: [{ subject: 'a' }],
    spans: tellAgent('strands', { agent: 'a', turns: times(3, () => ({ prompt: 'hello' })) }),
  },
  {
    name: 'three prompts',
    finds: [],
    spans: tellAgent('strands', { agent: 'a', turns: times(3, (n) => ({ prompt: `hello ${n}` })) }),
  },
];
