/** Messages, for tests of their way to people. */
import type { Delivery, DeliveryKind, MessageAlert } from '../delivery.ts';

type Change = Partial<Omit<Delivery, 'message'>> & { readonly id: string };

/** @param incidents that it tells of */
export function toDelivery(
  change: Change,
  kind: DeliveryKind = 'firing',
  incidents: readonly string[] = ['i'],
): Delivery {
  const createdAtMs = change.createdAtMs ?? 0;
  return {
    projectId: 'default',
    ruleId: 'slow',
    channel: 'oncall',
    createdAtMs,
    sequence: 1,
    message: {
      kind,
      project: 'default',
      rule: 'slow',
      title: 'Slow agents',
      description: '',
      severity: 'warning',
      metric: 'agent_latency',
      unit: 'ms',
      target: null,
      labels: {},
      owner: '',
      runbook: '',
      window: { fromMs: 0, toMs: createdAtMs },
      alerts: incidents.map((incident) => toAlert(incident, kind, createdAtMs)),
      overflow: 0,
    },
    ...change,
  };
}

function toAlert(incident: string, kind: DeliveryKind, createdAtMs: number): MessageAlert {
  const isOver = kind === 'resolved';
  return {
    incident,
    fingerprint: `f-${incident}`,
    group: incident,
    state: isOver ? 'resolved' : 'firing',
    value: isOver ? 1 : 9,
    threshold: 5,
    samples: 20,
    reason: isOver ? 'Below 4.' : 'Above 5.',
    startedAtMs: isOver ? 0 : createdAtMs,
    endedAtMs: isOver ? createdAtMs : null,
    exemplars: isOver ? [] : ['trace'],
  };
}
