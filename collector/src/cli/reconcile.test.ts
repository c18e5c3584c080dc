/** The command against a whole server, as an operator runs it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../app.testing.ts';
import { orchescope } from './alerts.testing.ts';
import { runHere, type Ran } from './run-here.testing.ts';

vi.setConfig({ testTimeout: 60_000 });

let server: TestServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orchescope-reconcile-'));
  server = await startTestServer({ ORCHESCOPE_EXPORT_DIR: join(folder, 'costs') });
  await writeFile(
    join(folder, 'invoice.csv'),
    'date,model,cost\n2026-08-01,gpt-5,0.00\n2026-08-02,gpt-5,1.5\nsoon,gpt-5,1\n',
  );
});
afterAll(async () => {
  await server.close();
  await server.remove();
  await rm(folder, { recursive: true });
});

const run = (...args: readonly string[]): Promise<Ran> =>
  runHere(['reconcile', ...args, '--url', server.url]);

test('prints a table, what could not be read, and whether it agrees', async () => {
  const args = [join(folder, 'invoice.csv'), '--provider', 'openai'];
  const ran = await run(...args);
  expect(await orchescope(['reconcile', ...args, '--url', server.url])).toEqual(ran);
  expect([ran.code, ran.stderr]).toEqual([1, '']);
  expect(ran.stdout).toBe(`openai, 2026-08-01 to 2026-08-02, USD

  day         model  invoiced  computed    delta     share  priced
  2026-08-01  gpt-5    0.0000    0.0000   0.0000               0/0
  2026-08-02  gpt-5    1.5000    0.0000  -1.5000  -100.0 %     0/0
  total                1.5000    0.0000  -1.5000  -100.0 %     0/0

They differ by more than 2 % of what was invoiced.
2 lines read, 0 without an amount, 1 that cannot be read:
  line 4: "soon" is no day, or could be two: say dates=dmy or dates=mdy.
`);
});

test('says what is wrong in a sentence', async () => {
  expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining('Name one file.') });
  expect(await run('/nowhere.csv')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('/nowhere.csv cannot be read'),
  });
  const columns = await run(join(folder, 'invoice.csv'), '--date-column', 'Tag');
  expect(columns.stderr).toContain('Name it with dateColumn; there are: date, model, cost.');
});

test('files are there over the whole server, with its headers, and its metrics tell of those of every day', async () => {
  const file = await server.ask('/api/cost/export?format=csv');
  expect(file.status).toBe(200);
  expect(file.text).toMatch(/^workflow,cost_usd,/);
  expect(file.headers['cache-control']).toBe('no-store');
  const metrics = await server.ask('/metrics');
  expect(metrics.text).toContain('orchescope_exports_files_total 0');
  expect(metrics.text).toContain('orchescope_exports_missing_files 0');
});
