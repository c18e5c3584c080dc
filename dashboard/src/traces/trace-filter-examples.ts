/** What the filter language can say, one example a thing. The server's answer to a wrong word lists all fields. */
import type { FilterExample } from '../list/list-page.ts';

export const traceFilterPlaceholder = 'Filter: agent:planner status:error cost>0.1 duration>5s';

export const traceFilterExamples: readonly FilterExample[] = [
  { example: 'refund', meaning: 'a word in the names of spans' },
  { example: 'status:error', meaning: 'something failed' },
  { example: 'agent:planner', meaning: 'an agent took part' },
  { example: 'tool:search*', meaning: 'a tool whose name begins so' },
  { example: 'model:gpt*', meaning: 'a model was asked' },
  { example: 'duration>5s', meaning: 'took longer' },
  { example: 'cost>0.1', meaning: 'cost more, in USD' },
  { example: 'tokens>=10k', meaning: 'used more tokens' },
  { example: 'user:u-42', meaning: 'ran for a user' },
  { example: '-service:staging', meaning: 'not from a service' },
  { example: 'attributes.tier:gold', meaning: 'any attribute of a span' },
];
