/** Whether the disk still has room to spare. ClickHouse needs it too: an insert and a merge write before they delete. */
import type { WalFiles } from './wal-files.ts';

const lookAgainMs = 500;
/** So much may be written between two looks. */
const lookAgainBytes = 64 * 1024 * 1024;

export type FreeSpace = {
  /** Answers from the last look, and looks again when that was long ago. */
  readonly isLow: () => boolean;
  readonly onWritten: (bytes: number) => void;
};

export async function watchFreeSpace(
  folder: string,
  minFreeBytes: number,
  files: WalFiles,
): Promise<FreeSpace> {
  let free = await files.readFreeBytes(folder);
  let lookedAt = Date.now();
  let written = 0;
  let looking = false;
  const look = async (): Promise<void> => {
    looking = true;
    try {
      free = await files.readFreeBytes(folder);
    } catch {
      free = 0; // A disk that does not answer has no room.
    }
    lookedAt = Date.now();
    written = 0;
    looking = false;
  };
  return {
    isLow: () => {
      const isOld = Date.now() - lookedAt > lookAgainMs || written > lookAgainBytes;
      if (isOld && !looking) void look();
      return free - written < minFreeBytes;
    },
    onWritten: (bytes) => {
      written += bytes;
    },
  };
}
