/** A real store in a directory of its own, for tests. Starting takes about half a second: share one per test file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStore, type Store } from './start-store.ts';

export type TestStore = {
  readonly store: Store;
  readonly dataDir: string;
  /** Closes the store and removes its directory. */
  readonly close: () => Promise<void>;
};

export async function startTestStore(): Promise<TestStore> {
  const dataDir = await mkdtemp(join(tmpdir(), 'orchescope-test-'));
  const store = await startStore({ engine: 'embedded', dataDir }, () => undefined);
  const close = async (): Promise<void> => {
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { store, dataDir, close };
}
