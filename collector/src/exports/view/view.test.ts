/** Files against the report: the same rows, in the same order, to the last trillionth. */
import * as fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import * as contract from '../../contract.ts';
import { answerCosts } from '../../query/costs/answer-costs.ts';
import type { InputPrices } from '../../query/costs/list-rates.ts';
import type { Run } from '../../run.ts';
import { anyRun, oneRun } from '../../runs.testing.ts';
import { startTestStore, storeSpans, type TestStore } from '../../store/testing.ts';
import { oneSpan } from '../../store/span-arbitrary.ts';
import { writeRuns } from '../../store/write-runs.ts';
import { createExportRoutes } from '../routes.ts';
import { parseCsv } from '../reconcile/parse-csv.ts';

vi.setConfig({ testTimeout: 60_000 });

const dollar = 1_000_000_000_000n;
const rates = { input: 2n * dollar, cacheRead: dollar / 5n, cacheWrite: (5n * dollar) / 2n };
const inputPrices: InputPrices = {
  findRates: ({ model }) => (model === 'gpt-5' ? rates : null),
  changesOf: () => [],
};
let opened: TestStore;
let app: Hono;

beforeAll(async () => {
  opened = await startTestStore();
  app = createExportRoutes({
    store: opened.store,
    inputPrices,
    findListPrices: () => null,
    log: (_, error) => {
      throw error;
    },
  });
});
afterAll(() => opened.close());

const origin = 1_785_542_400_000_000_000n;
const range = 'from=2026-08-01T00:00:00Z&to=2026-08-01T01:00:00Z';
let projects = 0;

async function write(runs: readonly Run[]): Promise<string> {
  projects += 1;
  const projectId = `project-${projects}`;
  const owned = runs.map((run, at) => ({
    run: { ...run, projectId, runId: `run-${at}` },
    retentionDays: 0,
  }));
  await writeRuns(opened.store.client, owned, 1);
  return projectId;
}

async function ask(path: string): Promise<Response> {
  const answer = await app.request(path);
  if (answer.status !== 200) throw new Error(await answer.text());
  return answer;
}

async function readReport(query: string): Promise<contract.CostExportRow[]> {
  const values = Object.fromEntries(new URLSearchParams(query));
  const asked = contract.costQuery.parse({ ...values, limit: '1000' });
  const { rows } = await answerCosts(opened.store, asked, inputPrices);
  return rows.map((row) => contract.costExportRow.parse(row));
}

const dimensions = contract.costDimension.options.filter((name) => name !== 'project');

test('every figure of every row is that of the report, whatever it is told and sorted by', async () => {
  const arbitraryRuns = fc.array(anyRun(origin), { minLength: 1, maxLength: 25 });
  const by = fc.uniqueArray(fc.constantFrom(...dimensions), { maxLength: 2 });
  const sort = fc.constantFrom('cost', 'tokens', 'change', 'waste', 'runs');
  await fc.assert(
    fc.asyncProperty(arbitraryRuns, by, sort, fc.boolean(), async (runs, by, sort, users) => {
      const project = await write(runs);
      // So that there is a range before.
      const half = range.replace('T00:00', 'T00:30');
      const query = `project=${project}&${half}&by=${by.join(',')}&sort=${sort}&users=${users}`;
      const answer = await ask(`/cost/export?format=json&${query}`);
      const rows = z.array(contract.costExportRow).parse(await answer.json());
      expect(rows).toEqual(await readReport(query));
    }),
    { numRuns: 12 },
  );
});

const anyRuns = (seed: number): Run[] => fc.sample(anyRun(origin), { numRuns: 40, seed });

test('over projects, rows of all of them stand in one order', async () => {
  const ids = [await write(anyRuns(1)), await write(anyRuns(2)), await write([])];
  await storeSpans(
    opened,
    ids.map((projectId) => Object.assign({}, oneSpan, { projectId, startUnixNano: origin })),
  );
  for (const by of ['project', 'project,workflow', 'model,project']) {
    const query = `${range}&by=${by}`;
    const answer = await ask(`/cost/export?format=json&${query}`);
    const rows = z.array(contract.costExportRow).parse(await answer.json());
    expect(rows.length).toBeGreaterThan(1);
    expect(rows).toEqual(await readReport(query));
  }
});

test('CSV has the same numbers, in full, and the range and filter they are of', async () => {
  const project = await write(anyRuns(3));
  const query = `project=${project}&${range}&by=workflow,agent&q=environment:prod`;
  const answer = await ask(`/cost/export?${query}`);
  const text = await answer.text();
  expect(text).toMatch(/\r\n$/);
  const [head = [], ...lines] = parseCsv(text, ',').map(({ cells }) => cells);
  const rows = lines.map((cells) => Object.fromEntries(head.map((name, at) => [name, cells[at]])));
  const expected = await readReport(query);
  expect(rows.map((row) => [row['workflow'], row['agent']])).toEqual(
    expected.map(({ keys }) => keys),
  );
  expect(rows.map((row) => [row['cost_usd'], row['saved_by_cache_usd'], row['calls']])).toEqual(
    expected.map(({ figures }) => [
      figures.costUsd,
      figures.savedByCacheUsd ?? '',
      String(figures.calls),
    ]),
  );
  expect(rows[0]).toMatchObject({
    from: '2026-08-01T00:00:00.000Z',
    to: '2026-08-01T01:00:00.000Z',
    filter: 'environment:prod',
    runs_filter: expected[0]?.runsFilter,
  });
});

test('Parquet, read back by the engine, has typed columns with the same numbers', async () => {
  const project = await write(anyRuns(4));
  const query = `project=${project}&${range}&by=workflow,model&users=true`;
  const answer = await ask(`/cost/export?format=parquet&${query}`);
  const { rows, types } = await readParquet(Buffer.from(await answer.arrayBuffer()));
  const expected = await readReport(query);
  expect(expected.length).toBeGreaterThan(2);
  expect(rows.map(({ workflow, model }) => [workflow, model])).toEqual(
    expected.map(({ keys }) => keys),
  );
  expect(
    rows.map((row) => [
      row['cost_usd'],
      row['previous_cost_usd'],
      row['waste_usd'],
      row['users'],
      row['flags'],
      row['share'],
    ]),
  ).toEqual(
    expected.map(({ figures, previousCostUsd, flags, share }) => [
      figures.costUsd,
      previousCostUsd,
      figures.wasteUsd,
      figures.users,
      flags.join(' '),
      share,
    ]),
  );
  expect(types).toMatchObject({
    workflow: 'String',
    cost_usd: 'Decimal(38, 12)',
    calls: 'UInt64',
  });
});

async function readParquet(bytes: Buffer): Promise<{
  readonly rows: Readonly<Record<string, unknown>>[];
  readonly types: Readonly<Record<string, string>>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'orchescope-parquet-'));
  const path = join(folder, 'view.parquet');
  await writeFile(path, bytes);
  const from = `FROM file('${path}', 'Parquet')`;
  const read = async (query: string) => {
    const answer = await opened.store.client.query({
      query,
      format: 'JSONEachRow',
      clickhouse_settings: {
        output_format_json_quote_decimals: 1,
        output_format_json_quote_64bit_integers: 0,
        schema_inference_make_columns_nullable: 2 as never,
      },
    });
    return answer.json<Record<string, unknown>>();
  };
  const described = await read(`DESCRIBE (SELECT * ${from})`);
  const rows = await read(`SELECT * ${from}`);
  await rm(folder, { recursive: true });
  return {
    rows,
    types: Object.fromEntries(described.map(({ name, type }) => [String(name), String(type)])),
  };
}

test('names that spreadsheets would run, quote or break lines at come back whole, and harmless', async () => {
  const names = ['=1+1', '+x', '-x', '@x', '\tx', '\rx', 'a"b', 'a,b', 'a\nb', 'a;b', "it's"];
  const project = await write(
    names.map((workflow) => ({
      ...oneRun,
      workflow,
      startUnixNano: origin,
      endUnixNano: origin + 1n,
      lastActivityUnixNano: origin + 1n,
      modelCalls: anyRuns(5)
        .flatMap(({ modelCalls }) => modelCalls)
        .slice(0, 1)
        .map((call) => Object.assign({}, call, { startUnixNano: origin })),
    })),
  );
  const answer = await ask(`/cost/export?project=${project}&${range}&bom=true`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf');
  const cells = parseCsv(bytes.toString('utf8').slice(1), ',')
    .slice(1)
    .map(({ cells }) => cells[0]);
  const expected = names.map((name) => (/^[=+\-@\t\r]/.test(name) ? `'${name}` : name));
  expect(cells.sort()).toEqual(expected.sort());
});

test('a file is named after what is in it, is not sniffed and not kept', async () => {
  const project = 'a/b "c"\r\nx: ü';
  const answer = await ask(`/cost/export?project=${encodeURIComponent(project)}&${range}&by=model`);
  expect(answer.headers.get('content-disposition')).toBe(
    'attachment; filename="cost_a-b-c-x_model_2026-08-01T0000_2026-08-01T0100.csv"',
  );
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
});
