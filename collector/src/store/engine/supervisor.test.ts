/** The engine's life: it dies and comes back, it never outlives its parent, and it shares its directory with no one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../store.ts';
import { isAlive, readOwner } from './data-dir.ts';
import { DataDirectoryError, DataDirectoryInUseError } from './data-directory-error.ts';
import { type Engine, superviseEngine } from './supervisor.ts';
import { readRows, startTestEngine, until } from './testing-engine.ts';

let folder: string;
const parents: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orchescope-supervisor-'));
});
afterEach(() => {
  for (const parent of parents.splice(0)) parent.kill('SIGKILL');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const open = (dataDir: string): Promise<Engine> =>
  superviseEngine(
    { dataDir, database: 'orchescope', memoryLimitBytes: 1024 ** 3, listen: 'socket' },
    () => undefined,
  );

describe('an engine that is killed', () => {
  test('comes back with every answered row, at the same address', async () => {
    const { engine, connect, close } = await startTestEngine();
    const client = connect();
    await client.command({ query: 'CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a' });
    const answered: string[] = [];
    let isKilled = false;
    while (!isKilled) {
      const a = String(answered.length);
      await client.insert({ table: 't', values: [{ a }], format: 'JSONEachRow' });
      answered.push(a);
      if (answered.length === 20) isKilled = process.kill(engine.pid() ?? 0, 'SIGKILL');
    }
    const firstPid = engine.pid();
    await until(() => engine.pid() !== firstPid);
    await engine.whenUp(10_000);
    expect(await readRows(client, 'SELECT toString(a) AS a FROM t ORDER BY t.a')).toEqual(
      answered.map((a) => ({ a })),
    );
    await close();
  });
});

test('a client that asks during a restart waits for the answer', async () => {
  const { startTestStore } = await import('../testing.ts');
  const { store, close } = await startTestStore();
  const pid = store.enginePid();
  process.kill(pid ?? 0, 'SIGKILL');
  await until(() => store.enginePid() === null);
  await store.check();
  expect(store.enginePid()).not.toBe(pid);
  await close();
});

test('a closed engine is gone with its socket, and says so to whoever waits', async () => {
  const engine = await open(join(folder, 'closed'));
  const { address } = engine;
  const pid = engine.pid() ?? 0;
  const socketPath = 'socketPath' in address ? address.socketPath : '';
  expect([isAlive(pid), existsSync(socketPath)]).toEqual([true, true]);
  await engine.close();
  expect([isAlive(pid), existsSync(join(socketPath, '..')), engine.pid()]).toEqual([
    false,
    false,
    null,
  ]);
  await expect(engine.whenUp(1)).rejects.toBeInstanceOf(StoreUnavailableError);
  expect(readOwner(join(folder, 'closed'))).toBeNull();
});

test('closing cancels what runs', async () => {
  const { connect, close } = await startTestEngine();
  const client = connect();
  const endless = readRows(
    client,
    'SELECT sum(sipHash64(number)) AS endless FROM numbers(100000000000)',
  ).then(
    () => 'answered',
    () => 'refused',
  );
  await until(
    async () =>
      (await readRows(client, "SELECT 1 FROM system.processes WHERE query LIKE '%AS endless%'"))
        .length === 2,
  );
  await close();
  expect(await endless).toBe('refused');
});

/** A process of its own that opens an engine, as an application would. */
async function spawnParent(
  dataDir: string,
  options: { readonly isBusy: boolean },
): Promise<{ parent: ChildProcess; enginePid: number; temporaryDir: string }> {
  const supervisor = fileURLToPath(new URL('./supervisor.ts', import.meta.url));
  const agent = fileURLToPath(new URL('./engine-agent.ts', import.meta.url));
  const script = `
    import http from 'node:http';
    import { superviseEngine } from ${JSON.stringify(supervisor)};
    import { EngineAgent } from ${JSON.stringify(agent)};
    const engine = await superviseEngine(
      { dataDir: ${JSON.stringify(dataDir)}, database: 'orchescope', memoryLimitBytes: 1e9, listen: 'socket' },
      () => undefined,
    );
    const agent = new EngineAgent(engine, 4);
    const auth = engine.username + ':' + engine.password;
    const ask = (sql) => http.request({ agent, auth, method: 'POST', path: '/' }).on('error', () => undefined).end(sql);
    if (${options.isBusy}) for (let i = 0; i < 3; i++) ask('SELECT sum(sipHash64(number)) FROM numbers(100000000000)');
    process.stdout.write(JSON.stringify({ enginePid: engine.pid(), socketPath: engine.address.socketPath }) + '\\n');
    setInterval(() => undefined, 1000);
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true, // A process group of its own, as a terminal gives one.
  });
  parents.push(parent);
  const line = await new Promise<string>((resolve) =>
    parent.stdout?.once('data', (data) => resolve(String(data))),
  );
  const { enginePid, socketPath } = JSON.parse(line) as { enginePid: number; socketPath: string };
  return { parent, enginePid, temporaryDir: join(socketPath, '..') };
}

describe('no engine outlives its parent', () => {
  test.each<[name: string, kill: (parent: ChildProcess) => void, isBusy: boolean]>([
    ['killed without warning', (parent) => parent.kill('SIGKILL'), false],
    ['killed while queries run', (parent) => parent.kill('SIGKILL'), true],
    [
      'ended by a signal to the whole group',
      (parent) => process.kill(-(parent.pid ?? 0), 'SIGTERM'),
      true,
    ],
    [
      'interrupted from the keyboard',
      (parent) => process.kill(-(parent.pid ?? 0), 'SIGINT'),
      false,
    ],
  ])('%s', async (name, kill, isBusy) => {
    const dataDir = join(folder, name.replaceAll(' ', '-'));
    const { parent, enginePid, temporaryDir } = await spawnParent(dataDir, { isBusy });
    expect(isAlive(enginePid)).toBe(true);
    kill(parent);
    await until(() => !isAlive(enginePid));
    expect(existsSync(temporaryDir)).toBe(false);
    // And the directory is free again.
    const engine = await open(dataDir);
    await engine.close();
  });
});

test('a signal to the engine alone does not take it from its parent', async () => {
  const { engine, connect, close } = await startTestEngine();
  const pid = engine.pid();
  process.kill(pid ?? 0, 'SIGTERM');
  process.kill(pid ?? 0, 'SIGINT');
  expect(await readRows(connect(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(engine.pid()).toBe(pid);
  await close();
});

describe('one directory, one engine', () => {
  test('the second one is told who has it', async () => {
    const dataDir = join(folder, 'shared');
    const { parent, enginePid } = await spawnParent(dataDir, { isBusy: false });
    const second = await open(dataDir).catch((error: unknown) => error);
    expect(second).toBeInstanceOf(DataDirectoryInUseError);
    expect((second as Error).message).toBe(
      `The data directory ${dataDir} is in use by another Orchescope, process ${parent.pid} (its engine is process ${enginePid}). ` +
        'Stop that one first, or set ORCHESCOPE_DATA_DIR to a directory of its own for this one.',
    );
    expect(isAlive(enginePid)).toBe(true);
  });
  test('one whose owner was just killed is taken over', async () => {
    const dataDir = join(folder, 'taken-over');
    const { parent } = await spawnParent(dataDir, { isBusy: true });
    parent.kill('SIGKILL');
    const engine = await open(dataDir);
    expect(readFileSync(join(dataDir, 'engine.pid'), 'utf8')).toBe(
      `${engine.pid()} ${process.pid}\n`,
    );
    await engine.close();
  });
});

test('a directory that cannot be made is one sentence', async () => {
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  const refused = open(join(file, 'data'));
  await expect(refused).rejects.toBeInstanceOf(DataDirectoryError);
  await expect(refused).rejects.toThrow(
    `Cannot write to the data directory ${file}/data (ENOTDIR). Set ORCHESCOPE_DATA_DIR to a directory this user may write to.`,
  );
});

test('a machine the engine is not made for is one sentence', async () => {
  // The same files where no engine is installed.
  const bare = await mkdtemp(join(tmpdir(), 'orchescope-bare-'));
  const store = fileURLToPath(new URL('..', import.meta.url));
  await cp(store, join(bare, 'store'), { recursive: true });
  const script = `
    import { superviseEngine } from ${JSON.stringify(join(bare, 'store/engine/supervisor.ts'))};
    const options = { dataDir: ${JSON.stringify(join(bare, 'data'))}, database: 'orchescope', memoryLimitBytes: 1e9, listen: 'socket' };
    await superviseEngine(options, () => undefined).catch((error) => process.stdout.write(error.message));
  `;
  const program = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  const said = (await program.stdout.setEncoding('utf8').toArray()).join('');
  await rm(bare, { recursive: true, force: true });
  expect(said).toMatch(
    /^The embedded ClickHouse does not run on this machine \(\w+ \w+\): .*chdb.* Set ORCHESCOPE_CLICKHOUSE_URL to a ClickHouse server instead\.$/,
  );
});

test('a directory that holds something else is one sentence', async () => {
  const dataDir = join(folder, 'odd');
  const engine = await open(dataDir);
  await engine.close();
  await rm(join(dataDir, 'clickhouse'), { recursive: true });
  await writeFile(join(dataDir, 'clickhouse'), 'not a directory');
  await expect(open(dataDir)).rejects.toThrow(/^The embedded ClickHouse did not start in .*odd: /);
});
