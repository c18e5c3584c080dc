import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { team } from './teams.ts';

export const tune: readonly FindingCase[] = [
  { name: '25 turns with 11 tools, and one turn', finds: [{}], spans: team([{ agent: 'a', turns: 25, tools: 11 }, { agent: 'b', turns: 1, tools: 1 }]) },
  { name: '25 turns with 11 tools twice', finds: [], spans: team([{ agent: 'a', turns: 25, tools: 11 }, { agent: 'b', turns: 25, tools: 11 }]) },
];
