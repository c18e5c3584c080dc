import type { AttributeValue, Attributes, SpanKind } from '../../span.ts';
import type { FieldName, FieldValue } from '../dialects/table.ts';
import { readMember } from '../dialects/read-member.ts';
import { fieldRules, type FieldRule } from './rules.ts';

/** What the attributes say about one column, by precedence of the dialects; null = nothing. */
export type Fields = { readonly get: <F extends FieldName>(field: F) => FieldValue<F> | null };

type Found = { readonly rank: number; readonly value: unknown };

/** One look at each attribute, however many dialects there are. */
export function readFields(attributes: Attributes, kind: SpanKind): Fields {
  const found = new Map<FieldName, Found>();
  for (const [key, value] of attributes) {
    for (const rule of fieldRules.get(key) ?? []) {
      const better = (found.get(rule.field)?.rank ?? Infinity) > rule.rank;
      if (better && (rule.kinds === null || rule.kinds.includes(kind))) offer(found, rule, value);
    }
  }
  // A rule's reader is the reader of its field, so what it found is of the field's type.
  return { get: (field) => (found.get(field)?.value ?? null) as FieldValue<typeof field> | null };
}

function offer(found: Map<FieldName, Found>, rule: FieldRule, value: AttributeValue): void {
  const source = rule.member === null ? value : readMember(value, rule.member);
  if (source === null || source === undefined) return;
  const read = rule.read(source);
  if (read !== null) found.set(rule.field, { rank: rule.rank, value: read });
}
