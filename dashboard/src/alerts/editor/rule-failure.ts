/** Where it is said what the server found wrong with a rule: at the filter, at a field, or above them all. */
import { ApiFailure, toSentence } from '../../api.ts';
import { noProblems, readProblems, type FieldProblems } from './field-problems.ts';

export type RuleFailure = {
  readonly filter: ApiFailure | null;
  readonly problems: FieldProblems;
  /** What no field shows; empty = nothing. */
  readonly elsewhere: string;
};

/**
 * What was said to saving counts more than what was said to trying.
 * @param tried why the rule could not be tried; the preview tells what no field does
 */
export function placeFailure(refusal: unknown, tried: unknown): RuleFailure {
  const failure = refusal ?? tried;
  if (failure instanceof ApiFailure && failure.code === 'invalid_filter') {
    return { filter: failure, problems: noProblems, elsewhere: '' };
  }
  const isOfFields = failure instanceof ApiFailure && failure.status === 400;
  const problems = isOfFields ? readProblems(failure.message) : noProblems;
  if (refusal === null) return { filter: null, problems, elsewhere: '' };
  return { filter: null, problems, elsewhere: isOfFields ? problems.other : toSentence(refusal) };
}
