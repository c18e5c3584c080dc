/** One row of the log: what an evaluation of a rule found and decided. */
import { alertState, type AlertRule, type AlertState } from '../../contract.ts';
import type { Evaluation, IncidentRule, StoredEvent } from '../../store/alert-log.ts';
import type { KnownRule } from '../alert-settings.ts';
import type { Delivery } from '../delivery.ts';
import type { AlertEvent, Instance, RuleState } from '../instance.ts';
import type { Verdict } from '../reading.ts';
import { unitOf } from '../settings/metric-facts.ts';

/** A group and what it was judged to be, the worst value first. */
export type Judged = { readonly group: string; readonly verdict: Verdict };

export type Decided = {
  readonly projectId: string;
  readonly known: KnownRule;
  /** What its incidents say of it stays what it was. */
  readonly isGone: boolean;
  readonly term: number;
  readonly state: RuleState;
  readonly judged: readonly Judged[];
  readonly events: readonly AlertEvent[];
  readonly deliveries: readonly Delivery[];
  readonly overflow: number;
  readonly error: string;
  readonly isStateWritten: boolean;
};

export function toEvaluation(decided: Decided): Evaluation {
  const { projectId, known, term, state, judged, events, overflow, error } = decided;
  const { rule, hash } = known;
  const worst = judged.find(({ verdict }) => verdict.type === 'breach') ?? judged[0];
  return {
    projectId,
    ruleId: rule.id,
    evalAtMs: state.evaluatedAtMs,
    term,
    ruleHash: hash,
    state: rule.enabled ? worstOf(state.instances, error) : 'paused',
    groupCount: judged.length,
    firingCount: state.instances.filter(isFiring).length,
    overflow,
    worstGroup: worst?.group ?? '',
    ...figuresOf(worst?.verdict),
    error,
    ruleState: decided.isStateWritten ? state : null,
    events: events.map((event) => toStoredEvent(event, decided.isGone ? null : rule, overflow)),
    deliveries: decided.deliveries,
  };
}

export function isFiring({ core, episode }: Instance): boolean {
  return episode !== null && core !== 'normal';
}

function figuresOf(
  verdict: Verdict | undefined,
): Pick<Evaluation, 'worstValue' | 'threshold' | 'samples'> {
  if (verdict === undefined || !('samples' in verdict)) {
    return { worstValue: null, threshold: null, samples: 0 };
  }
  const threshold = 'threshold' in verdict ? verdict.threshold : null;
  return { worstValue: verdict.value, threshold, samples: verdict.samples };
}

function worstOf(instances: readonly Instance[], error: string): AlertState {
  const states = instances.map(({ over, core }): AlertState => over ?? core);
  const none: AlertState = instances.length === 0 && error !== '' ? 'error' : 'normal';
  const order = alertState.options;
  return states.reduce((a, b) => (order.indexOf(b) > order.indexOf(a) ? b : a), none);
}

function toStoredEvent(event: AlertEvent, rule: AlertRule | null, overflow: number): StoredEvent {
  const isTold = rule !== null && event.episode !== null;
  return { ...event, rule: isTold ? toIncidentRule(rule) : null, overflow };
}

function toIncidentRule(rule: AlertRule): IncidentRule {
  const { title, severity, metric, labels, owner, runbook, condition } = rule;
  const target = 'target' in condition ? condition.target : null;
  return {
    title,
    severity,
    metric,
    unit: unitOf(metric, rule.aggregation),
    labels,
    owner,
    runbook,
    target,
    direction: directionOf(condition),
  };
}

function directionOf(condition: AlertRule['condition']): IncidentRule['direction'] {
  if (condition.type === 'absence') return 'absent';
  return condition.type === 'burn_rate' ? 'above' : condition.direction;
}
