import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { messages } from './queues.ts';
import { usedUp } from './heldout.ts';

export const tune: readonly FindingCase[] = [
  {
    name: 'twice as much as it can take',
    finds: [{}],
    spans: messages({ tasks: 20, everyMs: 500, serviceMs: 1000 }),
  },
  {
    name: 'half of what it can take',
    finds: [],
    spans: messages({ tasks: 20, everyMs: 500, serviceMs: 250 }),
  },
  ...usedUp,
];
