/** What is said of a rule in one message. */
import type { AlertRule } from '../../contract.ts';
import type { AlertMessage, DeliveryKind, MessageAlert } from '../delivery.ts';

export type MessageContext = {
  readonly projectId: string;
  readonly rule: AlertRule;
  readonly unit: string;
  readonly window: AlertMessage['window'];
  /** Groups of the rule that are not watched. */
  readonly overflow: number;
};

const longest = 100;

export function toMessage(
  { projectId, rule, unit, window, overflow }: MessageContext,
  kind: DeliveryKind,
  alerts: readonly MessageAlert[],
): AlertMessage {
  // Nothing is known of the groups that are not watched, least of all that they are over.
  const unwatched = kind === 'resolved' ? 0 : overflow;
  return {
    kind,
    project: projectId,
    rule: rule.id,
    title: rule.title,
    description: rule.description,
    severity: rule.severity,
    metric: rule.metric,
    unit,
    target: 'target' in rule.condition ? rule.condition.target : null,
    labels: rule.labels,
    owner: rule.owner,
    runbook: rule.runbook,
    window,
    alerts: alerts.toSorted(byBadness(rule)).slice(0, longest),
    overflow: unwatched + Math.max(0, alerts.length - longest),
  };
}

/** Worst first; what has no value comes last. */
function byBadness({ condition }: AlertRule): (a: MessageAlert, b: MessageAlert) => number {
  const direction = 'direction' in condition ? condition.direction : 'above';
  const toBadness = ({ value, threshold }: MessageAlert): number => {
    if (value === null) return -Infinity;
    if (direction === 'both') return Math.abs(value - (threshold ?? 0));
    return direction === 'below' ? -value : value;
  };
  return (a, b) => compare(toBadness(b), toBadness(a)) || (a.group < b.group ? -1 : 1);
}

/** Of two infinities the difference is no number. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
