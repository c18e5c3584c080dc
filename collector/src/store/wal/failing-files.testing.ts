/** A disk that fails on demand, over a real one. */
import { nodeFiles, type WalFile, type WalFiles } from './wal-files.ts';

export type DiskFault = 'none' | 'write' | 'half a write' | 'sync' | 'create' | 'truncate and sync';

export type FailingFiles = WalFiles & {
  fault: DiskFault;
  freeBytes: number;
  /** Writes to a file after a failed sync of it: there must be none. */
  readonly writesAfterFailedSync: () => number;
};

export function createFailingFiles(): FailingFiles {
  let writesAfterFailedSync = 0;
  const fails = (...faults: readonly DiskFault[]): boolean => faults.includes(files.fault);
  const failure = (code: string): Error => Object.assign(new Error(`${code}: on demand`), { code });

  const toFailing = (file: WalFile): WalFile => {
    let hasFailedSync = false;
    return {
      write: async (buffers, position) => {
        if (hasFailedSync) writesAfterFailedSync += 1;
        if (fails('write')) throw failure('EIO');
        if (fails('half a write')) {
          await file.write([Buffer.concat(buffers.slice()).subarray(0, 10)], position);
          throw failure('ENOSPC');
        }
        await file.write(buffers, position);
      },
      sync: async () => {
        if (fails('sync', 'truncate and sync')) {
          hasFailedSync = true;
          throw failure('EIO');
        }
        await file.sync();
      },
      truncate: async (length) => {
        if (fails('truncate and sync')) throw failure('EIO');
        await file.truncate(length);
      },
      close: file.close,
    };
  };

  const files: FailingFiles = {
    fault: 'none',
    freeBytes: Number.MAX_SAFE_INTEGER,
    writesAfterFailedSync: () => writesAfterFailedSync,
    create: async (path) => {
      if (fails('create')) throw failure('ENOSPC');
      return toFailing(await nodeFiles.create(path));
    },
    syncFolder: nodeFiles.syncFolder,
    readFreeBytes: async () => files.freeBytes,
  };
  return files;
}
