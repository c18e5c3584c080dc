import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { nested, tries } from './layers.ts';

export const tune: readonly FindingCase[] = [
  {
    name: 'two tries of a workflow, three tries of an agent in each',
    finds: [{}],
    spans: nested(
      '',
      [
        { name: 'workflow', kind: 'workflow' },
        { name: 'agent', kind: 'agent' },
      ],
      [2, 3],
    ),
  },
  {
    name: 'six tries in one layer',
    finds: [],
    spans: tries('', { name: 'chat', kind: 'llm' }, 6),
  },
];
