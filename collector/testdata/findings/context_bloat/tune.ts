import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { tellAgent } from '../../../src/analysis/detectors/shapes.testing.ts';

const talk = (...inputs: readonly number[]) =>
  tellAgent('mastra', { agent: 'a', turns: inputs.map((input) => ({ input })) });

export const tune: readonly FindingCase[] = [
  {
    name: 'from three to twenty-three thousand',
    finds: [{}],
    spans: talk(3000, 7000, 11_000, 15_000, 19_000, 23_000),
  },
  { name: 'five calls', finds: [], spans: talk(3000, 7000, 11_000, 15_000, 19_000) },
];
