/** `/metrics` and `/api/ingest` of a real server, while senders send to it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../app.testing.ts';
import { ingestHealth, type IngestHealth } from '../contract.ts';
import { request, span } from '../ingest/ingest.testing.ts';
import { readOwner } from '../store/engine/data-dir.ts';
import { parsePrometheus } from './parse-prometheus.testing.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ ORCHESCOPE_ALERTS: 'on' });
});
afterAll(async () => {
  await server.close();
  await server.remove();
});

async function readMetrics(): Promise<Map<string, number>> {
  const answer = await server.ask('/metrics');
  expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  const all = new Map<string, number>();
  for (const { samples } of parsePrometheus(answer.text).values()) {
    for (const [key, value] of samples) all.set(key, value);
  }
  return all;
}

async function readHealth(): Promise<IngestHealth> {
  return ingestHealth.parse(await server.read('/api/ingest'));
}

function recent(number: number) {
  const now = BigInt(Date.now()) * 1_000_000n;
  return span(number, {
    startTimeUnixNano: String(now - 1_000_000n),
    endTimeUnixNano: String(now),
  });
}

const json = { 'content-type': 'application/json' };
const send = (project: string, body: unknown, headers: Record<string, string> = json) =>
  server.ask('/v1/traces', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { ...headers, 'orchescope-project': project },
  });

test('numbers move when traffic comes, and every one can be read by Prometheus', async () => {
  const before = await readMetrics();
  expect(before.get('orchescope_store_up{}')).toBe(1);
  expect(before.get('orchescope_process_resident_bytes{}')).toBeGreaterThan(1e6);
  expect(before.get('orchescope_engine_resident_bytes{}')).toBeGreaterThan(1e6);
  await send('moved', request([recent(1), recent(2), { name: 'no ids' }]));
  await send('moved', request([recent(1)]));
  await send('moved', {}, { 'content-type': 'text/plain' });
  await send('a b', {});
  const after = await readMetrics();
  const labels = 'project="moved",signal="traces"';
  const valueOf = (name: string, more = labels) => after.get(`orchescope_${name}{${more}}`);
  expect(valueOf('ingest_received_records_total')).toBe(4);
  expect(valueOf('ingest_accepted_records_total')).toBe(3);
  expect(
    valueOf(
      'ingest_rejected_records_total',
      'project="moved",reason="invalid_span",signal="traces"',
    ),
  ).toBe(1);
  const refused = (reason: string) =>
    valueOf(
      'ingest_refused_requests_total',
      `project="unknown",reason="${reason}",signal="traces"`,
    );
  expect([refused('content_type'), refused('project')]).toEqual([1, 1]);
  expect(valueOf('ingest_bytes_total')).toBeGreaterThan(500);
  expect(valueOf('ingest_decode_seconds_total', 'signal="traces"')).toBeGreaterThan(0);
  expect(valueOf('ingest_held_bytes', '')).toBe(0);
  expect(valueOf('ingest_requests_under_way', '')).toBe(0);
});

test('analysis tells what it did', async () => {
  const read = async (name: string) => (await readMetrics()).get(`orchescope_analysis_${name}{}`);
  const before = (await read('runs_total')) ?? Number.NaN;
  const agent = { key: 'gen_ai.operation.name', value: { stringValue: 'invoke_agent' } };
  await send('judged', request([{ ...recent(91), attributes: [agent] }, recent(92)]));
  await expect
    .poll(async () => (await read('runs_total')) ?? 0, { timeout: 20_000 })
    .toBeGreaterThan(before);
  expect(await read('spans_total')).toBeGreaterThan(1);
  expect(await read('seconds_total')).toBeGreaterThan(0);
  expect([await read('failures_total'), await read('given_up_traces_total')]).toEqual([0, 0]);
});

test('health says what arrived, from whom, and what was refused and why', async () => {
  const service = [
    ['service.name', 'shop <b>'],
    ['telemetry.sdk.name', 'opentelemetry'],
    ['telemetry.sdk.language', 'nodejs'],
    ['telemetry.sdk.version', '3.1.0'],
  ].map(([key = '', stringValue = '']) => ({ key, value: { stringValue } }));
  await send('health', request([recent(11), { name: 'no ids' }], service));
  await expect
    .poll(async () => (await readHealth()).store?.senders.map((sender) => sender.serviceName), {
      timeout: 15_000,
    })
    .toContain('shop <b>');
  const health = await readHealth();
  expect(health.verdict).toBe('degraded');
  expect(health.reasons.join(' ')).toContain('could not be taken');
  expect(health.signals.map(({ signal }) => signal)).toEqual(['traces', 'logs', 'metrics']);
  const [traces] = health.signals;
  expect(traces?.acceptedRecords).toBeGreaterThan(0);
  expect(traces?.minutes.records.reduce((sum, count) => sum + count)).toBe(traces?.acceptedRecords);
  expect(health.losses.find(({ reason }) => reason === 'invalid_span')).toMatchObject({
    kind: 'rejected',
    lastProject: 'health',
    lastMessage: expect.stringContaining('Rejected 1 spans: traceId must be'),
  });
  expect(health.store?.senders.find(({ serviceName }) => serviceName === 'shop <b>')).toMatchObject(
    {
      projectId: 'health',
      dialect: 'otel',
      scopeName: 'test',
      sdkName: 'opentelemetry',
      sdkLanguage: 'nodejs',
      sdkVersion: '3.1.0',
      spansLastHour: 1,
    },
  );
  expect(health.lastTakenAt).not.toBeNull();
});

describe('with an access key', () => {
  const key = 'correct-horse-battery-staple';
  let guarded: TestServer;
  beforeAll(async () => {
    guarded = await startTestServer({ ORCHESCOPE_ACCESS_KEY: key });
  });
  afterAll(async () => {
    await guarded.close();
    await guarded.remove();
  });

  test.each(['/metrics', '/api/ingest'])('%s is told to those who have it', async (path) => {
    expect((await guarded.ask(path)).status).toBe(401);
    const headers = { authorization: `Bearer ${key}` };
    expect((await guarded.ask(path, { headers })).status).toBe(200);
  });
});

test('a store that hangs is told in time, what arrives is taken, and it is told when it wakes', async () => {
  const other = await startTestServer();
  const enginePid = readOwner(other.dataDir)?.enginePid ?? 0;
  process.kill(enginePid, 'SIGSTOP');
  const [health, metrics] = await Promise.all([
    other.read('/api/ingest').then((body) => ingestHealth.parse(body)),
    other.ask('/metrics'),
  ]);
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(request([recent(1)]));
  // Sent without waiting until it can be read, which is not yet.
  const sent = await fetch(`${other.url}/v1/traces`, { method: 'POST', headers, body });
  process.kill(enginePid, 'SIGCONT');
  expect(health.verdict).toBe('failing');
  expect(health.reasons).toContain(
    'The store does not answer: what arrives is kept on disk until it does.',
  );
  expect(health.store).toBeNull();
  expect(
    parsePrometheus(metrics.text).get('orchescope_store_up')?.samples.get('orchescope_store_up{}'),
  ).toBe(0);
  expect(sent.status).toBe(200);
  // A busy machine may have other reasons by now.
  const verdict = async () => ingestHealth.parse(await other.read('/api/ingest')).verdict;
  await expect.poll(verdict, { timeout: 15_000 }).not.toBe('failing');
  await other.close();
  await other.remove();
});
