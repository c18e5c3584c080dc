/** What the filter over runs can say, one example a thing. The server's answer to a wrong word lists all fields. */
import type { FilterExample } from '../list/list-page.ts';

export const runFilterPlaceholder =
  'Filter: workflow:refund status:failed finding:loop cost>0.1 duration>30s';

export const runFilterExamples: readonly FilterExample[] = [
  { example: 'refund', meaning: 'a word in the name of workflow or root' },
  { example: 'workflow:refund*', meaning: 'a workflow whose name begins so' },
  { example: 'status:failed', meaning: 'or running, suspended, partial ...' },
  { example: 'finding:loop', meaning: 'a detector found this kind' },
  { example: 'severity:critical', meaning: 'with a finding as bad as that' },
  { example: 'agent:planner', meaning: 'an agent took part' },
  { example: 'failed_agent:planner', meaning: 'and failed; failed_tool: likewise' },
  { example: 'model:gpt*', meaning: 'a model was asked' },
  { example: 'tool:search*', meaning: 'a tool was called' },
  { example: 'pattern:supervisor', meaning: 'how its agents worked together' },
  { example: 'error:TimeoutError', meaning: 'the error it ended with' },
  { example: 'user:u-42', meaning: 'ran for a user; conversation: likewise' },
  { example: 'tag:beta', meaning: 'carries a tag' },
  { example: '-environment:staging', meaning: 'not from there; version: likewise' },
  { example: 'cost>0.1', meaning: 'cost more, in USD' },
  { example: 'tokens>=10k', meaning: 'used more tokens' },
  { example: 'duration>30s', meaning: 'took longer, with its pauses' },
  { example: 'findings>2', meaning: 'also errors, retries, handoffs, spans' },
];
