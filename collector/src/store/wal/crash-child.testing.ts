/** A process that commits as fast as it can and says what was acknowledged, until it is killed. */
import { startStore, type StoreConfig } from '../start-store.ts';
import { toRowCount } from './crash-rounds.testing.ts';
import { createBlocks } from './wal.testing.ts';
import { openWal } from './open-wal.ts';

export type CrashChildStart = {
  readonly store: StoreConfig;
  readonly folder: string;
  readonly project: string;
  readonly round: number;
};

export type CrashChildReport =
  | { readonly type: 'ready' }
  | { readonly type: 'acknowledged'; readonly commit: string };

const writers = 4;

process.once('message', (start: CrashChildStart) => void work(start));
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));

async function work({ store: config, folder, project, round }: CrashChildStart): Promise<void> {
  const store = await startStore(config, () => undefined);
  const wal = await openWal({
    folder,
    insertNative: store.insertNative,
    log: () => undefined,
    minFreeBytes: 0,
    maxSegmentBytes: 400_000,
    quietLingerMs: 10,
    longestLingerMs: 50,
  });
  report({ type: 'ready' });
  for (let writer = 0; writer < writers; writer++) void write(writer);

  async function write(writer: number): Promise<void> {
    for (let count = 0; ; count++) {
      const commit = `${round}-${writer}-${count}`;
      const rows = toRowCount(writer, count);
      const names = Array.from({ length: rows }, (_, row) => `${commit}-${row}`);
      await wal.commit(createBlocks(project, names));
      report({ type: 'acknowledged', commit });
    }
  }
}

function report(message: CrashChildReport): void {
  process.send?.(message);
}
