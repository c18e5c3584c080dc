import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from './install.ts';
import { childEnv } from './child-env.ts';

export type Ran = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** Runs a program in the application's folder, in a process of its own with an environment of its own. */
export const runApp = async (
  app: App,
  file: string,
  source: string,
  setup: { readonly flags: readonly string[]; readonly env: Readonly<Record<string, string>> },
): Promise<Ran> => {
  await writeFile(join(app.folder, file), source);
  const child = spawn(process.execPath, [...setup.flags, file], {
    cwd: app.folder,
    env: { ...childEnv, ...setup.env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
};
