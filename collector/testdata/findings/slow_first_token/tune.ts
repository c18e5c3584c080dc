import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';

export const tune: readonly FindingCase[] = [
  {
    name: 'nine seconds',
    finds: [{ subject: 'm' }],
    spans: [{ id: 'a', kind: 'llm', model: 'm', timeToFirstChunk: 9, until: 12_000 }],
  },
  {
    name: 'three seconds',
    finds: [],
    spans: [{ id: 'a', kind: 'llm', model: 'm', timeToFirstChunk: 3, until: 12_000 }],
  },
];
