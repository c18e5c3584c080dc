import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { storeAndAnalyze } from '../analyze-stored.testing.ts';
import { allDetectors } from '../analysis/detectors/all.ts';
import * as contract from '../contract.ts';
import type { Span } from '../span.ts';
import { oneSpan } from '../store/span-arbitrary.ts';
import { startTestStore, type TestStore } from '../store/testing.ts';
import { createLiveFeed } from './live-feed.ts';
import { createQueryRoutes } from './routes.ts';

vi.setConfig({ testTimeout: 30_000 });

const info: contract.ServerInfo = { version: '1', engine: 'embedded', authentication: false };
let opened: TestStore;
let app: Hono;

beforeAll(async () => {
  opened = await startTestStore();
  app = createQueryRoutes({
    store: opened.store,
    live: createLiveFeed(),
    info,
    readIngestHealth: () => Promise.reject(new Error('not asked here')),
  });
});
afterAll(() => opened.close());

async function read(project: string): Promise<contract.DetectorSettings> {
  const answer = await app.request(`/settings/detectors?project=${project}`);
  return contract.detectorSettings.parse(await answer.json());
}

async function put(body: unknown, type = 'application/json') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { 'content-type': type };
  const answer = await app.request('/settings/detectors', { method: 'PUT', headers, body: text });
  return { status: answer.status, text: await answer.text() };
}

async function set(change: object): Promise<contract.DetectorSettings> {
  const { status, text } = await put(change);
  expect([status, status === 200 ? '' : text]).toEqual([200, '']);
  return contract.detectorSettings.parse(JSON.parse(text));
}

test('every detector is told with its thresholds, and nothing is set at first', async () => {
  const { detectors, project, workflows } = await read('fresh');
  expect(detectors.map(({ kind }) => kind)).toEqual(allDetectors.map(({ kind }) => kind));
  const loop = detectors.find(({ kind }) => kind === 'loop');
  expect(loop?.thresholds.length).toBeGreaterThan(0);
  expect(loop?.thresholds[0]).toMatchObject({ name: expect.any(String), min: expect.any(Number) });
  expect([project, workflows]).toEqual([{}, {}]);
});

test('what is set of a project and of a workflow stands until something else takes its place', async () => {
  const project = 'shop';
  const muted = { loop: { muted: true } };
  expect((await set({ project, settings: muted })).project).toEqual(muted);
  const allowed = { handoff_bounced: { allow: ['planner*'] } };
  const { workflows } = await set({ project, workflow: 'refund', settings: allowed });
  expect(workflows).toEqual({ refund: allowed });
  expect(await read(project)).toMatchObject({ project: muted, workflows: { refund: allowed } });
  expect((await read('other')).project).toEqual({});
  const [threshold] = (await read(project)).detectors[0]?.thresholds ?? [];
  const thresholds = { [threshold?.name ?? '']: threshold?.max ?? 0 };
  expect((await set({ project, settings: { loop: { thresholds } } })).project).toEqual({
    loop: { thresholds },
  });
  expect(await set({ project, settings: {} })).toMatchObject({
    project: {},
    workflows: { refund: allowed },
  });
});

test('every change is kept, with its time', async () => {
  const project = 'audited';
  for (const muted of [true, false, true]) await set({ project, settings: { loop: { muted } } });
  await set({ project, settings: {} });
  const answer = await opened.store.client.query({
    query: `SELECT value, abs(dateDiff('second', changed_at, now64(3))) < 60 AS recent FROM settings_log
      WHERE project_id = {project:String} AND area = 'detectors' ORDER BY version`,
    query_params: { project },
    format: 'JSONCompactEachRow',
  });
  expect(await answer.json()).toEqual([
    ['{"loop":{"muted":true}}', 1],
    ['{"loop":{"muted":false}}', 1],
    ['{"loop":{"muted":true}}', 1],
    ['', 1],
  ]);
});

test('changes that come at once are all kept, and one of them stands', async () => {
  const project = 'busy';
  const workflows = Array.from({ length: 8 }, (_, at) => `w${at}`);
  await Promise.all(
    workflows.map((workflow) => set({ project, workflow, settings: { loop: { muted: true } } })),
  );
  expect(Object.keys((await read(project)).workflows).sort()).toEqual(workflows);
});

/** Began long ago, and was not heard of since. */
const abandoned: Span = {
  ...oneSpan,
  traceId: 'a'.repeat(32),
  parentSpanId: '',
  startTimeUnixNano: BigInt(Date.now() - 6 * 86_400_000) * 1_000_000n,
  endTimeUnixNano: 0n,
  kind: 'workflow',
  workflowName: 'refund',
};

test('runs are judged by what is set', async () => {
  const kindsOf = async (project: string): Promise<string[]> => {
    await storeAndAnalyze(opened, [{ ...abandoned, projectId: project }]);
    const path = `/findings?project=${project}&from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z`;
    const { groups } = contract.findingGroups.parse(await (await app.request(path)).json());
    return groups.map(({ kind }) => kind);
  };
  expect(await kindsOf('judged')).toContain('abandoned_run');
  await set({ project: 'muted', workflow: 'refund', settings: { abandoned_run: { muted: true } } });
  expect(await kindsOf('muted')).not.toContain('abandoned_run');
});

const settings = { loop: { muted: true } };
test.each<[string, unknown, string, RegExp]>([
  ['another kind', { settings: { luck: {} } }, '', /settings/],
  ['another field', { settings: { loop: { quiet: true } } }, '', /settings.loop: .*quiet/],
  [
    'another threshold',
    { settings: { loop: { thresholds: { luck: 1 } } } },
    '',
    /thresholds.luck: there is no such threshold. Choose /,
  ],
  [
    'a threshold out of range',
    { settings: { loop: { thresholds: { repeats: -1 } } } },
    '',
    /thresholds.repeats: choose a value from \d+ to \d+/,
  ],
  ['no settings', {}, '', /settings/],
  ['no JSON', '{', '', /not JSON/],
  ['text that a foreign page may send', { settings }, 'text/plain', /content-type/],
  ['a form', { settings }, 'application/x-www-form-urlencoded', /content-type/],
  ['a book', { settings, workflow: 'x'.repeat(70_000) }, '', /at most 65536 bytes/],
])('%s is refused', async (_, body, type, sentence) => {
  const { status, text } = await put(body, type === '' ? 'application/json' : type);
  expect([status, text]).toEqual([400, expect.stringMatching(sentence)]);
});

test('other methods are told which there are', async () => {
  const answer = await app.request('/settings/detectors', { method: 'DELETE' });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, PUT, HEAD']);
  const other = await app.request('/runs', { method: 'PUT' });
  expect([other.status, other.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});
