import type { LogFact } from '../../log-record.ts';
import type { Attributes, SpanKind } from '../../span.ts';
import type { EventRule } from '../dialects/events.ts';
import { fieldReaders, type FieldName, type FieldValue } from '../dialects/table.ts';
import { readFields, type Fields } from '../to-span/read-fields.ts';

/** The kind of span that would tell the same: rows of the tables may hold on some kinds alone. */
export const kindOfFact: Readonly<Record<LogFact, SpanKind>> = {
  other: 'other',
  message: 'llm',
  evaluation: 'evaluation',
  llm_call: 'llm',
  tool_call: 'tool',
  error: 'other',
};

/** What the event's own row says, else what the tables of spans say. */
export function readEventFields(
  attributes: Attributes,
  fact: LogFact,
  rule: EventRule | null,
): Fields {
  const general = readFields(attributes, kindOfFact[fact]);
  const own = readOwn(attributes, rule);
  if (own.size === 0) return general;
  // A row's reader is the reader of its field, so what it found is of the field's type.
  return {
    get: (field) => (own.get(field) as FieldValue<typeof field> | undefined) ?? general.get(field),
  };
}

function readOwn(attributes: Attributes, rule: EventRule | null): ReadonlyMap<FieldName, unknown> {
  const own = new Map<FieldName, unknown>();
  for (const [field, key, options] of rule?.fields ?? []) {
    const value = attributes.get(key);
    if (value === undefined || own.has(field)) continue;
    const read = (options?.read ?? fieldReaders[field])(value);
    if (read !== null) own.set(field, read);
  }
  return own;
}
