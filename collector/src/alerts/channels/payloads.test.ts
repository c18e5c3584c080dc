import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlertChannel, ChannelType } from '../../contract.ts';
import { toDiscordRequests } from './discord.ts';
import { describeRest, toLetter } from './letter.ts';
import { toMail } from './mail.ts';
import { anyMessage, slowAgent, toChannel, toDelivery } from './message.testing.ts';
import type { ToRequests } from './open-channel.ts';
import { toPagerDutyRequests } from './pagerduty.ts';
import { toSlackRequests } from './slack.ts';
import { toTeamsRequests } from './teams.ts';
import {
  discordShape,
  pagerDutyShape,
  slackShape,
  teamsShape,
  webhookShape,
} from './vendor-shapes.testing.ts';
import { toWebhookRequests } from './webhook.ts';

const publicUrl = 'https://traces.example/orchescope';
const nowMs = Date.UTC(2026, 10, 21, 10, 4);
const secretUrl = 'https://hooks.example/secret';

const vendors = [
  ['webhook', toWebhookRequests, webhookShape, 'https://hooks.example/in', ''],
  ['slack', toSlackRequests, slackShape, '', secretUrl],
  ['pagerduty', toPagerDutyRequests, pagerDutyShape, '', 'R'.repeat(32)],
  ['teams', toTeamsRequests, teamsShape, '', secretUrl],
  ['discord', toDiscordRequests, discordShape, '', secretUrl],
] as const;

const payloadsOf = (
  toRequests: ToRequests,
  channel: Pick<AlertChannel, 'type'> & Partial<AlertChannel>,
  message: Parameters<typeof toDelivery>[0],
): readonly unknown[] => {
  const known = {
    channel: toChannel(channel),
    origin: 'api',
    sealedSecret: '',
    secretHost: '',
  } as const;
  const open = { ...known, secret: channel.secret ?? '' };
  return toRequests(open, toDelivery(message), { publicUrl, nowMs })
    .flat()
    .map(({ body }): unknown => JSON.parse(body));
};

const templates = [
  '',
  '{{ title }} {{ alerts[0].group }} {{ description }}',
  '{% for alert in alerts %}{{ alert.group }} {{ alert.reason }} {% endfor %}',
  '{{ nothing | nope }}',
];

describe.each(vendors)('%s', (type: ChannelType, toRequests, shape, url, secret) => {
  test('any message is within the limits, with any template', () => {
    const template = fc.constantFrom(...templates);
    fc.assert(
      fc.property(anyMessage, template, template, (message, titleTemplate, bodyTemplate) => {
        const channel = { type, url, secret, titleTemplate, bodyTemplate };
        const payloads = payloadsOf(toRequests, channel, message);
        expect(payloads.length).toBeGreaterThan(0);
        for (const payload of payloads) shape.parse(payload);
      }),
      { numRuns: 60 },
    );
  });

  test('nothing that hides or turns text is sent', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const payload = JSON.stringify(payloadsOf(toRequests, { type, url, secret }, message));
        expect(payload).not.toMatch(/\\u00[01][0-9a-f]|\\ud[89a-f]|[\u202a-\u202e\u2066-\u2069]/);
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    ['firing', {}],
    [
      'three groups, one of them over, and more than are listed',
      {
        alerts: [
          { ...slowAgent, exemplars: [] },
          { ...slowAgent, group: 'Ünïcode <b> & *bold*', fingerprint: 'f2', value: null },
          {
            ...slowAgent,
            group: 'writer',
            fingerprint: 'f3',
            state: 'resolved',
            value: 4_000,
            endedAtMs: slowAgent.startedAtMs + 750_000,
            reason: 'series gone',
          },
        ],
        overflow: 7,
      },
    ],
  ] as const)('%s looks as it should', (_, message) => {
    expect(payloadsOf(toRequests, { type, url, secret }, message)).toMatchSnapshot();
  });
});

test('of a hundred long groups those that fit are named, and the others counted', () => {
  const alerts = Array.from({ length: 100 }, (_, i) => ({
    ...slowAgent,
    group: `${i} ${'很'.repeat(190)}`,
    fingerprint: `f${i}`,
  }));
  const [payload] = payloadsOf(
    toWebhookRequests,
    { type: 'webhook', url: 'https://hooks.example/in' },
    { alerts, overflow: 5 },
  );
  const { data } = webhookShape.parse(payload);
  expect(data.alerts.length).toBeGreaterThan(10);
  expect(data.alerts.length + data.overflow).toBe(105);
});

test('what was missed is told with the number of incidents', () => {
  const over = { ...slowAgent, state: 'fired_and_resolved', endedAtMs: 0 } as const;
  const delivery = toDelivery({
    kind: 'fired_and_resolved',
    alerts: [over, { ...over, incident: 'other' }],
    overflow: 3,
  });
  const letter = toLetter(delivery, publicUrl);
  expect(letter.title).toBe('Fired and resolved: Agents are slow (5 incidents)');
  expect(describeRest(letter, 1)).toBe('and 4 more incidents');
});

test('a template that fails is replaced, and the message says why', () => {
  const channel = {
    type: 'slack',
    secret: secretUrl,
    bodyTemplate: '{% for i in (1..99999999) %}x{% endfor %}',
  } as const;
  const payload = JSON.stringify(payloadsOf(toSlackRequests, channel, {}));
  expect(payload).toContain('planner: 18.2 s, above 15 s');
  expect(payload).toContain(
    'The text template of this channel failed (memory alloc limit exceeded, line:1, col:1). This is the standard text.',
  );
});

test('a template puts values in escaped, whatever the channel reads as markup', () => {
  const group = '<!channel> @everyone *bold* [a](https://b.example)';
  const templated = {
    titleTemplate: '*{{ alerts[0].group }}*',
    bodyTemplate: '**{{ alerts[0].group }}**',
  };
  const message = { alerts: [{ ...slowAgent, group }] };
  expect(
    payloadsOf(toSlackRequests, { type: 'slack', secret: secretUrl, ...templated }, message),
  ).toMatchSnapshot('slack');
  expect(
    payloadsOf(toDiscordRequests, { type: 'discord', secret: secretUrl, ...templated }, message),
  ).toMatchSnapshot('discord');
});

describe('pagerduty', () => {
  const events = (message: Parameters<typeof toDelivery>[0]) =>
    payloadsOf(toPagerDutyRequests, { type: 'pagerduty', secret: 'R'.repeat(32) }, message).map(
      (payload) => {
        const { event_action: action, dedup_key: key } = pagerDutyShape.parse(payload);
        return [action, key];
      },
    );
  const key = 'shop:agent-latency-p95:f00d';

  test.each([
    ['a firing triggers', { state: 'firing' }, [['trigger', key]]],
    ['an end resolves under the same key', { state: 'resolved', endedAtMs: 0 }, [['resolve', key]]],
    [
      'what was over before anybody was told leaves a record',
      { state: 'fired_and_resolved', endedAtMs: 0 },
      [
        ['trigger', key],
        ['resolve', key],
      ],
    ],
  ] as const)('%s', (_, change, expected) => {
    expect(events({ alerts: [{ ...slowAgent, ...change }] })).toEqual(expected);
  });

  test('what was acknowledged here is acknowledged there, under the same key', () => {
    expect(events({ kind: 'acknowledged' })).toEqual([['acknowledge', key]]);
  });

  test('of several incidents of one group there is one record', () => {
    const over = { ...slowAgent, state: 'fired_and_resolved', endedAtMs: 0 } as const;
    const alerts = [over, { ...over, incident: 'other' }];
    expect(events({ kind: 'fired_and_resolved', alerts })).toEqual([
      ['trigger', key],
      ['resolve', key],
    ]);
  });

  test('a test opens and closes an incident of its own', () => {
    const own = 'test:d-5ca1ab1e:shop:agent-latency-p95:f00d';
    expect(events({ kind: 'test' })).toEqual([
      ['trigger', own],
      ['resolve', own],
    ]);
  });

  test('a key that would be too long is one of the same length, the same each time', () => {
    const project = 'p'.repeat(250);
    const [[, first] = []] = events({ project });
    const [[, second] = []] = events({ project, kind: 'resolved' });
    expect(first).toMatch(/^orchescope:[0-9a-f]{64}$/);
    expect(second).toBe(first);
  });
});

const ownTags =
  /^<(!doctype html|meta charset="utf-8"|p style="color:#555"|a href="https?:[^"<>]*"|br|\/?(html|head|body|h2|p|ul|li)|\/a)>$/;

describe('email', () => {
  const channel = toChannel({
    type: 'email',
    url: 'smtp://mail.example:587',
    from: 'Orchescope <alerts@example.com>',
    to: ['oncall@example.com', 'Ann Example <ann@example.com>'],
  });

  test('looks as it should', () => {
    expect(toMail(channel, toDelivery(), publicUrl)).toMatchSnapshot();
  });

  test('any message makes headers of one line, and HTML without anything of its own', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const mail = toMail(channel, toDelivery(message), publicUrl);
        const headers = [mail?.subject, mail?.messageId, mail?.references, mail?.listId].join('|');
        expect(headers).not.toMatch(/[\r\n\0]/);
        const tags = (mail?.html ?? '<?>').match(/<[^>]*>/g) ?? [];
        expect(tags.filter((tag) => !ownTags.test(tag))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
