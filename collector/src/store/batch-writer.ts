/**
 * Rows of all requests under way gather in one batch while the one before it is written to disk: the more arrives,
 * the larger the writes. Two batches take turns; nothing is copied between them.
 */
import { createBatch, type Batch } from './native/batch.ts';
import { TextTable } from './native/text-table.ts';
import { StoreUnavailableError, type BatchWriter, type Durable } from './store.ts';
import { createTurns } from './turns.ts';

type Waiting = {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  readonly whenStored: (() => void) | undefined;
};

/** A batch keeps the memory of its largest hour, and takes twice that while it grows. */
const fullBodyBytes = 16 * 1024 * 1024;

export function createBatchWriter(
  durable: Pick<Durable, 'commit'>,
  isBehind: () => boolean = () => false,
): BatchWriter {
  const texts = new TextTable();
  const turns = createTurns();
  let open = createBatch(texts);
  let spare = createBatch(texts);
  let waiting: Waiting[] = [];
  let apartCount = 0;
  let isDraining = false;
  let drained = Promise.resolve();
  let committing = Promise.resolve();
  let isClosed = false;

  async function write<T>(fill: (batch: Batch) => T, whenStored?: () => void): Promise<T> {
    for (;;) {
      const added = await turns.run(() => {
        if (isFull()) return null;
        const result = add(fill);
        return { result, onDisk: open.isEmpty() ? undefined : join(whenStored) };
      });
      if (added === null) await committing;
      else {
        await added.onDisk;
        return added.result;
      }
    }
  }

  /** The next batch can wait for the disk; nearly all of a large one are bodies of messages. */
  function isFull(): boolean {
    return isDraining && open.content.columns.body.byteLength > fullBodyBytes;
  }

  function add<T>(fill: (batch: Batch) => T): T {
    assertOpen();
    const marks = open.mark();
    try {
      return fill(open);
    } catch (error) {
      open.rollback(marks);
      throw error;
    }
  }

  /** Resolves when the open batch is on disk. */
  function join(whenStored: (() => void) | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push({ resolve, reject, whenStored });
    if (!isDraining) drained = drain();
    return promise;
  }

  async function drain(): Promise<void> {
    isDraining = true;
    while (waiting.length > 0) {
      const [batch, joined] = [open, waiting];
      [open, waiting] = [spare, []];
      committing = commit(batch, joined);
      await committing;
      batch.reset();
      spare = batch;
    }
    // In the same turn as the last look at `waiting`: whoever writes next starts the next drain.
    isDraining = false;
  }

  async function commit(batch: Batch, joined: readonly Waiting[]): Promise<void> {
    try {
      const blocks = batch.toBlocks();
      // The other batch is empty, so between here and its first row nobody holds a number of the table.
      if (apartCount === 0) texts.clearIfLarge();
      await durable.commit(blocks, () => {
        for (const one of joined) one.whenStored?.();
      });
      for (const one of joined) one.resolve();
    } catch (error) {
      for (const one of joined) one.reject(error);
    }
  }

  async function writeApart<T>(
    fill: (batch: Batch) => Promise<T>,
    whenStored?: () => void,
  ): Promise<T> {
    assertOpen();
    apartCount += 1;
    try {
      const batch = createBatch(texts);
      const result = await fill(batch);
      if (!batch.isEmpty()) await durable.commit(batch.toBlocks(), whenStored);
      return result;
    } finally {
      apartCount -= 1;
    }
  }

  function assertOpen(): void {
    if (isClosed) throw new StoreUnavailableError('the store is closing');
  }

  async function close(): Promise<void> {
    isClosed = true;
    await drained;
  }

  return { write, writeApart, isBehind, close };
}
