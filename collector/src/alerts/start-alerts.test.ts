/** Rules evaluated by the whole server, as somebody watches it from outside. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../app.testing.ts';
import { startSink, type Sink } from './channels/sink.testing.ts';

const key = 'correct-horse-battery-staple';
let watchdog: Sink;
let server: TestServer;
beforeAll(async () => {
  watchdog = await startSink();
  server = await startTestServer({
    ORCHESCOPE_ALERTS: 'on',
    ORCHESCOPE_ACCESS_KEY: key,
    ORCHESCOPE_ALERT_ALLOW: `127.0.0.1:${watchdog.port}`,
    ORCHESCOPE_HEARTBEAT_URL: `http://127.0.0.1:${watchdog.port}/ping/orchescope`,
  });
});
afterAll(async () => {
  await server.close();
  await server.remove();
  await watchdog[Symbol.asyncDispose]();
});

test('the heartbeat is posted once rules were evaluated', async () => {
  await expect.poll(() => watchdog.requests.length, { timeout: 20_000 }).toBe(1);
  expect(watchdog.requests[0]).toMatchObject({ method: 'POST', path: '/ping/orchescope' });
});

test('anybody may ask whether rules are evaluated, and hears nothing else', async () => {
  const answer = await server.ask('/health/alerts');
  expect(answer.status).toBe(200);
  const body = JSON.parse(answer.text) as Record<string, unknown>;
  expect(Object.keys(body)).toEqual(['status', 'ageSeconds']);
  expect(body['status']).toBe('ok');
});

test('the default rules are evaluated without anybody having set anything', async () => {
  const headers = { authorization: `Bearer ${key}` };
  const read = async (): Promise<unknown[]> => {
    const { text } = await server.ask('/api/alerts/rules?project=default', { headers });
    const { rules } = JSON.parse(text) as {
      readonly rules: { lastEvaluatedAtMs: number | null; error: string }[];
    };
    return rules.filter(
      ({ lastEvaluatedAtMs, error }) => lastEvaluatedAtMs === null || error !== '',
    );
  };
  await expect.poll(read, { timeout: 20_000 }).toEqual([]);
  const { text } = await server.ask('/metrics', { headers });
  expect(text).toMatch(/^orchescope_alerts_evaluating 1$/m);
  expect(text).toMatch(/^orchescope_alerts_evaluations_total [1-9]/m);
  expect(text).toMatch(/^orchescope_alerts_failed_evaluations_total 0$/m);
});

test('a server that does not evaluate says so', async () => {
  const quiet = await startTestServer();
  try {
    const { status, text } = await quiet.ask('/health/alerts');
    expect([status, JSON.parse(text)]).toEqual([200, { status: 'off', ageSeconds: null }]);
  } finally {
    await quiet.close();
    await quiet.remove();
  }
});
