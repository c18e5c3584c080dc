/** Messages as the evaluator makes them, and such as only an attacker would. For tests. */
import * as fc from 'fast-check';
import type { AlertChannel } from '../../contract.ts';
import type { KnownChannel } from '../alert-settings.ts';
import type { AlertMessage, Delivery, DeliveryKind, MessageAlert } from '../delivery.ts';
import { isSecretAddress, secretHostOf } from './check-channel.ts';
import { sealSecret } from './secrets.ts';

const startedAtMs = Date.UTC(2026, 10, 21, 10, 3);

export const slowAgent: MessageAlert = {
  incident: 'i-1f2e3d',
  fingerprint: 'f00d',
  group: 'planner',
  state: 'firing',
  value: 18_200,
  threshold: 15_000,
  samples: 42,
  reason: '',
  startedAtMs,
  endedAtMs: null,
  exemplars: ['8f31ab2c9d0e4f5a8f31ab2c9d0e4f5a'],
};

export const slowAgents: AlertMessage = {
  kind: 'firing',
  project: 'shop',
  rule: 'agent-latency-p95',
  title: 'Agents are slow',
  description: 'The slowest of twenty agent calls took too long.',
  severity: 'critical',
  metric: 'agent_latency',
  unit: 'ms',
  target: 5_000,
  labels: { team: 'search' },
  owner: 'search',
  runbook: 'https://runbooks.example/slow-agents',
  window: { fromMs: startedAtMs - 300_000, toMs: startedAtMs },
  alerts: [slowAgent],
  overflow: 0,
};

export function toDelivery(message: Partial<AlertMessage> = {}): Delivery {
  const whole = { ...slowAgents, ...message };
  return {
    id: 'd-5ca1ab1e',
    projectId: whole.project,
    ruleId: whole.rule,
    channel: 'oncall',
    createdAtMs: startedAtMs,
    sequence: 1,
    message: whole,
  };
}

export function toChannel(
  channel: Pick<AlertChannel, 'type'> & Partial<AlertChannel>,
): AlertChannel {
  return {
    name: 'oncall',
    isDefault: true,
    isFallback: false,
    url: '',
    secret: null,
    username: '',
    from: '',
    to: [],
    titleTemplate: '',
    bodyTemplate: '',
    sendResolved: true,
    ...channel,
  };
}

/** As it is stored: the secret sealed for its host. */
export function toKnown(key: Uint8Array, channel: AlertChannel, project = 'shop'): KnownChannel {
  const secretHost = secretHostOf(channel);
  const { secret } = channel;
  return {
    channel: { ...channel, secret: null },
    origin: 'api',
    sealedSecret:
      secret === null
        ? ''
        : sealSecret(key, secret, { project, channel: channel.name, host: secretHost }),
    secretHost: secret === null && isSecretAddress(channel.type) ? '' : secretHost,
  };
}

const kinds: readonly DeliveryKind[] = [
  'firing',
  'resolved',
  'fired_and_resolved',
  'reminder',
  'acknowledged',
  'flapping',
  'meta',
  'test',
];

const nasty = fc.constantFrom(
  '<!channel> <!here> <@U123> <https://evil.example|click>',
  '@everyone @here <@&1> <#1> **bold** [a](https://evil.example)',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '"\\\u0000\u001b[31m\u202eevil\u2066\u200b\ud800',
  'Subject: x\r\nBcc: victim@example.com\r\n\r\nbody',
  '{{ kind }}{% raw %}',
  '𝕏👩‍👩‍👧'.repeat(700),
  '&<>"\'\\`*_~|'.repeat(300),
  '',
);

const hostile = fc.oneof(
  { weight: 2, arbitrary: nasty },
  fc.string({ unit: 'binary', maxLength: 1_200, size: 'max' }),
  fc.string({ unit: 'grapheme', maxLength: 500, size: 'max' }),
);
const numbers = fc.oneof(fc.constant(null), fc.double());

const alert: fc.Arbitrary<MessageAlert> = fc.record({
  incident: hostile,
  fingerprint: hostile,
  group: hostile,
  state: fc.constantFrom('firing', 'resolved', 'fired_and_resolved'),
  value: numbers,
  threshold: numbers,
  samples: fc.nat(),
  reason: hostile,
  startedAtMs: fc.nat({ max: 4e12 }),
  endedAtMs: fc.oneof(fc.constant(null), fc.nat({ max: 4e12 })),
  exemplars: fc.array(hostile, { maxLength: 5 }),
});

/** Any message at all: far beyond what the evaluator would ever make. */
export const anyMessage: fc.Arbitrary<AlertMessage> = fc.record({
  kind: fc.constantFrom(...kinds),
  project: hostile,
  rule: hostile,
  title: hostile,
  description: hostile,
  severity: fc.constantFrom('info', 'warning', 'critical'),
  metric: hostile,
  unit: fc.constantFrom('ms', 's', 'share', 'usd', 'count', 'tokens', 'tokens/s', '<b>'),
  target: numbers,
  labels: fc.dictionary(hostile, hostile, { maxKeys: 30 }),
  owner: hostile,
  runbook: fc.oneof(hostile, fc.webUrl(), fc.constant('https://a.example/?q=<!channel>)|*')),
  window: fc.record({ fromMs: fc.nat(), toMs: fc.nat() }),
  alerts: fc
    .tuple(fc.array(alert, { minLength: 1, maxLength: 4 }), fc.constantFrom(1, 1, 5, 25))
    .map(([alerts, times]) => Array.from({ length: times }, () => alerts).flat()),
  overflow: fc.nat({ max: 10_000 }),
});
