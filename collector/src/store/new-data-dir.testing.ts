/**
 * A data directory whose tables are made already, for tests: making them takes three times as long as starting the
 * engine. They are made once for each state of the SQL files, and copied; tests of the migrations themselves begin with
 * nothing.
 */
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };
import { startStore } from './start-store.ts';

const cache = fileURLToPath(new URL('../../../.cache', import.meta.url));
const sqlFolder = fileURLToPath(new URL('./sql', import.meta.url));

export async function createTestDataDir(prefix: string): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), prefix));
  await cp(await readyTables(), dataDir, { recursive: true });
  return dataDir;
}

let ready: Promise<string> | null = null;

function readyTables(): Promise<string> {
  ready ??= makeTables();
  return ready;
}

async function makeTables(): Promise<string> {
  const folder = join(cache, `tables-${await hashOfTables()}`);
  if (await isThere(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const made = await mkdtemp(join(cache, 'making-'));
  const store = await startStore({ engine: 'embedded', dataDir: made }, () => undefined);
  await store.close();
  try {
    await rename(made, folder);
  } catch (error) {
    // Another test made them at the same time.
    await rm(made, { recursive: true, force: true });
    if (!(await isThere(folder))) throw error;
  }
  return folder;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Other statements, or another engine, make other files. */
async function hashOfTables(): Promise<string> {
  const hash = createHash('sha256').update(packageJson.dependencies.chdb);
  for (const name of (await readdir(sqlFolder)).toSorted()) {
    hash.update(name).update(await readFile(join(sqlFolder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
