/** The kinds of findings as people call them. Complete by its type: a new kind without a name does not compile. */
import type { FindingKind, FindingSeverity } from 'orchescope/contract';

export const findingLabels: Readonly<Record<FindingKind, string>> = {
  loop: 'Loop',
  retry_amplification: 'Retry amplification',
  error_escalation: 'Error escalation',
  straggler: 'Straggler',
  synchronous_waterfall: 'Synchronous waterfall',
  god_agent: 'God agent',
  over_orchestration: 'Over-orchestration',
  missing_error_boundary: 'Missing error boundary',
  chatty_handoffs: 'Chatty handoffs',
  handoff_refused: 'Handoff refused',
  handoff_bounced: 'Handoff bounced',
  deadlock: 'Deadlock',
  conflicting_writes: 'Conflicting writes',
  poison_message: 'Poison message',
  supervisor_saturation: 'Supervisor saturation',
  plan_deviation: 'Plan deviation',
  compensation_gap: 'Compensation gap',
  budget_exhausted: 'Budget exhausted',
  context_bloat: 'Context bloat',
  repeated_prompt: 'Repeated prompt',
  slow_first_token: 'Slow first token',
  abandoned_run: 'Abandoned run',
};

/** A newer server may know kinds that this page does not. */
export function labelOf(kind: FindingKind): string {
  return findingLabels[kind] ?? kind;
}

export const severityLabels: Readonly<Record<FindingSeverity, string>> = {
  info: 'Info',
  warning: 'Warning',
  critical: 'Critical',
};
