import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slowAgent, slowAgents, toChannel, toDelivery } from './message.testing.ts';
import { checkTemplate } from './template.ts';
import { webhookShape } from './vendor-shapes.testing.ts';
import { sign, toWebhookRequests } from './webhook.ts';

const text = readFileSync(new URL('../../../../docs/alert-channels.md', import.meta.url), 'utf8');
const readBlock = (language: string): string =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';

type Verify = (
  secret: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  nowSeconds?: number,
) => boolean;

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const dir = mkdtempSync(join(tmpdir(), 'document-'));
afterAll(() => rmSync(dir, { recursive: true }));

describe('the function that verifies', () => {
  let verify: Verify;
  beforeAll(async () => {
    const file = join(dir, 'verify.mjs');
    writeFileSync(file, readBlock('js'));
    const module = (await import(pathToFileURL(file).href)) as { isFromOrchescope: Verify };
    verify = module.isFromOrchescope;
  });

  const nowMs = Date.now();
  const toHeaders = (secrets: string, body: string) => {
    const timestamp = String(Math.floor(nowMs / 1000));
    const signature = sign(secrets, 'd-1', timestamp, body);
    return { 'webhook-id': 'd-1', 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  };

  test.each([
    ['what we signed', secret, '{}', nowMs, true],
    ['what we signed twice', `${other} ${secret}`, '{}', nowMs, true],
    ['what somebody else signed', other, '{}', nowMs, false],
    ['another body', secret, '{ }', nowMs, false],
    ['what is an hour old', secret, '{}', nowMs + 3_600_000, false],
  ])('%s', (_, secrets, body, at, verdict) => {
    expect(verify(secret, toHeaders(secrets, '{}'), body, at / 1000)).toBe(verdict);
  });

  test('what nobody signed', () => {
    expect(verify(secret, {}, '{}')).toBe(false);
  });
});

test('the body is the one that is sent', () => {
  const shown = webhookShape.parse(JSON.parse(readBlock('json')));
  const channel = toChannel({ type: 'webhook', url: 'https://hooks.example' });
  const known = { channel, origin: 'api', sealedSecret: '', secretHost: '', secret: '' } as const;
  const message = { ...slowAgents, alerts: [{ ...slowAgent }] };
  const [[request] = []] = toWebhookRequests(known, toDelivery(message), {
    publicUrl: '',
    nowMs: 0,
  });
  const sent = webhookShape.parse(JSON.parse(request?.body ?? ''));
  const { text: _, links, alerts, ...data } = shown.data;
  expect(sent).toMatchObject({ type: shown.type, timestamp: shown.timestamp, data });
  expect(Object.keys(sent.data)).toEqual(Object.keys(shown.data));
  expect(Object.keys(sent.data.alerts[0] ?? {})).toEqual(Object.keys(alerts[0] ?? {}));
  expect(Object.keys(sent.data.links)).toEqual(Object.keys(links));
});

test('the template can be used', () => {
  expect(readBlock('liquid')).toContain('{{ alert.group }}');
  expect(checkTemplate(readBlock('liquid'))).toBeNull();
});
