import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

/**
 * A newcomer's clock: from a fresh clone of HEAD, with an empty npm cache, over `npm start`, to the first trace of the
 * plain OpenTelemetry example drawn in a browser. Then the same command a second time. `node bench/first-trace.ts`
 */
const repository = fileURLToPath(new URL('..', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'orchescope-first-'));
const clone = join(folder, 'clone');
const port = await findFreePort();
const url = `http://127.0.0.1:${port}`;

try {
  const started = Date.now();
  const since = (from: number): string => `${((Date.now() - from) / 1000).toFixed(1)} s`;
  await run('git', ['clone', '--quiet', repository, clone]);
  const first = await startServer();
  console.log(`fresh clone to ready: ${since(started)} (node bench/first-trace.ts)`);
  await run('npm', ['exec', '--', 'node', 'examples/frameworks/plain-otel/main.ts'], clone);
  await drawFirstTrace();
  console.log(
    `fresh clone to the first trace on screen: ${since(started)} (node bench/first-trace.ts)`,
  );
  await stop(first);

  const again = Date.now();
  const second = await startServer();
  console.log(`second start to ready: ${since(again)} (node bench/first-trace.ts)`);
  await stop(second);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function startServer(): Promise<ChildProcess> {
  const child = spawn('npm', ['start'], {
    cwd: clone,
    env: newcomerEnv(),
    stdio: 'ignore',
    detached: true,
  });
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`);
    await sleep(50);
  }
  return child;
}

/** An empty home, so that npm's cache is empty too; nothing of this repository on the path. */
function newcomerEnv(): NodeJS.ProcessEnv {
  const path = (process.env['PATH'] ?? '')
    .split(':')
    .filter((part) => !part.includes('node_modules'));
  return {
    ...process.env,
    HOME: folder,
    PATH: path.join(':'),
    ORCHESCOPE_PORT: String(port),
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
  };
}

function isReady(): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // The group, as a terminal's Ctrl-C: npm, the script and the server.
  process.kill(-(child.pid ?? 0), 'SIGINT');
  await ended;
  while (await isReady()) await sleep(20);
}

async function drawFirstTrace(): Promise<void> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.getByText('plan-trip').first().click();
    await page.getByRole('treegrid').getByRole('row').first().waitFor();
  } finally {
    await browser.close();
  }
}

function run(command: string, args: readonly string[], cwd = repository): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: newcomerEnv(),
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}`));
    });
  });
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
    server.once('error', reject);
  });
}
