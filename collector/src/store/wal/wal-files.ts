/** What the log asks of a file system. Its own door, because a test must be able to say that a disk has failed. */
import { type FileHandle, open, statfs } from 'node:fs/promises';

export type WalFile = {
  /** Writes all of it, or rejects. */
  readonly write: (buffers: readonly Uint8Array[], position: number) => Promise<void>;
  readonly sync: () => Promise<void>;
  readonly truncate: (length: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

export type WalFiles = {
  /** Rejects when the file exists. */
  readonly create: (path: string) => Promise<WalFile>;
  /** Makes names that were created in it survive a power failure. */
  readonly syncFolder: (path: string) => Promise<void>;
  readonly readFreeBytes: (path: string) => Promise<number>;
};

export const nodeFiles: WalFiles = {
  create: async (path) => toWalFile(await open(path, 'wx', 0o600)),
  syncFolder: async (path) => {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  readFreeBytes: async (path) => {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
};

function toWalFile(file: FileHandle): WalFile {
  return {
    write: (buffers, position) => writeAll(file, buffers, position),
    sync: () => file.datasync(),
    truncate: (length) => file.truncate(length),
    close: () => file.close(),
  };
}

/** A disk that is nearly full takes a part, and says so only by the number. */
async function writeAll(
  file: FileHandle,
  buffers: readonly Uint8Array[],
  position: number,
): Promise<void> {
  let left: readonly Uint8Array[] = buffers;
  let at = position;
  while (left.length > 0) {
    const { bytesWritten } = await file.writev([...left], at);
    if (bytesWritten === 0) throw new Error('the disk took none of the bytes');
    at += bytesWritten;
    left = dropBytes(left, bytesWritten);
  }
}

function dropBytes(buffers: readonly Uint8Array[], count: number): Uint8Array[] {
  const left: Uint8Array[] = [];
  let skip = count;
  for (const buffer of buffers) {
    if (skip >= buffer.length) skip -= buffer.length;
    else {
      left.push(buffer.subarray(skip));
      skip = 0;
    }
  }
  return left;
}
