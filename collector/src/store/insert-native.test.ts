/** What the engine makes of a file, whatever it is called. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRows } from './engine/testing-engine.ts';
import { startTestStore, type TestStore } from './testing.ts';
import { createBlock } from './wal/wal.testing.ts';

let opened: TestStore;
let folder: string;
const { signal } = new AbortController();
beforeAll(async () => {
  opened = await startTestStore();
  folder = await mkdtemp(join(tmpdir(), 'orchescope-insert-'));
});
afterAll(async () => {
  await opened.close();
  await rm(folder, { recursive: true });
});

async function write(path: string, project: string, names: readonly string[]): Promise<string> {
  const { pieces } = createBlock('spans', project, names);
  await writeFile(path, Buffer.concat(pieces));
  return path;
}

async function countRows(project: string): Promise<unknown[]> {
  const query = 'SELECT toInt32(count()) AS n FROM spans WHERE project_id = {project:String}';
  return readRows(opened.store.client, query, { project });
}

test.each([
  'plain',
  'st*r',
  'wh?t',
  'br{a,c}e',
  '[a-z]',
  "qu'ote",
  'back\\slash',
  'sp ace',
  'ü.gz',
])('a folder called %s', async (name) => {
  await mkdir(join(folder, name));
  const path = await write(join(folder, name, 'file.native'), name, ['a', 'b']);
  const file = { table: 'spans', path, rows: 2, token: `folder ${name}` };
  await opened.store.insertNative(file, signal);
  await opened.store.insertNative(file, signal);
  expect(await countRows(name)).toEqual([{ n: 2 }]);
});

test('fewer rows than there should be are an error', async () => {
  const path = await write(join(folder, 'few'), 'few', ['a']);
  const file = { table: 'spans', path, rows: 2, token: 'few' };
  await expect(opened.store.insertNative(file, signal)).rejects.toThrow(
    'the engine read 1 of 2 rows for spans',
  );
});

test('a file that is not there is an error', async () => {
  const file = { table: 'spans', path: join(folder, 'none'), rows: 0, token: 'none' };
  await expect(opened.store.insertNative(file, signal)).rejects.toMatchObject({ code: '107' });
});
