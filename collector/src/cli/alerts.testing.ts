/** The command as an operator runs it, from source, and files for it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import type { Ran } from './run-here.testing.ts';

/** What was compiled once need not be again. */
const bareEnvironment = {
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
};
const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));

export async function orchescope(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd?: string,
): Promise<Ran> {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...bareEnvironment, ...env },
    cwd,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

export type ServingCommand = {
  readonly child: ChildProcess;
  readonly url: string;
  readonly printed: () => string;
};

/** Resolves when it is ready. */
export async function serve(env: Readonly<Record<string, string>>): Promise<ServingCommand> {
  const child = spawn(process.execPath, [cli], {
    env: { ...bareEnvironment, ORCHESCOPE_PORT: '0', ...env },
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await vi.waitUntil(() => /Dashboard +http/.test(printed), { timeout: 20_000 });
  return { child, url: /Dashboard +(\S+)/.exec(printed)?.[1] ?? '', printed: () => printed };
}

export async function stop({ child }: ServingCommand): Promise<void> {
  if (child.exitCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  await closed;
}

const folders: string[] = [];

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'orchescope-alerts-'));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
