import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

// What a user gets from `npm install`: the packed tarballs in an empty folder, nothing of the repository around them.
const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'orchescope-package-'));
const children: ChildProcess[] = [];

beforeAll(async () => {
  const tarballs = [await pack('collector'), await pack('sdk')];
  writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "private": true }');
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  const peer = '@opentelemetry/api@^1.10.0';
  await run('npm', ['install', ...quiet, ...tarballs, peer], { cwd: folder });
}, 300_000);

afterAll(() => {
  for (const child of children) signalGroup(child, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function pack(workspace: string): Promise<string> {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await run('npm', args, { cwd: join(root, workspace) });
  const report = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
  return join(folder, report[0]?.filename ?? 'missing.tgz');
}

test(
  'npx orchescope collects a span, shows it, and stops cleanly',
  { timeout: 120_000 },
  async () => {
    const child = spawn('npx', ['--no-install', 'orchescope'], {
      cwd: folder,
      // A group of its own, as a shell gives it: Ctrl-C reaches npx and the server alike.
      detached: true,
      env: { ...process.env, ORCHESCOPE_PORT: '0', ORCHESCOPE_DATA_DIR: join(folder, 'data') },
    });
    children.push(child);
    const url = await readUrl(child);

    const page = await fetch(url);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const html = await page.text();
    const script =
      /<script[^>]+src="([^"]+)"[^>]*type="module"|type="module"[^>]+src="([^"]+)"/.exec(html);
    const asset = await fetch(new URL(script?.[1] ?? script?.[2] ?? 'missing', url));
    expect(asset.headers.get('content-type')).toMatch(/javascript/);

    const traceId = '0af7651916cd43dd8448eb211c80319c';
    expect((await postSpan(url, traceId)).status).toBe(200);
    const list = async (): Promise<unknown> => (await fetch(`${url}/api/traces`)).json();
    await expect.poll(list).toMatchObject({ traces: [{ traceId, name: 'first' }] });

    signalGroup(child, 'SIGINT');
    const answers = (): Promise<boolean> =>
      fetch(`${url}/healthz`).then(
        (response) => response.ok,
        () => false,
      );
    await expect.poll(answers, { timeout: 20_000 }).toBe(false);
  },
);

test.each([
  [
    'an ES module',
    'app.mjs',
    "import { observe, run } from '@orchescope/sdk';\nimport { genAi } from '@orchescope/sdk/attributes';",
  ],
  [
    'CommonJS',
    'app.cjs',
    "const { observe, run } = require('@orchescope/sdk');\nconst { genAi } = require('@orchescope/sdk/attributes');",
  ],
])('the SDK imports from %s', async (_, file, imports) => {
  const use = 'console.log(typeof observe, typeof run, genAi.agentName);';
  writeFileSync(join(folder, file), `${imports}\n${use}\n`);
  const { stdout, stderr } = await run('node', [file], { cwd: folder });
  expect({ stdout, stderr }).toEqual({
    stdout: 'function function gen_ai.agent.name\n',
    stderr: '',
  });
});

test('the collector package carries no dependency of ours that a registry would have to know', () => {
  const { dependencies } = JSON.parse(
    readFileSync(join(folder, 'node_modules/orchescope/package.json'), 'utf8'),
  ) as { dependencies: Record<string, string> };
  expect(Object.keys(dependencies).filter((name) => name.startsWith('@orchescope/'))).toEqual([]);
});

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch (error) {
    // Already gone: what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function readUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const onData = (chunk: Buffer): void => {
      output += chunk.toString();
      const url = /Dashboard +(http:\S+)/.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on('data', onData);
    child.stderr?.on('data', onData);
    child.once('exit', (code) => reject(new Error(`ended with code ${code}:\n${output}`)));
  });
}

function postSpan(url: string, traceId: string): Promise<Response> {
  const start = BigInt(Date.now()) * 1_000_000n;
  const span = {
    traceId,
    spanId: 'b7ad6b7169203331',
    name: 'first',
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 5_000_000n),
  };
  return fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
}
