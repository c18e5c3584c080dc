/** What is done with the spans of one shape, scope and kind: all rules of all dialects, asked once. */
import type { ContentSlot, SpanKind } from '../../span.ts';
import type { TextTable } from '../../store/native/text-table.ts';
import { kindPrecedence } from '../dialects/all.ts';
import { readCount, readText } from '../dialects/readers.ts';
import { fieldReaders, type FieldName, type KindRule } from '../dialects/table.ts';
import { isChargeKey } from '../pricing/charges.ts';
import { pricedKinds } from '../pricing/pricer.ts';
import { flatPrefix } from '../to-span/read-content.ts';
import { isInScope, toReadKind, type ReadKind } from '../to-span/read-kind.ts';
import { isOwnUsage } from '../to-span/read-usage.ts';
import {
  contentRules,
  fieldRules,
  flatRules,
  kindKeys,
  namePrefixKinds,
  presenceKinds,
  ruleFor,
  type FieldRule,
} from '../to-span/rules.ts';
import { valueTypes } from './shape-tree.ts';
import type { RuleMemo } from './rule-memo.ts';
import type { Decision, NameFacts } from './decisions.ts';
import type { Shape } from './shape.ts';

/** An attribute that may fill a field, and how. */
export type Candidate = {
  readonly position: number;
  readonly type: number;
  /** `text`: the bytes themselves; `count`: an int; `rule`: whatever the rule makes of the value. */
  readonly how: 'text' | 'count' | 'rule';
  readonly rule: FieldRule;
  readonly memo: RuleMemo;
};

export type ContentAction = {
  readonly slot: ContentSlot;
  readonly slotNumber: number;
  readonly keyNumber: number;
  readonly position: number;
  readonly type: number;
  readonly isText: boolean;
};

export type PackAction = {
  readonly slotNumber: number;
  readonly keyNumber: number;
  /** `"<key>":` of each, as bytes. */
  readonly names: readonly Buffer[];
  readonly positions: readonly number[];
  readonly types: readonly number[];
};

export type Plan = {
  /** Of all attributes. */
  readonly types: Uint8Array;
  readonly readKind: ReadKind;
  readonly kind: SpanKind;
  readonly kindNumber: number;
  readonly dialectNumber: number;
  /** Where the raw kind stands, -1 = nowhere. */
  readonly rawKindPosition: number;
  readonly isOwnUsage: boolean;
  readonly isPriced: boolean;
  readonly isWait: boolean;
  /** The first that says something wins. */
  readonly fields: Readonly<Record<FieldName, readonly Candidate[]>>;
  /** Attributes that stay attributes. */
  readonly kept: Int32Array;
  readonly keptKeys: Int32Array;
  /** Keys of those of them that are no texts. */
  readonly typedKeys: Int32Array;
  /** Those of them that are read by the general readers. */
  readonly keptOthers: readonly number[];
  readonly content: readonly ContentAction[];
  /** Every item is a text, to be copied. */
  readonly plainContent: boolean;
  readonly packs: readonly PackAction[];
  /** Positions of values of the type `other`: read in any case, since they may be malformed. */
  readonly others: Int32Array;
  /** Attributes that may tell of charges beyond tokens of text; none on most spans. */
  readonly charges: readonly ChargeStep[];
};

export type ChargeStep = { readonly key: string; readonly position: number; readonly type: number };

export type PlanSource = {
  readonly shape: Shape;
  readonly scopeName: string;
  readonly isRoot: boolean;
  /** Of the attributes that decide anything, by position. */
  readonly decisions: ReadonlyMap<number, Decision>;
  readonly name: NameFacts;
  /** Whether the span is called what the attribute, or this member of it, says. */
  readonly isCalled: (key: string, member: string | undefined) => boolean;
  readonly texts: TextTable;
  readonly memoOf: (rule: FieldRule) => RuleMemo;
};

/** Null for a placeholder of another span: it goes the general way. */
export function makePlan(source: PlanSource): Plan | null {
  if ([...source.decisions.values()].some(({ isPending }) => isPending)) return null;
  const { shape, texts } = source;
  const { rule, rawKindPosition } = decideKind(source);
  const readKind = toReadKind(rule, '', source.isRoot);
  const { kind } = readKind;
  const { kept, content, packs } = sortAttributes(shape, kind, texts);
  const isTyped = (position: number): boolean => {
    const type = shape.types[position];
    return type !== valueTypes.text && type !== valueTypes.emptyText;
  };
  const others = shape.path.flatMap(({ type }, at) => (type === valueTypes.other ? [at] : []));
  const isPriced = pricedKinds.has(kind);
  return {
    types: shape.types,
    plainContent: content.every(({ type }) => type === valueTypes.text),
    readKind,
    kind,
    kindNumber: texts.numberOf(kind),
    dialectNumber: texts.numberOf(decideDialect(source)),
    rawKindPosition,
    isOwnUsage: isOwnUsage(readKind),
    isPriced,
    isWait: source.name.isWait || [...source.decisions.values()].some(({ isWait }) => isWait),
    fields: collectFields(source, kind),
    kept: Int32Array.from(kept),
    keptKeys: Int32Array.from(kept, (position) => shape.keys[position] ?? 0),
    typedKeys: Int32Array.from(kept.filter(isTyped), (position) => shape.keys[position] ?? 0),
    keptOthers: kept.filter((position) => shape.types[position] === valueTypes.other),
    content,
    packs,
    others: Int32Array.from(others),
    charges: isPriced ? findCharges(shape, kept) : [],
  };
}

function findCharges({ path }: Shape, kept: readonly number[]): readonly ChargeStep[] {
  return kept.flatMap((position) => {
    const step = path[position];
    if (step === undefined || !isChargeKey(step.text)) return [];
    return [{ key: step.text, position, type: step.type }];
  });
}

/** As `readKind` does, with the words already looked up. */
function decideKind(source: PlanSource): { rule: KindRule; rawKindPosition: number } {
  const { shape, decisions, isCalled } = source;
  let rawKindPosition = -1;
  for (const [index, { key }] of kindKeys.entries()) {
    const position = shape.positions.get(key) ?? -1;
    const decision = decisions.get(position);
    if (decision === undefined) continue;
    if (rawKindPosition < 0) rawKindPosition = position;
    const rule = decision.rules.get(index);
    if (rule === undefined) continue;
    const { agentIfNamed } = rule;
    const isAgent = agentIfNamed !== undefined && isCalled(agentIfNamed.key, agentIfNamed.member);
    return {
      rule: isAgent ? { ...rule, kind: 'agent', root: 'agent' } : rule,
      rawKindPosition: position,
    };
  }
  return { rule: { kind: guessKind(source) }, rawKindPosition };
}

function guessKind({ shape, scopeName, name }: PlanSource): SpanKind {
  const byKey = presenceKinds.find((row) => {
    const type = shape.path[shape.positions.get(row[0]) ?? -1]?.type;
    const isSet =
      type !== undefined && type !== valueTypes.nothing && type !== valueTypes.emptyText;
    return isSet && isInScope(row, scopeName);
  });
  if (byKey !== undefined) return byKey[1];
  const byName = name.prefixes.find((index) => {
    const row = namePrefixKinds[index];
    return row !== undefined && isInScope(row, scopeName);
  });
  return byName === undefined ? 'other' : (namePrefixKinds[byName]?.[1] ?? 'other');
}

function decideDialect({ shape, scopeName, decisions }: PlanSource): string {
  const byScope = kindPrecedence.find(({ marks: { scopes = [], scopePrefixes = [] } }) => {
    return scopes.includes(scopeName) || scopePrefixes.some((one) => scopeName.startsWith(one));
  });
  if (byScope !== undefined) return byScope.name;
  const marked = kindPrecedence.find(({ marks: { keys = [], values = [] } }) => {
    if (keys.some((key) => shape.positions.has(key))) return true;
    return values.some(([key, value]) =>
      decisions.get(shape.positions.get(key) ?? -1)?.marks.has(value),
    );
  });
  return marked?.name ?? 'otel';
}

function collectFields(
  { shape, memoOf }: PlanSource,
  kind: SpanKind,
): Readonly<Record<FieldName, readonly Candidate[]>> {
  const fields = Object.fromEntries(
    Object.keys(fieldReaders).map((field) => [field, [] as Candidate[]]),
  ) as Record<FieldName, Candidate[]>;
  for (const [position, { text, type }] of shape.path.entries()) {
    for (const rule of fieldRules.get(text) ?? []) {
      if (rule.kinds !== null && !rule.kinds.includes(kind)) continue;
      if (isSilent(rule, type)) continue;
      fields[rule.field].push({
        position,
        type,
        how: howToRead(rule, type),
        rule,
        memo: memoOf(rule),
      });
    }
  }
  for (const candidates of Object.values(fields)) {
    candidates.sort((a, b) => a.rule.rank - b.rule.rank);
  }
  return fields;
}

/** What is empty says nothing, whatever is asked of it. */
function isSilent({ member, read }: FieldRule, type: number): boolean {
  if (type !== valueTypes.nothing && type !== valueTypes.emptyText) return false;
  return member !== null || read(type === valueTypes.nothing ? null : '') === null;
}

function howToRead({ member, read }: FieldRule, type: number): Candidate['how'] {
  if (member === null && read === readText && type === valueTypes.text) return 'text';
  return member === null && read === readCount && type === valueTypes.int ? 'count' : 'rule';
}

/** As `readContent` does. */
function sortAttributes(shape: Shape, kind: SpanKind, texts: TextTable) {
  const kept: number[] = [];
  const content: ContentAction[] = [];
  const packs = new Map<string, { slot: ContentSlot; positions: number[] }>();
  for (const [position, { text: key, key: keyNumber, type }] of shape.path.entries()) {
    const isEmpty = type === valueTypes.nothing || type === valueTypes.emptyText;
    const rule = isEmpty ? undefined : ruleFor(contentRules.get(key), kind);
    if (rule !== undefined) {
      const { slot, isText } = rule;
      content.push({ slot, slotNumber: texts.numberOf(slot), keyNumber, position, type, isText });
      continue;
    }
    const prefix = flatPrefix(key);
    const flat = prefix === undefined ? undefined : ruleFor(flatRules.get(prefix), kind);
    if (prefix === undefined || flat === undefined) {
      kept.push(position);
      continue;
    }
    const pack = packs.get(prefix) ?? { slot: flat.slot, positions: [] };
    packs.set(prefix, pack);
    pack.positions.push(position);
  }
  return {
    kept,
    content,
    packs: Array.from(packs, ([prefix, { slot, positions }]): PackAction => {
      const path = positions.map((position) => shape.path[position]);
      return {
        slotNumber: texts.numberOf(slot),
        keyNumber: texts.numberOf(prefix),
        positions,
        types: path.map((step) => step?.type ?? 0),
        names: path.map((step) => Buffer.from(`${JSON.stringify(step?.text.toWellFormed())}:`)),
      };
    }),
  };
}
