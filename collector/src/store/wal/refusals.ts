/** Why a commit is refused before anything of it is taken. */
import { StoreBusyError, StoreUnavailableError } from '../store.ts';

export const walRefusals = ['closing', 'behind', 'full', 'disk_low', 'disk_error'] as const;
export type WalRefusal = (typeof walRefusals)[number];

const sentences: Readonly<Record<WalRefusal, string>> = {
  closing: 'the store is closing',
  behind: 'the store does not take rows as fast as they come',
  full: 'the write-ahead log is full',
  disk_low: 'the disk of the write-ahead log is nearly full',
  disk_error: 'the write-ahead log could not be written',
};

export function toRefusal(reason: WalRefusal, cause?: unknown): StoreUnavailableError {
  const Kind = reason === 'behind' ? StoreBusyError : StoreUnavailableError;
  return new Kind(sentences[reason], cause === undefined ? {} : { cause });
}
