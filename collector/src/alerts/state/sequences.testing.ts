/** Random rules and what happens to them, for the state machine and its reference model. */
import { array, boolean, constantFrom, integer, oneof, record, type Arbitrary } from 'fast-check';
import type { AlertRule } from '../../contract.ts';
import { play, ruleOf } from './play.testing.ts';
import { runModel, type ModelRule } from './reference-model.testing.ts';

export type Sequence = { readonly rule: ModelRule; readonly letters: readonly string[] };

export const sequence: Arbitrary<Sequence> = record({
  rule: record({
    grouped: boolean(),
    forMinutes: integer({ min: 0, max: 3 }),
    keepMinutes: integer({ min: 0, max: 3 }),
    noData: constantFrom('ok' as const, 'keep' as const, 'show' as const, 'alert' as const),
    absentMinutes: integer({ min: 1, max: 4 }),
  }),
  letters: oneof(
    array(constantFrom('B', 'I', 'R', 'U', 'M', 'F', 'X'), {
      minLength: 1,
      maxLength: 24,
      size: 'max',
    }),
    // Most of these change something.
    array(constantFrom('B', 'R', 'B', 'R', 'M', 'X'), { minLength: 1, maxLength: 40, size: 'max' }),
  ),
});

/** Both ways, in the same words. */
export function tellBoth({ rule, letters }: Sequence): { model: string; machine: string } {
  const model = runModel(rule, letters);
  const timed = ruleOf(toGiven(rule));
  const played = play(timed, letters.join(''), rule.grouped ? 'writer' : '');
  return {
    model: `${model.told.join(' ')} | ${model.shown.at(-1) ?? ''}`,
    machine: `${played.told} | ${played.state}`,
  };
}

export function toGiven(rule: ModelRule): Partial<AlertRule> {
  return {
    by: rule.grouped ? 'agent' : 'none',
    for: `${rule.forMinutes}m`,
    keepFiring: `${rule.keepMinutes}m`,
    noData: rule.noData,
    absentFor: `${rule.absentMinutes}m`,
  };
}
