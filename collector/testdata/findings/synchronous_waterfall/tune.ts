import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { asking, tools } from './calls.ts';
import { usedUp } from './heldout.ts';

export const tune: readonly FindingCase[] = [
  { name: 'four searches in a row', finds: [{}], spans: asking(tools(4, 'web_search')) },
  { name: 'four mails in a row', finds: [], spans: asking(tools(4, 'send_mail')) },
  ...usedUp,
];
