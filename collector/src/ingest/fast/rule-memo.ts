import type { FieldRule } from '../to-span/rules.ts';
import { readMember } from '../dialects/read-member.ts';
import { valueTypes } from './shape-tree.ts';
import type { SpanValues } from './span-values.ts';

/** What a rule says of a value; the number is set when somebody needs the text as one. */
export type RuleAnswer = { readonly value: unknown; number: number };

const nothing: RuleAnswer = { value: null, number: -1 };

/** What one rule made of values, by their bytes. */
export class RuleMemo {
  private answers: (RuleAnswer | undefined)[] = [];
  private generation = 0;
  private readonly rule: FieldRule;
  private readonly values: SpanValues;

  constructor(rule: FieldRule, values: SpanValues) {
    this.rule = rule;
    this.values = values;
  }

  answerTo(position: number, type: number): RuleAnswer {
    if (type !== valueTypes.text && type !== valueTypes.other) return this.ask(position, type);
    const number = this.values.numberOf(position);
    if (number < 0) return this.ask(position, type);
    const { generation } = this.values.known;
    if (generation !== this.generation) {
      this.generation = generation;
      this.answers = [];
    }
    return (this.answers[number] ??= this.ask(position, type));
  }

  private ask(position: number, type: number): RuleAnswer {
    const { member, read } = this.rule;
    const whole = this.values.valueOf(position, type);
    const value = member === null ? whole : readMember(whole, member);
    const answer = value === null ? null : read(value);
    return answer === null ? nothing : { value: answer, number: -1 };
  }
}
