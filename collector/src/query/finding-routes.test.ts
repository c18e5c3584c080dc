import * as fc from 'fast-check';
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { z } from 'zod';
import * as contract from '../contract.ts';
import type { Finding, Run } from '../run.ts';
import { anyFinding, anyRun, oneFinding, oneRun } from '../runs.testing.ts';
import { startTestStore, type TestStore } from '../store/testing.ts';
import { writeRuns } from '../store/write-runs.ts';
import { createLiveFeed } from './live-feed.ts';
import { createQueryRoutes } from './routes.ts';

vi.setConfig({ testTimeout: 60_000 });

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

async function read<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
  const answer = await app.request(path);
  expect(`${answer.status} ${answer.status === 200 ? '' : await answer.text()}`).toBe('200 ');
  return schema.parse(await answer.json());
}

let projects = 0;

async function write(runs: readonly Run[]): Promise<string> {
  projects += 1;
  const projectId = `project-${projects}`;
  const owned = runs.map((run) => ({ run: { ...run, projectId }, retentionDays: 0 }));
  await writeRuns(opened.store.client, owned, 1);
  return projectId;
}

const origin = 1_785_542_400_000_000_000n;
const range = 'from=2026-08-01T00:00:00Z&to=2026-08-02T00:00:00Z';

const runsWithFindings = fc.array(
  fc
    .tuple(anyRun(origin), fc.array(anyFinding, { maxLength: 5 }))
    .map(([run, findings]) => Object.assign(run, { findings })),
  { minLength: 1, maxLength: 20 },
);

type Found = { readonly run: Run; readonly finding: Finding; readonly position: number };
const allOf = (runs: readonly Run[]): Found[] =>
  runs.flatMap((run) => run.findings.map((finding, position) => ({ run, finding, position })));

test('groups add up what there is, and the list has each finding once, in every order', async () => {
  const property = fc.asyncProperty(runsWithFindings, async (runs) => {
    const project = await write(runs);
    const { groups, runCount } = await read(
      `/findings?project=${project}&${range}`,
      contract.findingGroups,
    );
    expect(runCount).toBe(runs.length);
    const expected = Map.groupBy(allOf(runs), ({ finding }) => finding.kind);
    expect(new Set(groups.map(({ kind }) => kind))).toEqual(new Set(expected.keys()));
    for (const group of groups)
      expect(group).toEqual(toGroup(group.kind, expected.get(group.kind) ?? []));
    const costs = groups.map(({ waste }) => Number(waste.usd ?? -1));
    expect(costs).toEqual(costs.toSorted((a, b) => b - a));
    for (const sort of contract.findingListQuery.shape.sort.unwrap().options) {
      const keys = await readAll(`project=${project}&${range}&sort=${sort}&limit=7`);
      expect(keys).toEqual(allOf(runs).sort(orders[sort]).map(toKey));
    }
  });
  await fc.assert(property, { numRuns: 6, endOnFailure: true });
});

function toGroup(kind: contract.FindingKind, found: readonly Found[]): contract.FindingGroup {
  const sum = (values: readonly (number | null)[]): number | null =>
    values.reduce((total, value) => (value === null ? total : (total ?? 0) + value), null);
  const costs = found.flatMap(({ finding }) => finding.waste.costTrillionths ?? []);
  const tops = (names: readonly string[]): [string, number][] =>
    Array.from(
      Map.groupBy(names, (name) => name),
      ([name, all]): [string, number] => [name, all.length],
    )
      .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
      .slice(0, 8);
  const severities = found.map(({ finding }) =>
    contract.findingSeverity.options.indexOf(finding.severity),
  );
  const heard = found.map(({ run }) => run.lastActivityUnixNano).sort((a, b) => (a < b ? 1 : -1));
  return {
    kind,
    severity: contract.findingSeverity.options[Math.max(...severities)] ?? 'info',
    count: found.length,
    runCount: new Set(found.map(({ run }) => run.runId)).size,
    waste: {
      ms: sum(found.map(({ finding }) => finding.waste.ms)),
      tokens: sum(found.map(({ finding }) => finding.waste.tokens)),
      usd: costs.length === 0 ? null : toUsd(costs.reduce((total, cost) => total + cost, 0n)),
    },
    subjects: tops(found.map(({ finding }) => finding.subject)).map(([subject, count]) => ({
      subject,
      count,
    })),
    workflows: tops(found.map(({ run }) => run.workflow)).map(([workflow, count]) => ({
      workflow,
      count,
    })),
    lastSeenUnixNano: String(heard[0]),
  };
}

function toUsd(trillionths: bigint): string {
  const digits = String(trillionths).padStart(13, '0');
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, '');
}

const descending = (valueOf: (one: Found) => bigint | number) => (a: Found, b: Found) => {
  const [one, other] = [valueOf(a), valueOf(b)];
  if (one !== other) return one > other ? -1 : 1;
  if (a.run.runId !== b.run.runId) return a.run.runId > b.run.runId ? -1 : 1;
  return a.position - b.position;
};
const orders = {
  start_time: descending(({ run }) => run.startUnixNano),
  waste_usd: descending(({ finding }) => finding.waste.costTrillionths ?? -1n),
  waste_ms: descending(({ finding }) => finding.waste.ms ?? -1),
};

const toKey = ({ run, finding }: Found) => [
  run.runId,
  finding.kind,
  finding.subject,
  finding.waste.ms,
];

async function readAll(query: string): Promise<unknown[]> {
  const keys: unknown[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const next: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page: contract.FindingList = await read(
      `/findings/list?${query}${next}`,
      contract.findingList,
    );
    keys.push(
      ...page.findings.map(({ runId, kind, subject, waste }) => [runId, kind, subject, waste.ms]),
    );
    cursor = page.nextCursor;
  }
  return keys;
}

const looped: Run = {
  ...oneRun,
  runId: 'looped',
  workflow: 'refund',
  startUnixNano: origin,
  findings: [oneFinding],
};
const slow = {
  ...oneFinding,
  kind: 'slow_first_token',
  subject: 'gpt-5',
  severity: 'critical',
} as const;
const both: Run = { ...looped, runId: 'both', workflow: 'report', findings: [slow, oneFinding] };

test('a finding is told with its run, its sentence and its evidence', async () => {
  const project = await write([looped]);
  const { findings } = await read(
    `/findings/list?project=${project}&${range}`,
    contract.findingList,
  );
  const { waste: _, ...same } = oneFinding;
  expect(findings).toEqual([
    {
      ...same,
      waste: { ms: null, tokens: null, usd: null },
      runId: 'looped',
      workflow: 'refund',
      rootTraceId: oneRun.rootTraceId,
      runStatus: 'completed',
      runStartTimeUnixNano: String(origin),
    },
  ]);
});

test.each([
  ['kind=loop', ['looped loop', 'both loop']],
  ['subject=gpt-5', ['both slow_first_token']],
  ['kind=loop&subject=gpt-5', []],
  ['q=workflow:refund', ['looped loop']],
  ['q=severity:critical', ['both slow_first_token', 'both loop']],
])('of the list %s leaves %j', async (query, expected) => {
  const project = await write([looped, both]);
  const { findings } = await read(
    `/findings/list?project=${project}&${range}&${query}`,
    contract.findingList,
  );
  expect(findings.map(({ runId, kind }) => `${runId} ${kind}`)).toEqual(expected);
});

test('where nothing went wrong there are no groups, and the runs are counted', async () => {
  const project = await write([oneRun]);
  const query = `project=${project}&from=2026-01-01T00:00:00Z`;
  expect(await read(`/findings?${query}`, contract.findingGroups)).toMatchObject({
    groups: [],
    runCount: 1,
  });
});

test.each([
  ['/findings?q=kind:llm', 'invalid_filter'],
  ['/findings/list?kind=bad', 'invalid_request'],
  ['/findings/list?sort=luck', 'invalid_request'],
  ['/findings/list?cursor=nonsense', 'invalid_cursor'],
  [
    `/findings/list?cursor=${Buffer.from('{"sort":"start_time"}').toString('base64url')}`,
    'invalid_cursor',
  ],
])('%s is refused as %s', async (path, code) => {
  const answer = await app.request(path);
  expect(answer.status).toBe(400);
  expect(contract.apiError.parse(await answer.json()).error.code).toBe(code);
});

test('a cursor serves the order it was made for', async () => {
  const project = await write([looped, both]);
  const list = `/findings/list?project=${project}&${range}&limit=1`;
  const { nextCursor } = await read(list, contract.findingList);
  expect((await app.request(`${list}&cursor=${nextCursor}&sort=waste_ms`)).status).toBe(400);
});
