/** What a kind of finding means, in one sentence. The whole text is docs/detectors/<kind>.md. */
import type { FindingKind } from 'orchescope/contract';

export const findingMeanings: Readonly<Record<FindingKind, string>> = {
  loop: 'An agent, or a team, does the same thing again and learns nothing from it.',
  retry_amplification: 'Layers that each try again multiply: one failure becomes many calls.',
  error_escalation:
    'One error went through several agents instead of being dealt with where it was.',
  straggler: 'One branch of a fan-out held up the step that all others had long ended.',
  synchronous_waterfall: 'Steps that need nothing of each other ran one after the other.',
  god_agent: 'One agent does nearly everything, with more tools than it can choose from.',
  over_orchestration: 'Coordination cost more than the work that was coordinated.',
  missing_error_boundary: 'A failure that could have been caught ended the whole run.',
  chatty_handoffs: 'Agents pass the work around more often than they work on it.',
  handoff_refused: 'An agent was handed work and did not take it.',
  handoff_bounced: 'Work came straight back to the agent that had handed it on.',
  deadlock: 'Agents waited for one another in a ring.',
  conflicting_writes: 'Agents wrote to one thing at the same time, and the last one won.',
  poison_message: 'A message failed again and again until it was given up.',
  supervisor_saturation: 'Workers waited for a supervisor that could not keep up.',
  plan_deviation: 'What ran is not what was planned.',
  compensation_gap: 'A step was undone in part or not at all after a later one had failed.',
  budget_exhausted: 'A limit of rounds, tokens, money or time ended the work.',
  context_bloat: 'Prompts grew from call to call, with mostly the same text in them.',
  repeated_prompt: 'The same question was asked and paid for more than once.',
  slow_first_token: 'The first word of an answer was long in coming.',
  abandoned_run: 'A run was left open: nothing happened any more, and nothing ended it.',
};
