import type { AttributeValue, Attributes, SpanKind } from '../../span.ts';
import type { KindRule } from '../dialects/table.ts';
import { kindKeys, namePrefixKinds, presenceKinds } from './rules.ts';

export type ReadKind = {
  readonly kind: SpanKind;
  readonly rawKind: string;
  readonly isNamed: boolean;
  readonly repeatsUsage: boolean;
};

/** Believed in this order: a framework's own key, the operation name, keys that only one kind has, the span's name. */
export function readKind(attributes: Attributes, name: string, isRoot: boolean): ReadKind {
  let rawKind = '';
  for (const { key, values, any } of kindKeys) {
    const raw = attributes.get(key);
    if (typeof raw !== 'string' || raw === '') continue;
    if (rawKind === '') rawKind = raw;
    const rule = values.get(raw.toLowerCase()) ?? any;
    if (rule !== null) return toReadKind(rule, raw, isRoot);
  }
  const kind = guessByKeys(attributes) ?? guessByName(name) ?? 'other';
  return { kind, rawKind, isNamed: false, repeatsUsage: false };
}

function toReadKind(rule: KindRule, rawKind: string, isRoot: boolean): ReadKind {
  return {
    kind: isRoot ? (rule.root ?? rule.kind) : rule.kind,
    rawKind,
    isNamed: rule.named ?? false,
    repeatsUsage: rule.repeatsUsage ?? false,
  };
}

function guessByKeys(attributes: Attributes): SpanKind | undefined {
  return presenceKinds.find(([key]) => isSet(attributes.get(key)))?.[1];
}

function isSet(value: AttributeValue | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}

function guessByName(name: string): SpanKind | undefined {
  return namePrefixKinds.find(([prefix]) => name === prefix || name.startsWith(`${prefix} `))?.[1];
}
