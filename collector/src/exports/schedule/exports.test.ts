/** Files of days, into a real folder and to a sink that checks what S3 checks. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseAllowList } from '../../alerts/channels/allow-list.ts';
import { noInputPrices } from '../../query/costs/list-rates.ts';
import { oneRun } from '../../runs.testing.ts';
import { oneSpan } from '../../store/span-arbitrary.ts';
import { startTestStore, storeSpans, type TestStore } from '../../store/testing.ts';
import { deleteRuns, writeRuns } from '../../store/write-runs.ts';
import { toDueDays, toNextDueMs } from './due-days.ts';
import { createFolderTarget } from './folder-target.ts';
import { createS3Target, toRegion } from './s3-target.ts';
import { signS3 } from './sign-s3.ts';
import { startExports, toName, type Exports } from './start-exports.ts';
import type { ExportTarget } from './target.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 21, 3);
let opened: TestStore;
let folder: string;
let running: Exports | null = null;

beforeAll(async () => {
  opened = await startTestStore();
  const days = [1, 2, 40];
  await writeRuns(opened.store.client, days.flatMap(toRuns), 1);
  await storeSpans(opened, [
    { ...oneSpan, projectId: 'shop' },
    { ...oneSpan, projectId: '../up' },
  ]);
});
afterAll(() => opened.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orchescope-exports-'));
});
afterEach(async () => {
  await running?.close();
  running = null;
  await rm(folder, { recursive: true });
});

function toRuns(daysAgo: number) {
  const startUnixNano = BigInt(nowMs - daysAgo * dayMs) * 1_000_000n;
  return ['shop', '../up'].map((projectId) => ({
    retentionDays: 0,
    run: {
      ...oneRun,
      projectId,
      runId: `run-${daysAgo}`,
      workflow: 'refund',
      startUnixNano,
      endUnixNano: startUnixNano + 1_000_000_000n,
      lastActivityUnixNano: startUnixNano + 1_000_000_000n,
      modelCalls: [
        {
          traceId: oneRun.rootTraceId,
          spanId: 'c'.repeat(16),
          model: 'gpt-5',
          provider: 'openai',
          agent: '',
          startUnixNano,
          durationNs: 1,
          failed: false,
          firstTokenNs: null,
          tokens: { input: 10, cacheRead: null, cacheWrite: null, output: 1, reasoning: null },
          tool: '',
          costTrillionths: BigInt(daysAgo) * 1_000_000_000_000n,
          costSource: 'reported' as const,
          computedTrillionths: null,
          priceMatch: 'none' as const,
          waste: null,
        },
      ],
    },
  }));
}

const logged: string[] = [];

async function start(target: ExportTarget, now = nowMs): Promise<Exports> {
  running = startExports({
    client: opened.store.client,
    target,
    format: 'csv',
    afterMidnightMs: 2 * 3_600_000,
    nowMs: () => now,
    inputPrices: noInputPrices,
    findListPrices: () => null,
    info: () => undefined,
    warn: (message, fields) => logged.push(`${message} ${JSON.stringify(fields)}`),
  });
  await running.settled();
  return running;
}

const yesterday = 'shop/cost_2026-11-20_workflow-model.csv';
const all = [
  '..%2Fup/cost_2026-11-19_workflow-model.csv',
  '..%2Fup/cost_2026-11-20_workflow-model.csv',
  'shop/cost_2026-11-19_workflow-model.csv',
  yesterday,
].map((name) => name.replace(/^\./, '%2E'));

async function list(): Promise<string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name).slice(folder.length + 1))
    .sort();
}

describe('into a folder', () => {
  test('days since the server was last there are caught up with, and not again while nothing changes', async () => {
    const exports = await start(createFolderTarget(folder));
    expect(await list()).toEqual(all);
    const text = await readFile(join(folder, yesterday), 'utf8');
    expect(text.split('\r\n')[1]).toMatch(/^refund,gpt-5,1,2,/);
    expect(exports.status()).toMatchObject({ written: 4, failures: 0, missing: 0 });
    await writeFile(join(folder, yesterday), 'mine');
    await exports.close();
    const again = await start(createFolderTarget(folder));
    expect(again.status().written).toBe(0);
    expect(await readFile(join(folder, yesterday), 'utf8')).toBe('mine');
  });

  test('a day is not due before its time', async () => {
    await start(createFolderTarget(folder), Date.UTC(2026, 10, 21, 1, 59));
    expect((await list()).filter((name) => name.includes('2026-11-20'))).toEqual([]);
  });

  test('what cannot be written is told, and written in a later round', async () => {
    // A file where a folder has to be.
    await writeFile(join(folder, 'shop'), '');
    const exports = await start(createFolderTarget(folder));
    expect(exports.status()).toMatchObject({ written: 2, missing: 2 });
    expect(logged.at(-1)).toContain('could not be written');
    await rm(join(folder, 'shop'));
    await exports.settled();
    expect(await list()).toEqual(all);
    expect(exports.status()).toMatchObject({ written: 4, missing: 0 });
  });

  test('what a crash left behind is no file', async () => {
    await mkdir(join(folder, 'shop'));
    await writeFile(join(folder, `${yesterday}.abc.part`), 'half');
    await start(createFolderTarget(folder));
    expect(await readFile(join(folder, yesterday), 'utf8')).toMatch(/^workflow,model,/);
  });
});

describe('a file that was written', () => {
  const late = { workflow: 'late', startUnixNano: BigInt(nowMs - dayMs) * 1_000_000n } as const;
  const lateRuns = toRuns(1)
    .filter(({ run }) => run.projectId === 'shop')
    .map(({ run, retentionDays }) => ({
      retentionDays,
      run: Object.assign({}, run, late, { runId: 'late' }),
    }));
  const client = () => opened.store.client;
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

  test('takes in what arrived later, in place, after a restart too, and is not written for less', async () => {
    const exports = await start(createFolderTarget(folder));
    const before = await read(yesterday);
    await writeRuns(client(), lateRuns, 2);
    await exports.settled();
    expect(await list()).toEqual(all);
    expect((await read(yesterday)).split('\r\n').map((line) => line.split(',')[0])).toEqual([
      'workflow',
      'late',
      'refund',
      '',
    ]);
    expect(exports.status()).toMatchObject({ written: 5, failures: 0, missing: 0 });
    // The same rows in other parts: nothing to write.
    await writeFile(join(folder, yesterday), 'seen');
    await client().command({ query: 'OPTIMIZE TABLE runs FINAL' });
    await exports.settled();
    expect([exports.status().written, await read(yesterday)]).toEqual([5, 'seen']);
    // Runs whose time is over are deleted, and what they cost stays written.
    await deleteRuns(client(), 'shop', [{ ...late, runId: 'late', retentionDays: 0 }], 3);
    await exports.close();
    const again = await start(createFolderTarget(folder));
    expect([again.status().written, await read(yesterday)]).toEqual([0, 'seen']);
    // What is gone is written, as it is now.
    await rm(join(folder, yesterday));
    await again.close();
    const third = await start(createFolderTarget(folder));
    expect([third.status().written, await read(yesterday)]).toEqual([1, before]);
  });
});

const keys = { accessKeyId: 'key', secretAccessKey: 'secret', region: 'eu-central-1' };

/** Checks what S3 checks: the signature, over exactly these bytes, and how old it is. */
async function startSink(): Promise<{
  readonly url: string;
  readonly objects: Map<string, string>;
  fail: number;
  readonly server: Server;
}> {
  const objects = new Map<string, string>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const url = new URL(`http://${request.headers.host}${request.url}`);
      const date = String(request.headers['x-amz-date']);
      const [, y, m, d, h, min, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
      const atMs = Date.parse(`${y}-${m}-${d}T${h}:${min}:${s}Z`);
      const method = request.method as 'PUT' | 'HEAD';
      const { authorization } = signS3({ method, url, headers: {}, body }, keys, atMs);
      const isHashed =
        request.headers['x-amz-content-sha256'] === createHash('sha256').update(body).digest('hex');
      const isRight = authorization === request.headers.authorization && isHashed;
      if (!isRight || Math.abs(Date.now() - atMs) > 900_000) {
        response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
      } else if (sink.fail > 0) {
        sink.fail -= 1;
        response.writeHead(503).end('<Error><Code>SlowDown</Code></Error>');
      } else if (method === 'HEAD') {
        response.writeHead(objects.has(url.pathname) ? 200 : 404).end();
      } else {
        objects.set(url.pathname, body.toString());
        response.writeHead(200).end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const sink = { url: `http://127.0.0.1:${port}/bucket/costs`, objects, fail: 0, server };
  return sink;
}

describe('to S3', () => {
  test('objects are signed, put once, and tried again when the service is slow', async () => {
    const sink = await startSink();
    const allow = parseAllowList([new URL(sink.url).host]);
    const target = createS3Target({ url: `${sink.url}/`, allow, ...keys });
    sink.fail = 1;
    const exports = await start(target);
    await exports.settled();
    const names = all.map((name) => `/bucket/costs/${name.replaceAll('%', '%25')}`);
    expect([...sink.objects.keys()].sort()).toEqual(names.sort());
    expect(exports.status()).toMatchObject({ written: 4, failures: 1, missing: 0 });
    expect(logged.at(-1)).toContain('answered 503');
    await exports.close();
    expect((await start(target)).status().written).toBe(0);
    const wrong = createS3Target({ url: sink.url, allow, ...keys, secretAccessKey: 'other' });
    await expect(wrong.put('a', Buffer.from('b'), AbortSignal.timeout(5_000))).rejects.toThrow(
      'answered 403 (SignatureDoesNotMatch) when a was sent',
    );
    sink.server.close();
  });

  test('an address within is not reached unless the operator allows it', async () => {
    const target = createS3Target({ url: 'http://169.254.169.254/x', allow: [], ...keys });
    await expect(target.has('a', AbortSignal.timeout(5_000))).rejects.toThrow(
      /not a public address/,
    );
  });
});

test('regions are told by addresses of AWS', () => {
  expect(toRegion('https://b.s3.eu-central-1.amazonaws.com/x')).toBe('eu-central-1');
  expect(toRegion('https://s3.dualstack.us-gov-west-1.amazonaws.com/b')).toBe('us-gov-west-1');
  expect(toRegion('https://minio.internal:9000/b')).toBe('us-east-1');
});

test('days are due in order, none twice, and a new one every day at its time', () => {
  const days = toDueDays(nowMs, 2 * 3_600_000);
  expect([days.length, days[0], days.at(-1)]).toEqual([35, '2026-10-17', '2026-11-20']);
  expect(toDueDays(nowMs, 4 * 3_600_000).at(-1)).toBe('2026-11-19');
  expect(toNextDueMs(nowMs, 4 * 3_600_000)).toBe(3_600_000);
  expect(toNextDueMs(nowMs, 2 * 3_600_000)).toBe(23 * 3_600_000);
});

test('no two projects share a file, and none leaves the folder', () => {
  const names = ['a/b', 'a%2Fb', '..', '.', 'ü*'].map((id) => toName(id, '2026-11-20', 'focus'));
  expect(new Set(names).size).toBe(5);
  expect(names.every((name) => /^[\w%-][\w.%-]*\/focus_2026-11-20\.csv$/.test(name))).toBe(true);
});
