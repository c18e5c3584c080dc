import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const dashboard = fileURLToPath(new URL('..', import.meta.url));
const fixture = join(dashboard, 'check-fixture');
let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'orchescope-check-'));
  await mkdir(join(project, 'src'));
  for (const file of await readdir(fixture)) {
    if (!file.endsWith('.txt')) continue;
    await copyFile(join(fixture, file), join(project, 'src', file.slice(0, -'.txt'.length)));
  }
  await symlink(join(dashboard, '..', 'node_modules'), join(project, 'node_modules'));
  const tsconfig = { extends: join(dashboard, 'tsconfig.json'), include: ['src'] };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify(tsconfig));
});
afterAll(() => rm(project, { recursive: true, force: true }));

/** The check of `npm run types`, in the words of a machine. */
async function check(): Promise<{ code: number | null; output: string }> {
  const child = spawn(
    process.execPath,
    [
      join(dashboard, 'node_modules/.bin/svelte-check'),
      '--tsgo',
      '--fail-on-warnings',
      '--output',
      'machine',
    ],
    { cwd: project },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

test('the check sees every mistake that was planted', { timeout: 120_000 }, async () => {
  const { code, output } = await check();
  const found = [...output.matchAll(/(?:ERROR|WARNING) "src\/([^"]+)"/g)].map(([, file]) => file);
  expect([...new Set(found)].sort()).toEqual([
    'WrongExpression.svelte',
    'WrongMarkup.svelte',
    'WrongProp.svelte',
    'wrong-contract.ts',
  ]);
  expect(code).toBe(1);
});
