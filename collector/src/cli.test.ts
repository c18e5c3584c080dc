import { spawn, type ChildProcess } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

// The command as an operator runs it, from source.
const cli = fileURLToPath(new URL('cli.ts', import.meta.url));
const started: ChildProcess[] = [];
const folders: string[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

type Run = {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly exitCode: Promise<number | null>;
};

function orchescope(args: readonly string[], env: Record<string, string> = {}): Run {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const base = { PATH, HOME, NODE_COMPILE_CACHE, ORCHESCOPE_PORT: '0' };
  const child = spawn(process.execPath, [cli, ...args], { env: { ...base, ...env } });
  started.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exitCode = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, stdout: () => stdout, stderr: () => stderr, exitCode };
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'orchescope-cli-'));
  folders.push(folder);
  return folder;
}

async function untilReady(run: Run): Promise<string> {
  await expect.poll(run.stdout, { timeout: 20_000 }).toMatch(/Dashboard +http/);
  return /Dashboard +(\S+)/.exec(run.stdout())?.[1] ?? '';
}

test('serve prints where to look, where the data is and what to paste, and ends with 0 on SIGTERM', async () => {
  const folder = newFolder();
  const run = orchescope([], { ORCHESCOPE_DATA_DIR: folder });
  const url = await untilReady(run);
  expect(run.stdout()).toContain(folder);
  expect(run.stdout()).toContain('node --import @orchescope/sdk/register app.js');
  expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok\n');
  expect(await (await fetch(`${url}/readyz`)).text()).toBe('ready\n');
  run.child.kill('SIGTERM');
  expect(await run.exitCode).toBe(0);
  expect(run.stderr()).not.toMatch(/error|warn/i);
});

test('serve runs under `node --watch`, which talks to every process it finds below it', async () => {
  const watched = { ORCHESCOPE_DATA_DIR: newFolder(), WATCH_REPORT_DEPENDENCIES: '1' };
  const url = await untilReady(orchescope([], watched));
  expect(await (await fetch(`${url}/readyz`)).text()).toBe('ready\n');
});

test('a second process on the same data directory gets one sentence and ends with 1', async () => {
  const folder = newFolder();
  await untilReady(orchescope([], { ORCHESCOPE_DATA_DIR: folder }));
  const second = orchescope([], { ORCHESCOPE_DATA_DIR: folder, ORCHESCOPE_LOG: 'off' });
  expect(await second.exitCode).toBe(1);
  expect(second.stderr().trim().split('\n')).toHaveLength(1);
  expect(second.stderr()).toContain(folder);
  expect(second.stderr()).not.toContain('    at ');
});

test('a port in use gets one sentence that names the setting', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const address = holder.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const run = orchescope([], {
    ORCHESCOPE_DATA_DIR: newFolder(),
    ORCHESCOPE_PORT: String(port),
    ORCHESCOPE_LOG: 'off',
  });
  expect(await run.exitCode).toBe(1);
  expect(run.stderr()).toBe(
    `orchescope: Cannot listen on 127.0.0.1:${port}: another program is using it. Set ORCHESCOPE_PORT to another port.\n`,
  );
  holder.close();
});

test.each([
  ['a wrong setting', [], { ORCHESCOPE_LOG: 'loud' }, 1, /ORCHESCOPE_LOG must be one of/],
  ['a data directory that is a file', [], { ORCHESCOPE_DATA_DIR: cli }, 1, /cli\.ts/],
  ['an unknown command', ['fly'], {}, 2, /unknown command "fly"/],
])('%s is told in plain words', async (_, args, env, code, sentence) => {
  const run = orchescope(args, { ORCHESCOPE_LOG: 'off', ...env } as Record<string, string>);
  expect(await run.exitCode).toBe(code);
  expect(run.stderr()).toMatch(sentence);
  expect(run.stderr()).not.toContain('    at ');
});

test('--help lists every setting that the configuration reads', async () => {
  const run = orchescope(['--help']);
  expect(await run.exitCode).toBe(0);
  const source = fileURLToPath(new URL('.', import.meta.url));
  const files = globSync(['config.ts', 'config/*.ts'], { cwd: source });
  const settings = new Set(
    files
      .map((file) => readFileSync(join(source, file), 'utf8'))
      .flatMap((text) => text.match(/^ {2}ORCHESCOPE_[A-Z0-9_]+(?=:)/gm) ?? [])
      .map((name) => name.trim()),
  );
  expect(settings.size).toBeGreaterThan(30);
  for (const name of settings) expect(run.stdout()).toContain(name);
});

test('SIGHUP reads the projects file again, and a broken one changes nothing', async () => {
  const folder = newFolder();
  const projectsFile = join(folder, 'projects.json');
  const limitShop = (spansPerSecond: unknown): void =>
    writeFileSync(projectsFile, JSON.stringify({ shop: { spansPerSecond } }));
  limitShop(null);
  const run = orchescope([], {
    ORCHESCOPE_DATA_DIR: join(folder, 'data'),
    ORCHESCOPE_PROJECTS_FILE: projectsFile,
  });
  const url = await untilReady(run);
  const send = async (): Promise<number> => {
    const headers = { 'content-type': 'application/json', 'orchescope-project': 'shop' };
    const spans = Array.from({ length: 100 }, () => ({ name: 'no ids' }));
    const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
    return (await fetch(`${url}/v1/traces`, { method: 'POST', headers, body })).status;
  };
  expect([await send(), await send()]).toEqual([200, 200]);

  limitShop(1);
  run.child.kill('SIGHUP');
  await expect.poll(run.stderr).toContain('read the projects file again');
  expect([await send(), await send()]).toEqual([200, 429]);

  limitShop('many');
  run.child.kill('SIGHUP');
  await expect.poll(run.stderr).toContain('what was read before stays');
  expect(run.stderr()).toContain('shop.spansPerSecond');
  expect(await send()).toBe(429);
});

test('a projects file that cannot be read gets one sentence', async () => {
  const run = orchescope([], {
    ORCHESCOPE_DATA_DIR: newFolder(),
    ORCHESCOPE_PROJECTS_FILE: '/nowhere/projects.json',
    ORCHESCOPE_LOG: 'off',
  });
  expect(await run.exitCode).toBe(1);
  expect(run.stderr()).toMatch(/^orchescope: ORCHESCOPE_PROJECTS_FILE=\/nowhere\/projects\.json: /);
  expect(run.stderr().trim().split('\n')).toHaveLength(1);
});
