/** What the rooms around the store may ask of it. */
import type { Batch } from './native/batch.ts';
import type { Block } from './native/block.ts';

/** Where ingest puts rows. */
export type BatchWriter = {
  /**
   * `fill` adds rows at once; if it throws, they are taken back and the others' stay. Resolves with what it returned
   * when the rows are on disk; rejects with its error, or with StoreUnavailableError when nothing was taken.
   * `whenStored` is called once queries can see the rows.
   */
  readonly write: <T>(fill: (batch: Batch) => T, whenStored?: () => void) => Promise<T>;
  /** For what is filled in turns: a batch of its own. */
  readonly writeApart: <T>(
    fill: (batch: Batch) => Promise<T>,
    whenStored?: () => void,
  ) => Promise<T>;
  /** More comes than the store can take: a write would be refused. Ask before reading a body. */
  readonly isBehind: () => boolean;
  /** Writes what has gathered, then refuses. */
  readonly close: () => Promise<void>;
};

/** What was acknowledged and is on disk, on its way to the tables. */
export type Durable = {
  /**
   * Resolves when the blocks are on disk and will be in their tables, whatever happens to this process; their pieces
   * may then be used again. Rejects with StoreUnavailableError when nothing of them was taken.
   * `whenStored` is called once queries can see them, by this process or never.
   */
  readonly commit: (blocks: readonly Block[], whenStored?: () => void) => Promise<void>;
  /** Resolves when all that was committed so far can be queried. */
  readonly settled: () => Promise<void>;
  /** Stops taking, stores what it can in time; what is left is stored at the next start. */
  readonly close: () => Promise<void>;
};

/** The store cannot take or answer anything now; trying again later may help. */
export class StoreUnavailableError extends Error {
  override readonly name: string = 'StoreUnavailableError';
}

/** The store is well, and more comes than it can take. */
export class StoreBusyError extends StoreUnavailableError {
  override readonly name = 'StoreBusyError';
}

/** A piece of SQL with its bound parameters. Caller bytes only ever travel in `params`. */
export type SqlFragment = {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
};
