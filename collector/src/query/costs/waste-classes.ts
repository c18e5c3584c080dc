/** What each class of waste counts, and which findings tell of the same. */
import type { FindingKind, WasteClass } from '../../contract.ts';

type Class = {
  readonly rule: string;
  readonly findings: readonly FindingKind[];
  /** What the tokens of a class are: all of the call, or a part that is priced as such. */
  readonly part: 'call' | 'resent' | 'written';
  /** Of the list of runs: what comes nearest to the class. */
  readonly filter: string;
};

export const wasteClasses: Readonly<Record<WasteClass, Class>> = {
  abandoned_run: {
    rule: 'Every call of a run that never ended and has said nothing for long.',
    findings: ['abandoned_run'],
    part: 'call',
    filter: 'finding:abandoned_run',
  },
  failed_run: {
    rule: 'Every call of a run that failed.',
    findings: ['missing_error_boundary', 'error_escalation'],
    part: 'call',
    filter: 'status:failed',
  },
  loop_iteration: {
    rule: 'Calls of the rounds of a loop after the first, as its finding tells them.',
    findings: ['loop'],
    part: 'call',
    filter: 'finding:loop',
  },
  retried_attempt: {
    rule: 'Calls of a try that failed and was made again.',
    findings: ['retry_amplification'],
    part: 'call',
    filter: 'retries>0',
  },
  repeated_prompt: {
    rule: 'Calls of one model with a prompt that it had answered before in the run, as the finding tells them.',
    findings: ['repeated_prompt'],
    part: 'call',
    filter: 'finding:repeated_prompt',
  },
  unused_tool_result: {
    rule: 'The last call of an agent asked for tools, and the run was stopped before any model read their answers.',
    findings: [],
    part: 'call',
    filter: 'status:cancelled',
  },
  unread_cache_write: {
    rule: 'Written to a cache at a higher price than input, and not read within an hour by any call of the same workflow, agent and model. Counts what writing cost on top of plain input.',
    findings: [],
    part: 'written',
    filter: '',
  },
  uncached_context: {
    rule: 'Input that the call before in the same conversation had sent already and that no cache gave. Counts what a cache would have saved; only where the sender tells of caches.',
    findings: ['context_bloat'],
    part: 'resent',
    filter: '',
  },
};
