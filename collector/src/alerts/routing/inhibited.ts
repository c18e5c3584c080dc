/** Whether a rule keeps quiet since another one that fires explains it. */
import type { AlertRule } from '../../contract.ts';

/**
 * Rules that inhibit each other in a circle must not all keep quiet: there, of any two the one whose id comes first is
 * not inhibited by the other. A rule never inhibits itself.
 */
export function isInhibited(
  rule: AlertRule,
  rules: readonly AlertRule[],
  firing: ReadonlySet<string>,
): boolean {
  // Most rules name none, and there may be a thousand of them.
  if (!rule.inhibitedBy.some((id) => firing.has(id))) return false;
  const inhibitors = new Map(rules.map(({ id, inhibitedBy }) => [id, inhibitedBy]));
  return rule.inhibitedBy.some(
    (id) =>
      id !== rule.id &&
      firing.has(id) &&
      !(rule.id < id && isReached(id, rule.id, inhibitors, firing)),
  );
}

/** Whether `to` inhibits `from`, by way of others that fire as well. */
function isReached(
  from: string,
  to: string,
  inhibitors: ReadonlyMap<string, readonly string[]>,
  firing: ReadonlySet<string>,
): boolean {
  const seen = new Set([from]);
  for (const id of seen) {
    if (id === to) return true;
    for (const next of inhibitors.get(id) ?? [])
      if (next === to || firing.has(next)) seen.add(next);
  }
  return false;
}
