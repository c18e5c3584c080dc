/** The tables of all dialects, turned once into what one pass over the attributes of a span needs. */
import type { AttributeValue, ContentSlot, SpanKind } from '../../span.ts';
import { kindPrecedence, precedence } from '../dialects/all.ts';
import {
  fieldReaders,
  type ContentRow,
  type FieldName,
  type FieldRow,
  type KindRule,
} from '../dialects/table.ts';

export type FieldRule = {
  readonly field: FieldName;
  /** The lowest wins. */
  readonly rank: number;
  readonly read: (value: AttributeValue) => unknown;
  readonly member: string | null;
  readonly kinds: readonly SpanKind[] | null;
};

export const fieldRules: ReadonlyMap<string, readonly FieldRule[]> = groupByKey(
  precedence.flatMap(({ fields }) => fields).map((row, rank) => [row[1], toFieldRule(row, rank)]),
);

function toFieldRule([field, , options]: FieldRow, rank: number): FieldRule {
  return {
    field,
    rank,
    read: options?.read ?? fieldReaders[field],
    member: options?.member ?? null,
    kinds: options?.kinds ?? null,
  };
}

export type ContentRule = {
  readonly slot: ContentSlot;
  readonly isText: boolean;
  readonly kinds: readonly SpanKind[] | null;
};

const contentRows = precedence.flatMap(({ content }) => content);

/** Key -> rules. */
export const contentRules = groupContent(contentRows.filter((row) => row[2]?.as !== 'flat'));

/** What stands before `.<number>` in a key -> rules. */
export const flatRules = groupContent(contentRows.filter((row) => row[2]?.as === 'flat'));

function groupContent(rows: readonly ContentRow[]): ReadonlyMap<string, readonly ContentRule[]> {
  return groupByKey(
    rows.map(([slot, key, options]) => [
      key,
      { slot, isText: options?.as === 'text', kinds: options?.kinds ?? null },
    ]),
  );
}

/** The values of one key, in lower case; `any` stands for all others. */
export type KindKey = {
  readonly key: string;
  readonly values: ReadonlyMap<string, KindRule>;
  readonly any: KindRule | null;
};

export const kindKeys: readonly KindKey[] = kindPrecedence
  .flatMap(({ kinds }) => kinds)
  .map(({ key, values }) => {
    const rules = Object.entries(values).map(
      ([value, rule]) => [value, typeof rule === 'string' ? { kind: rule } : rule] as const,
    );
    const map = new Map(rules);
    return { key, values: map, any: map.get('*') ?? null };
  });

export const presenceKinds = kindPrecedence.flatMap(({ presence }) => presence);
export const namePrefixKinds = kindPrecedence.flatMap(({ namePrefixes }) => namePrefixes);
export const waitRules = precedence.flatMap(({ waits }) => waits);
export const messageEventSlots: ReadonlyMap<string, ContentSlot> = new Map(
  precedence.flatMap(({ messageEvents }) => messageEvents),
);

/** The first rule that holds for spans of this kind. */
export function ruleFor<R extends { readonly kinds: readonly SpanKind[] | null }>(
  rules: readonly R[] | undefined,
  kind: SpanKind,
): R | undefined {
  return rules?.find((rule) => rule.kinds === null || rule.kinds.includes(kind));
}

function groupByKey<R>(rows: readonly (readonly [string, R])[]): ReadonlyMap<string, readonly R[]> {
  const groups = new Map<string, R[]>();
  for (const [key, rule] of rows) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [rule]);
    else group.push(rule);
  }
  return groups;
}
