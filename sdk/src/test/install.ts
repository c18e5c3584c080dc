import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const sdk = dirname(dirname(import.meta.dirname));
const modules = join(dirname(sdk), 'node_modules');
const execute = promisify(execFile);

export type App = { readonly folder: string; readonly remove: () => Promise<void> };

/** An empty application with the SDK built into its node_modules, as a user would have it after `npm install`; `packages` are there too. */
export const installSdk = async (packages: readonly string[] = []): Promise<App> => {
  const folder = await mkdtemp(join(tmpdir(), 'orchescope-app-'));
  const home = join(folder, 'node_modules/@orchescope/sdk');
  await mkdir(home, { recursive: true });
  await cp(join(sdk, 'package.json'), join(home, 'package.json'));
  await execute(process.execPath, [join(sdk, 'build.mjs'), join(home, 'dist')]);
  for (const name of ['@opentelemetry', 'ai', '@ai-sdk', 'typescript', '@types', ...packages])
    await symlink(join(modules, name), join(folder, 'node_modules', name));
  await writeFile(join(folder, 'package.json'), '{"name":"test-app"}\n');
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
};

export const tsc = (cwd: string, ...args: readonly string[]): Promise<{ stdout: string }> =>
  execute(process.execPath, [join(modules, 'typescript/bin/tsc'), ...args], { cwd });
