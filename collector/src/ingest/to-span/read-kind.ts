import type { AttributeValue, Attributes, SpanKind } from '../../span.ts';
import type { HintRow, KindRule } from '../dialects/table.ts';
import { readMember } from '../dialects/read-member.ts';
import { kindKeys, namePrefixKinds, presenceKinds } from './rules.ts';

export type ReadKind = {
  readonly kind: SpanKind;
  readonly rawKind: string;
  readonly isNamed: boolean;
  readonly repeatsUsage: boolean;
  readonly cacheBesideInput: boolean;
};

/** Believed in this order: a framework's own key, the operation name, keys that only one kind has, the span's name. */
export function readKind(
  attributes: Attributes,
  name: string,
  scopeName: string,
  isRoot: boolean,
): ReadKind {
  let rawKind = '';
  for (const { key, values, any } of kindKeys) {
    const raw = toWord(attributes.get(key));
    if (raw === '') continue;
    if (rawKind === '') rawKind = raw;
    const rule = values.get(raw.toLowerCase()) ?? any;
    if (rule === null) continue;
    const isAgent = isNamedAgent(rule, attributes, name);
    return toReadKind(isAgent ? { ...rule, kind: 'agent', root: 'agent' } : rule, raw, isRoot);
  }
  const kind = guessByKeys(attributes, scopeName) ?? guessByName(name, scopeName) ?? 'other';
  return toReadKind({ kind }, rawKind, isRoot);
}

function toWord(value: AttributeValue | undefined): string {
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : '';
}

/** Whatever runs inside an agent carries the agent's name too: only the span of that name is the agent. */
function isNamedAgent(rule: KindRule, attributes: Attributes, name: string): boolean {
  if (rule.agentIfNamed === undefined || name === '') return false;
  const { key, member } = rule.agentIfNamed;
  const value = attributes.get(key) ?? null;
  return (member === undefined ? value : readMember(value, member)) === name;
}

export function toReadKind(rule: KindRule, rawKind: string, isRoot: boolean): ReadKind {
  return {
    kind: isRoot ? (rule.root ?? rule.kind) : rule.kind,
    rawKind,
    isNamed: rule.named ?? false,
    repeatsUsage: rule.repeatsUsage ?? false,
    cacheBesideInput: rule.cacheBesideInput ?? false,
  };
}

function guessByKeys(attributes: Attributes, scopeName: string): SpanKind | undefined {
  return presenceKinds.find(
    (row) => isSet(attributes.get(row[0])) && isInScope(row, scopeName),
  )?.[1];
}

function isSet(value: AttributeValue | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}

function guessByName(name: string, scopeName: string): SpanKind | undefined {
  return namePrefixKinds.find(
    (row) => (name === row[0] || name.startsWith(`${row[0]} `)) && isInScope(row, scopeName),
  )?.[1];
}

export function isInScope([, , options]: HintRow, scopeName: string): boolean {
  return options === undefined || options.scope === scopeName;
}
