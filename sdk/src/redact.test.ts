import { afterEach, expect, test, vi } from 'vitest';
import { captureMode, redactAttributes, redactSecrets, toContent, toText } from './redact.ts';
import { settings } from './settings.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  for (const name of Object.keys(settings())) delete settings()[name as 'capture'];
});

test.each([
  [{}, 'metadata'],
  [{ ORCHESCOPE_CAPTURE: 'off' }, 'off'],
  [{ ORCHESCOPE_CAPTURE: 'Full' }, 'full'],
  [{ ORCHESCOPE_CAPTURE: 'everything' }, 'metadata'],
  [{ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' }, 'full'],
  [{ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'SPAN_ONLY' }, 'full'],
  [{ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'NO_CONTENT' }, 'metadata'],
  [
    {
      ORCHESCOPE_CAPTURE: 'metadata',
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
    },
    'metadata',
  ],
])('the environment %j captures %s', (variables, mode) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  expect(captureMode()).toBe(mode);
});

const jwt = `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.${'c'.repeat(20)}`;

test.each([
  ['an OpenAI key', `key sk-proj-${'a1'.repeat(20)} end`, 'key [redacted] end'],
  ['an Anthropic key', `sk-ant-api03-${'x_-'.repeat(10)}x`, '[redacted]'],
  ['an AWS key id', 'AKIAIOSFODNN7EXAMPLE', '[redacted]'],
  ['a GitHub token', `ghp_${'A'.repeat(36)}`, '[redacted]'],
  ['a Google key', `AIza${'b'.repeat(35)}`, '[redacted]'],
  ['a bearer header', `Authorization: Bearer ${'q'.repeat(24)}`, 'Authorization: [redacted]'],
  ['a JSON web token', `token=${jwt};`, 'token=[redacted];'],
  [
    'a password in a URL',
    'postgres://app:hunter2@db:5432/x',
    'postgres://app:[redacted]@db:5432/x',
  ],
  [
    'a private key',
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nrest',
    '[redacted]\nrest',
  ],
  ['a private key that never ends', '-----BEGIN PRIVATE KEY-----\nMIIE', '[redacted]'],
  [
    'plain prose',
    'the risk-averse skipper asked for sk-8',
    'the risk-averse skipper asked for sk-8',
  ],
])('%s', (_, text, clean) => {
  expect(redactSecrets(text)).toBe(clean);
});

test('a secret is known by its name as well', () => {
  const value = { apiKey: 'x', api_key: 'x', Authorization: 'x', password: 'x', inputTokens: 7 };
  expect(JSON.parse(toContent(value).text)).toEqual({
    apiKey: '[redacted]',
    api_key: '[redacted]',
    Authorization: '[redacted]',
    password: '[redacted]',
    inputTokens: 7,
  });
});

test('the user has the last word, after our own rules', () => {
  settings().redact = (key, value) => (key === 'email' ? '[email]' : value);
  expect(toContent({ email: 'a@b.c', token: 'sk-aaaaaaaaaaaaaaaaaaaa' }).text).toBe(
    '{"email":"[email]","token":"[redacted]"}',
  );
});

test('a redact hook that throws writes nothing of the value', () => {
  settings().redact = () => {
    throw new Error('hook');
  };
  expect(toContent({ email: 'a@b.c' }).text).toBe('"[unreadable]"');
  expect(redactAttributes({ note: 'a@b.c', count: 1 })).toEqual({ count: 1 });
});

test('a secret on the edge of the limit does not show its beginning', () => {
  settings().maxAttributeBytes = 100;
  const text = `${'x'.repeat(90)} sk-${'secret'.repeat(10)}`;
  expect(toText('note', text)).toBe(`${'x'.repeat(90)} [redac…`);
});
