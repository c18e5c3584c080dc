/** The message of a test: like a real one, with an id that no other has, and nothing behind it. */
import type { Delivery } from '../delivery.ts';

export function toTestDelivery(
  channel: string,
  projectId: string,
  id: string,
  nowMs: number,
): Delivery {
  return {
    id: `test-${id}`,
    projectId,
    ruleId: 'test',
    channel,
    createdAtMs: nowMs,
    sequence: 0,
    message: {
      kind: 'test',
      project: projectId,
      rule: 'test',
      title: `Messages reach the channel ${channel}`,
      description: 'Somebody tried the channel. Nothing is wrong, and there is nothing to do.',
      severity: 'info',
      metric: 'agent_latency',
      unit: 'ms',
      target: 5_000,
      labels: {},
      owner: '',
      runbook: '',
      window: { fromMs: nowMs - 300_000, toMs: nowMs },
      alerts: [
        {
          incident: `test-${id}`,
          fingerprint: 'test',
          group: 'example',
          state: 'firing',
          value: 18_200,
          threshold: 15_000,
          samples: 42,
          reason: '',
          startedAtMs: nowMs,
          endedAtMs: null,
          exemplars: [],
        },
      ],
      overflow: 0,
    },
  };
}
