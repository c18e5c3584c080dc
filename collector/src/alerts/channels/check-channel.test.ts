import { describe, expect, test } from 'vitest';
import type { AlertChannel } from '../../contract.ts';
import { checkChannel, secretHostOf } from './check-channel.ts';
import { toChannel } from './message.testing.ts';

type Change = Pick<AlertChannel, 'type'> & Partial<AlertChannel>;
const secret = 'https://hooks.example/services/secret';
const mail: Change = {
  type: 'email',
  url: 'smtp://mail.example:587',
  from: 'Orchescope <alerts@example.com>',
  to: ['oncall@example.com'],
};

test.each<[string, Change, string]>([
  ['a webhook', { type: 'webhook', url: 'https://hooks.example/in' }, 'hooks.example:443'],
  [
    'a webhook on a port',
    { type: 'webhook', url: 'http://hooks.internal:8080/' },
    'hooks.internal:8080',
  ],
  [
    'a webhook that is signed twice',
    {
      type: 'webhook',
      url: 'https://hooks.example/in',
      secret: `whsec_${'A'.repeat(32)} whsec_${'B'.repeat(43)}=`,
    },
    'hooks.example:443',
  ],
  ['Slack', { type: 'slack', secret }, 'hooks.example:443'],
  ['Teams', { type: 'teams', secret }, 'hooks.example:443'],
  ['Discord', { type: 'discord', secret }, 'hooks.example:443'],
  [
    'a receiver on this host',
    { type: 'slack', secret: 'http://127.0.0.1:9000/x' },
    '127.0.0.1:9000',
  ],
  ['PagerDuty', { type: 'pagerduty', secret: 'R'.repeat(32) }, 'events.pagerduty.com:443'],
  [
    'PagerDuty of Europe',
    { type: 'pagerduty', url: 'https://events.eu.pagerduty.com', secret: 'R'.repeat(32) },
    'events.eu.pagerduty.com:443',
  ],
  ['e-mail', mail, 'mail.example:587'],
  [
    'e-mail over TLS',
    { ...mail, url: 'smtps://mail.example', username: 'a', secret: 'b' },
    'mail.example:465',
  ],
  [
    'templates',
    { ...mail, titleTemplate: '{{ title }}', bodyTemplate: '{{ rule }}' },
    'mail.example:587',
  ],
])('%s is good, and its host is known', (_, change, host) => {
  expect(checkChannel(toChannel(change))).toBeNull();
  expect(secretHostOf(toChannel(change))).toBe(host);
});

test('a secret that is kept need not be given again', () => {
  expect(checkChannel(toChannel({ type: 'slack' }), true)).toBeNull();
  expect(checkChannel(toChannel({ type: 'slack' }))).toBe(
    'Slack needs the address of its webhook as its secret.',
  );
});

describe('a sentence says what to change', () => {
  test.each<[Change, string]>([
    [{ type: 'webhook' }, 'The address is not a URL. Write it as https://host/path.'],
    [
      { type: 'webhook', url: 'ftp://hooks.example' },
      'Messages go out over https or http, not ftp://.',
    ],
    [
      { type: 'webhook', url: 'https://me:pw@hooks.example' },
      'The address has a user name or a password in it. Remove them; the signature tells who sends.',
    ],
    [
      { type: 'webhook', url: 'https://hooks.example', secret: 'hunter2' },
      'A signing secret is whsec_ and 24 to 64 bytes in base64, such as echo whsec_$(openssl rand -base64 32); two of them have a space between.',
    ],
    [
      { type: 'webhook', url: 'https://hooks.example', from: 'a@b.example' },
      'Sender, receivers and user name are for e-mail alone. Leave them empty.',
    ],
    [
      { type: 'slack', url: secret, secret },
      'Slack has its address in the secret. Leave the URL empty.',
    ],
    [
      { type: 'slack', secret: 'xoxb-123' },
      'The secret of Slack is the address of its webhook. The address is not a URL. Write it as https://host/path.',
    ],
    [
      { type: 'discord', secret: 'http://discord.example/x' },
      'The address of Discord is a secret, so it must begin with https://.',
    ],
    [{ type: 'teams' }, 'Teams needs the address of its webhook as its secret.'],
    [
      { type: 'pagerduty' },
      'PagerDuty needs the routing key of an Events API v2 integration as its secret.',
    ],
    [
      { type: 'pagerduty', secret: 'no key' },
      'The routing key of PagerDuty is 32 letters and digits: copy it from the integration.',
    ],
    [
      { type: 'pagerduty', url: 'http://events.example', secret: 'R'.repeat(32) },
      'The routing key is a secret, so the address of PagerDuty must begin with https://.',
    ],
    [
      { ...mail, url: 'mail.example' },
      'Write the mail server as smtp://host:587, or smtps://host:465, without user and password.',
    ],
    [
      { ...mail, url: 'smtp://me:pw@mail.example' },
      'Write the mail server as smtp://host:587, or smtps://host:465, without user and password.',
    ],
    [{ ...mail, to: [] }, 'Name at least one receiver.'],
    [
      { ...mail, from: 'alerts' },
      '"alerts" is no sender. Write an address such as alerts@example.com.',
    ],
    [
      { ...mail, to: ['a@example.com', 'b@example.com, c@example.com'] },
      '"b@example.com, c@example.com" is no receiver. Write an address such as oncall@example.com.',
    ],
    [{ ...mail, secret: 'password' }, 'A password needs a user name.'],
    [
      { ...mail, titleTemplate: '{{ title' },
      'The template cannot be used: output "{{ title" not closed, line:1, col:1.',
    ],
  ])('%j', (change, sentence) => {
    expect(checkChannel(toChannel(change))).toBe(sentence);
  });

  test.each([
    'a@b.example\r\nBcc: c@d.example',
    'Name\r\nBcc: x <a@b.example>',
    'a@b.example>, <c@d.example',
    '"a@evil.example"@b.example',
    'a@[127.0.0.1]',
    'a@127.0.0.1',
    'a@b@c.example',
    'a(comment)@b.example',
    '<a@b.example>',
    'a@b..example',
    'a..b@c.example',
    'ä@b.example',
    'a@bücher.example',
    `${'a'.repeat(65)}@b.example`,
    '',
  ])('the receiver %j', (receiver) => {
    expect(checkChannel(toChannel({ ...mail, to: [receiver] }))).toMatch(/is no receiver/);
  });
});
