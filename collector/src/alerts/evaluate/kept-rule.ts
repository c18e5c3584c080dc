/** What the evaluator remembers of a rule between rounds: what the store has of it. */
import type { LastEvaluation } from '../../store/alert-log.ts';
import type { RuleState } from '../instance.ts';

export type KeptRule = {
  /** Of the last evaluation that is stored; null = none. */
  readonly lastAtMs: number | null;
  readonly state: RuleState | null;
  /** What the store has of the state, without the time of the evaluation, and when it was written. */
  readonly writtenText: string;
  readonly writtenAtMs: number;
  /** Of the last evaluation whose values could be read; null = none. */
  readonly readAtMs: number | null;
};

export const nothingKept: KeptRule = {
  lastAtMs: null,
  state: null,
  writtenText: '',
  writtenAtMs: 0,
  readAtMs: null,
};

export function toKeptRule({ evalAtMs, ruleState, stateAtMs, error }: LastEvaluation): KeptRule {
  return {
    lastAtMs: evalAtMs,
    state: ruleState === null ? null : { ...ruleState, evaluatedAtMs: evalAtMs },
    writtenText: ruleState === null ? '' : textOf(ruleState),
    writtenAtMs: stateAtMs,
    readAtMs: error === '' ? evalAtMs : null,
  };
}

const dayMs = 86_400_000;

/** Whether the state has to go into the row: it is another than the store has, or that one grows old. */
export function isToBeWritten(state: RuleState, kept: KeptRule): boolean {
  if (textOf(state) !== kept.writtenText) return true;
  const isEmpty = state.instances.length === 0 && state.told.length === 0;
  return !isEmpty && state.evaluatedAtMs - kept.writtenAtMs > dayMs;
}

/** When it was evaluated stands in the row itself. */
export function textOf({ ruleHash, instances, told, missed }: RuleState): string {
  return JSON.stringify([ruleHash, instances, told, missed]);
}
