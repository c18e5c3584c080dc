import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openSecret, readOrCreateSecretKey, sealSecret } from './secrets.ts';

const dirs: string[] = [];
const makeDir = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'secrets-'));
  dirs.push(dir);
  return dir;
};
afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true });
});

const key = randomBytes(32);
const binding = { project: 'shop', channel: 'oncall', host: 'hooks.slack.com:443' };
const secret = 'https://hooks.slack.com/services/T0/B0/ключ';

test('a secret comes back for its host, channel and project', () => {
  const sealed = sealSecret(key, secret, binding);
  expect(sealed).not.toContain('services');
  expect(openSecret(key, sealed, binding)).toEqual({ type: 'open', secret });
});

test('the same secret never looks the same', () => {
  expect(sealSecret(key, secret, binding)).not.toBe(sealSecret(key, secret, binding));
});

test.each([
  [
    'another host',
    { ...binding, host: 'evil.example:443' },
    'The secret was set for hooks.slack.com:443, and is not sent to evil.example:443. Set it again.',
  ],
  ['another port', { ...binding, host: 'hooks.slack.com:8443' }, /^The secret was set for/],
  ['another channel', { ...binding, channel: 'other' }, /^The secret cannot be opened/],
  ['another project', { ...binding, project: 'other' }, /^The secret cannot be opened/],
])('it does not open for %s', (_, other, message) => {
  const opened = openSecret(key, sealSecret(key, secret, binding), other);
  expect(opened).toEqual({ type: 'closed', message: expect.stringMatching(message) });
});

test('it does not open with another key, cut, changed, or with the host rewritten', () => {
  const sealed = sealSecret(key, secret, binding);
  const [version = '', , data = ''] = sealed.split('.');
  const evil = { ...binding, host: 'evil.example:443' };
  const rewritten = [version, Buffer.from(evil.host).toString('base64url'), data].join('.');
  const changed = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`;
  const outcomes = [
    openSecret(randomBytes(32), sealed, binding),
    openSecret(key, rewritten, evil),
    openSecret(key, changed, binding),
    openSecret(key, sealed.slice(0, 40), binding),
    openSecret(key, '', binding),
    openSecret(key, secret, binding),
  ];
  expect(outcomes.map(({ type }) => type)).toEqual(Array.from({ length: 6 }, () => 'closed'));
});

test('the key is made once, for its owner alone, and found again', () => {
  const dir = join(makeDir(), 'data');
  const made = readOrCreateSecretKey(dir, '');
  expect(made).toHaveLength(32);
  expect(readOrCreateSecretKey(dir, '')).toEqual(made);
  expect(readdirSync(dir)).toEqual(['secret.key']);
  expect(statSync(join(dir, 'secret.key')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(dir, 'secret.key'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
});

test('a damaged key is not replaced', () => {
  const dir = makeDir();
  writeFileSync(join(dir, 'secret.key'), 'deadbeef');
  expect(() => readOrCreateSecretKey(dir, '')).toThrow(/does not hold a key of 32 bytes/);
  expect(readFileSync(join(dir, 'secret.key'), 'utf8')).toBe('deadbeef');
});

test.each(['hex', 'base64', 'base64url'] as const)('the environment may give it in %s', (form) => {
  const dir = makeDir();
  expect(readOrCreateSecretKey(dir, key.toString(form))).toEqual(key);
  expect(readdirSync(dir)).toEqual([]);
});

test.each(['short', 'g'.repeat(64), 'a'.repeat(63)])('%s is no key', (text) => {
  expect(() => readOrCreateSecretKey(makeDir(), text)).toThrow(
    'ORCHESCOPE_SECRET_KEY must be 32 bytes; try: openssl rand -hex 32.',
  );
});
