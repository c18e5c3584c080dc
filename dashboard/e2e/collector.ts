/** The real collector as its own process, on a free port and a data directory without rows. */
import { spawn, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createTestDataDir } from '../../collector/src/store/new-data-dir.testing.ts';
import { untilStored } from '../../examples/until-stored.ts';

export type Collector = {
  readonly origin: string;
  /** Sends an OTLP/JSON body; resolves when its records can be read. */
  readonly send: (project: string, body: unknown, signal?: 'traces' | 'logs') => Promise<void>;
  /** Ends the process and keeps what it stored. */
  readonly stop: () => Promise<void>;
  /** Starts it again where it was. */
  readonly restart: () => Promise<void>;
  /** Ends it and removes what it stored. */
  readonly close: () => Promise<void>;
};

const entry = fileURLToPath(new URL('../../collector/src/cli.ts', import.meta.url));

/** @param settings environment variables beside those that every test has */
export async function startCollector(
  settings: Readonly<Record<string, string>> = {},
): Promise<Collector> {
  const dataDir = await createTestDataDir('orchescope-e2e-');
  let running = await run(dataDir, '0', settings);
  const { origin } = running;
  const stop = (): Promise<void> => end(running.child);
  return {
    origin,
    send: (project, body, signal = 'traces') => send(origin, signal, project, body),
    stop,
    restart: async () => {
      running = await run(dataDir, new URL(origin).port, settings);
    },
    close: async () => {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function run(
  dataDir: string,
  port: string,
  settings: Readonly<Record<string, string>>,
): Promise<{ readonly child: ChildProcess; readonly origin: string }> {
  const child = spawn(process.execPath, [entry, 'serve'], {
    env: {
      ...process.env,
      ORCHESCOPE_PORT: port,
      ORCHESCOPE_DATA_DIR: dataDir,
      ORCHESCOPE_LOG: 'warn',
      // Rules of every project, every minute: for those who look at them.
      ORCHESCOPE_ALERTS: 'off',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const origin = await new Promise<string>((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const found = /Dashboard\s+(http:\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', (code) => reject(new Error(`The collector ended with ${code}:\n${said}`)));
  });
  const ready = await fetch(`${origin}/readyz`);
  if (!ready.ok) throw new Error(`The collector is not ready: ${await ready.text()}`);
  return { child, origin };
}

async function send(
  origin: string,
  signal: 'traces' | 'logs',
  project: string,
  body: unknown,
): Promise<void> {
  const response = await fetch(`${origin}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'orchescope-project': project },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`The collector answered ${response.status}: ${answer}`);
  await untilStored(origin);
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
