/**
 * How the detectors did on the held-out runs (`<kind>/heldout.ts`) when they first saw them: before a rule, a threshold or
 * a label was changed for it. History, not to be brought up to date.
 */
import type { FindingKind } from '../../src/run.ts';

export const firstMeasuredOn = '2026-11-21';

export type FirstMeasured = {
  /** Findings that the labels ask for, and how many of them were reported. */
  readonly labels: number;
  readonly found: number;
  /** Findings that no label asks for. */
  readonly wrong: number;
};

export const firstMeasured: Readonly<Record<FindingKind, FirstMeasured>> = {
  loop: { labels: 5, found: 4, wrong: 0 },
  retry_amplification: { labels: 5, found: 5, wrong: 0 },
  error_escalation: { labels: 5, found: 5, wrong: 1 },
  missing_error_boundary: { labels: 5, found: 5, wrong: 0 },
  straggler: { labels: 5, found: 5, wrong: 0 },
  synchronous_waterfall: { labels: 5, found: 4, wrong: 0 },
  god_agent: { labels: 5, found: 5, wrong: 0 },
  over_orchestration: { labels: 5, found: 5, wrong: 1 },
  chatty_handoffs: { labels: 5, found: 5, wrong: 0 },
  handoff_refused: { labels: 6, found: 4, wrong: 0 },
  handoff_bounced: { labels: 6, found: 5, wrong: 0 },
  deadlock: { labels: 5, found: 5, wrong: 0 },
  conflicting_writes: { labels: 5, found: 5, wrong: 0 },
  poison_message: { labels: 6, found: 6, wrong: 0 },
  supervisor_saturation: { labels: 5, found: 5, wrong: 1 },
  plan_deviation: { labels: 5, found: 4, wrong: 0 },
  compensation_gap: { labels: 5, found: 5, wrong: 1 },
  budget_exhausted: { labels: 5, found: 5, wrong: 1 },
  context_bloat: { labels: 6, found: 6, wrong: 0 },
  repeated_prompt: { labels: 5, found: 5, wrong: 0 },
  slow_first_token: { labels: 6, found: 6, wrong: 0 },
  abandoned_run: { labels: 5, found: 5, wrong: 0 },
};

/**
 * The same runs, each judged by the detectors of all other kinds, for which nobody had labelled them. What was reported
 * was looked at one by one afterwards.
 */
export const firstMeasuredElsewhere = { reports: 20, wrong: 5 };
