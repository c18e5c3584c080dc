/** A rule after a round: each of its looks, and what that made of it. */
import type { KnownRule } from '../alert-settings.ts';
import type { AlertEvent } from '../instance.ts';
import type { TimedRule } from '../timed-rule.ts';
import type { Look } from './due.ts';
import type { KeptRule } from './kept-rule.ts';
import type { Judged } from './to-evaluation.ts';

export type Step = {
  readonly look: Look;
  readonly state: KeptRule['state'] & object;
  readonly judged: readonly Judged[];
  readonly events: readonly AlertEvent[];
  readonly overflow: number;
  readonly error: string;
};

export type Stepped = {
  readonly known: KnownRule;
  readonly timed: TimedRule;
  readonly kept: KeptRule;
  readonly steps: readonly Step[];
  readonly isBehind: boolean;
  /** Nothing but its name is left of the rule. */
  readonly isGone: boolean;
};
