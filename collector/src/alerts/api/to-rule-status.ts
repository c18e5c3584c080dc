/** A rule with what became of it, as the contract tells it. */
import type { AlertInstance, AlertRuleStatus, AlertState } from '../../contract.ts';
import type { LastEvaluation } from '../../store/alert-log.ts';
import { quietHistory, type RuleHistory } from '../../store/read-alert-history.ts';
import type { KnownRule } from '../alert-settings.ts';
import type { Instance } from '../instance.ts';
import { unitOf } from '../settings/metric-facts.ts';
import { instancesOf, toHeld, type Held, type Standing } from './read-standing.ts';

const mostInstances = 100;

export function toRuleStatus(
  standing: Standing,
  known: KnownRule,
  history: ReadonlyMap<string, RuleHistory>,
): AlertRuleStatus {
  const { rule, origin, file, changedAtMs, changedBy } = known;
  const last = standing.last.get(rule.id);
  const heldOf = toHeld(standing, known);
  const kept = instancesOf(standing, known).map((one) => toInstance(one, heldOf(one.group)));
  const instances = kept.length > 0 ? kept.toSorted(byWorst) : toCalm(known, last);
  const { strip, incidentCount, messageCount, firingMinutes } =
    history.get(rule.id) ?? quietHistory;
  return {
    rule,
    origin,
    file,
    unit: unitOf(rule.metric, rule.aggregation),
    changedAtMs,
    changedBy,
    state: toState(known, last, instances),
    instances: instances.slice(0, mostInstances),
    overflow: last?.overflow ?? 0,
    lastEvaluatedAtMs: last?.evalAtMs ?? null,
    error: rule.enabled ? (last?.error ?? '') : '',
    strip: [...strip],
    incidentCount,
    notificationCount: messageCount,
    firingMinutes,
  };
}

function toInstance(instance: Instance, held: Held): AlertInstance {
  const { fingerprint, group, core, over, sinceMs, reason, value, threshold } = instance;
  const { samples, flapping, learning, episode } = instance;
  const found = { fingerprint, group, sinceMs, reason, value, threshold, samples };
  const marks = { ...held, flapping, learning, incidentId: episode?.id ?? null };
  return { ...found, state: over ?? core, ...marks };
}

/** Of groups that were never anything but normal nothing is kept but the worst value of the last evaluation. */
function toCalm(known: KnownRule, last: LastEvaluation | undefined): AlertInstance[] {
  if (last === undefined || last.ruleHash !== known.hash || last.worstValue === null) return [];
  if (!known.rule.enabled) return [];
  const { worstGroup: group, worstValue: value, threshold, samples, evalAtMs } = last;
  const found = { group, value, threshold, samples, sinceMs: evalAtMs, reason: '' };
  const marks = {
    silenced: false,
    inhibited: false,
    muted: false,
    flapping: false,
    learning: false,
  };
  return [{ fingerprint: '', state: 'normal', ...found, ...marks, incidentId: null }];
}

function toState(
  { rule, hash }: KnownRule,
  last: LastEvaluation | undefined,
  [worst]: readonly AlertInstance[],
): AlertState {
  if (!rule.enabled) return 'paused';
  if (last !== undefined && last.ruleHash === hash && last.error !== '') return 'error';
  return worst?.state ?? 'normal';
}

const badness: readonly AlertState[] = [
  'firing',
  'error',
  'nodata',
  'recovering',
  'pending',
  'paused',
  'normal',
];

/** What needs somebody comes first; among those alike, what is so for longest. */
function byWorst(a: AlertInstance, b: AlertInstance): number {
  const bad = badness.indexOf(a.state) - badness.indexOf(b.state);
  return bad || a.sinceMs - b.sinceMs || (a.group < b.group ? -1 : 1);
}
