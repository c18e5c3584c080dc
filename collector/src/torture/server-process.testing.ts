/** The real server in a process of its own, as an operator runs it, to be loaded, killed and looked at from outside. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readOwner } from '../store/engine/data-dir.ts';

export type ServerProcess = {
  readonly pid: number;
  /** Where it listens, e.g. `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly dataDir: string;
  /** From its start to its answering, in milliseconds. */
  readonly readyMs: number;
  /** Null while it is being restarted, and with a server of ClickHouse. */
  readonly enginePid: () => number | null;
  /** Everything it has said so far. */
  readonly output: () => string;
  readonly exited: Promise<ServerExit>;
  /** Resolves when it is gone. */
  readonly kill: (signal: 'SIGKILL' | 'SIGTERM') => Promise<ServerExit>;
};

export type ServerExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type ServerProcessOptions = {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
  /** The program; the source by default. */
  readonly cli?: string;
};

const source = fileURLToPath(new URL('../cli.ts', import.meta.url));

/** Resolves when it says that it is ready, and rejects when it ends before. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { dataDir, env = {}, nodeOptions = [], cli = source } = options;
  const startedMs = performance.now();
  // As the first line of the program asks for, which `node` does not read.
  const own = ['--single-threaded-gc'];
  const child = spawn(process.execPath, [...own, ...nodeOptions, cli, 'serve'], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      // What was compiled once need not be again.
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      ORCHESCOPE_PORT: '0',
      ORCHESCOPE_DATA_DIR: dataDir,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = new Promise<ServerExit>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const ready = /Dashboard +(http\S+)/.exec(output);
      if (ready?.[1] !== undefined) resolve(ready[1]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the server ended before it was ready: ${output}`)));
  });
  return {
    pid: child.pid ?? 0,
    url,
    dataDir,
    readyMs: performance.now() - startedMs,
    enginePid: () => readOwner(dataDir)?.enginePid ?? null,
    output: () => output,
    exited,
    kill: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}

/** Sum of the samples of one metric, optionally of those that carry a label; 0 when there are none. */
export async function readMetric(url: string, name: string, label = ''): Promise<number> {
  const response = await fetch(`${url}/metrics`);
  const text = await response.text();
  if (!response.ok) throw new Error(`GET /metrics answered ${response.status}: ${text}`);
  return text
    .split('\n')
    .filter((line) => /[{ ]/.exec(line) !== null && line.split(/[{ ]/, 1)[0] === name)
    .filter((line) => line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** Processor time so far and resident memory; Linux alone. */
export async function readProcess(pid: number): Promise<{ cpuUs: number; rssBytes: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name, in brackets, may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { cpuUs: ticks * 10_000, rssBytes: Number(fields[21]) * 4096 };
}
