/** The durable write path: acknowledged means on disk here, and on its way to the tables whatever happens. */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { EngineLog } from '../engine/supervisor.ts';
import type { Block } from '../native/block.ts';
import type { InsertNative } from '../opened-client.ts';
import type { Durable } from '../store.ts';
import { StoreStartError } from '../store-start-error.ts';
import { watchFreeSpace } from './free-space.ts';
import { createGather } from './gather.ts';
import { createInserter } from './inserter.ts';
import { lockFolder } from './lock-folder.ts';
import { readQuarantine } from './quarantine.ts';
import { createPace } from './pace.ts';
import { readLeftSegments } from './recover.ts';
import { toRefusal, type WalRefusal } from './refusals.ts';
import { createSegmentNames, type Segment } from './segment.ts';
import { createTally, type WalStatus } from './status.ts';
import { nodeFiles, type WalFiles } from './wal-files.ts';

export type WalOptions = {
  /** Used by one process at a time. */
  readonly folder: string;
  readonly insertNative: InsertNative;
  readonly log: EngineLog;
  /** For what an operator should look into; the default is `log`. */
  readonly warn?: EngineLog;
  /** Not yet in the tables; beyond it commits are refused. */
  readonly maxBytes?: number;
  /** Commits are refused while the disk has less to spare. */
  readonly minFreeBytes?: number;
  readonly maxSegmentBytes?: number;
  readonly quietLingerMs?: number;
  readonly longestLingerMs?: number;
  /** From the acknowledgement until queries see the rows, as long as the store is well. */
  readonly longestWaitMs?: number;
  /** For what can be stored while closing. */
  readonly closeLimitMs?: number;
  readonly files?: WalFiles;
};

export type Wal = Durable & {
  readonly status: () => WalStatus;
  /** More comes than the store can take: commits are refused, so nobody needs to read what leads to one. */
  readonly isBehind: () => boolean;
};

const mebibyte = 1024 * 1024;
const defaults = {
  maxBytes: 2048 * mebibyte,
  minFreeBytes: 256 * mebibyte,
  maxSegmentBytes: 128 * mebibyte,
  quietLingerMs: 50,
  longestLingerMs: 1_000,
  longestWaitMs: 2_000,
  closeLimitMs: 8_000,
  files: nodeFiles,
};
/** An insert that takes longer is not slow: the store has gone silent. */
const hangingMs = 5_000;
/** Places in a segment are kept as 32 bits. */
const maxCommitBytes = 1024 * mebibyte;

/**
 * Resolves when it can take commits; what an earlier process left is stored meanwhile.
 * @throws StoreStartError when another process uses the folder
 */
export async function openWal(options: WalOptions): Promise<Wal> {
  const { log, insertNative, files, ...limits } = { ...defaults, ...options };
  const warn = options.warn ?? log;
  const folder = resolve(limits.folder);
  await createFolder(folder);
  const lock = await lockFolder(folder, warn);
  const space = await watchFreeSpace(folder, limits.minFreeBytes, files);
  const tally = createTally(await readQuarantine(folder));
  const createName = createSegmentNames();
  /** What is not in the tables yet, from the moment it is taken. */
  const held = { rows: 0, bytes: 0 };
  const unsettled = new Set<Promise<void>>();
  const stopped = Promise.withResolvers<never>();
  // Also when nobody waits.
  stopped.promise.catch(() => undefined);
  let isClosed = false;

  const pace = createPace(limits);
  const hold = (rows: number, bytes: number): void => {
    held.rows += rows;
    held.bytes += bytes;
    pace.onWaiting(held.bytes);
  };

  const inserter = createInserter({
    folder,
    files,
    createName,
    warn,
    insertNative,
    ...tally,
    onStored: (segment, insertMs) => {
      tally.onStored(segment, insertMs);
      pace.onStored(segment.bytes, insertMs);
    },
    onFailed: (error) => {
      tally.onFailed(error);
      pace.onTrouble();
    },
    onGone: (rows, bytes) => hold(-rows, -bytes),
    onIdle: () => gather.sealIfDue(),
  });

  const gather = createGather({
    folder,
    files,
    createName,
    warn,
    fullSegmentBytes: pace.fullSegmentBytes,
    linger: { quietMs: limits.quietLingerMs, longestMs: limits.longestLingerMs },
    readInserter: () => ({
      isBusy: inserter.queue().length > 0,
      lastInsertMs: inserter.lastInsertMs(),
      lastInsertEndAtMs: inserter.lastInsertEndAtMs(),
    }),
    onSealed: ({ isClean, whenStored, ...segment }) => {
      enqueue({ ...segment, origin: isClean ? 'checked' : 'unchecked', isLeft: false }, whenStored);
    },
  });

  function enqueue(
    segment: Omit<Segment, 'settle' | 'isSuspect'>,
    whenStored: readonly (() => void)[],
  ): void {
    const { promise, resolve: settled } = Promise.withResolvers<void>();
    unsettled.add(promise);
    const settle: Segment['settle'] = (outcome) => {
      unsettled.delete(promise);
      settled();
      if (outcome === 'stored') for (const call of whenStored) callSafely(call);
    };
    inserter.push({ ...segment, isSuspect: false, settle });
  }

  /** Somebody else's trouble must not look like a failed insert. */
  function callSafely(call: () => void): void {
    try {
      call();
    } catch (error) {
      warn('what was to be done once rows were stored failed', { error });
    }
  }

  function commit(
    blocks: readonly Block[],
    whenStored: () => void = () => undefined,
  ): Promise<void> {
    const full = blocks.filter((block) => block.rows > 0);
    const { rows, bytes } = sumBlocks(full);
    const refusal = findRefusal(bytes);
    if (refusal !== null) return refuse(refusal);
    if (rows === 0) {
      whenStored();
      return Promise.resolve();
    }
    hold(rows, bytes);
    return write(full, rows, bytes, whenStored);
  }

  async function write(
    blocks: readonly Block[],
    rows: number,
    bytes: number,
    whenStored: () => void,
  ): Promise<void> {
    const startedAt = performance.now();
    try {
      await gather.commit(blocks, whenStored);
    } catch (error) {
      hold(-rows, -bytes);
      tally.onRefused('disk_error');
      throw error;
    }
    space.onWritten(bytes);
    tally.onCommitted(performance.now() - startedAt);
  }

  function findRefusal(bytes: number): WalRefusal | null {
    if (isClosed) return 'closing';
    if (bytes > maxCommitBytes || held.bytes + bytes > limits.maxBytes) return 'full';
    if (isBehind()) return 'behind';
    return space.isLow() ? 'disk_low' : null;
  }

  function isBehind(): boolean {
    return held.bytes > pace.mostWaitingBytes() && inserter.busyForMs() < hangingMs;
  }

  function refuse(reason: WalRefusal): Promise<void> {
    tally.onRefused(reason);
    return Promise.reject(toRefusal(reason));
  }

  async function settled(): Promise<void> {
    await gather.sealAll();
    await Promise.race([Promise.all(unsettled), stopped.promise]);
  }

  async function close(): Promise<void> {
    if (isClosed) return;
    isClosed = true;
    await gather.sealAll();
    await inserter.close(limits.closeLimitMs);
    stopped.reject(toRefusal('closing'));
    await lock.release();
  }

  function status(): WalStatus {
    const open = gather.openSegment();
    const queue = inserter.queue();
    const oldestAtMs = queue[0]?.committedAtMs ?? open?.committedAtMs ?? null;
    return {
      ...tally.read(),
      waitingRows: held.rows,
      waitingBytes: held.bytes,
      maxBytes: limits.maxBytes,
      segments: queue.length + (open === null ? 0 : 1),
      oldestAgeMs: oldestAtMs === null ? 0 : Math.max(0, Date.now() - oldestAtMs),
      lastInsertMs: inserter.lastInsertMs(),
    };
  }

  const left = await readLeftSegments(folder);
  if (left.length > 0) pace.onTrouble();
  if (left.length > 0) log('storing what the last run left', { segments: left.length });
  for (const segment of left) {
    hold(segment.rows, segment.bytes);
    tally.onReplayed(segment.rows);
    enqueue({ ...segment, origin: 'unchecked', isLeft: true }, []);
  }
  return { commit, settled, close, status, isBehind };
}

async function createFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new StoreStartError(
      `Cannot create the folder of the write-ahead log ${folder}. ` +
        'Set ORCHESCOPE_DATA_DIR to a directory this user may write to.',
      { cause },
    );
  }
}

function sumBlocks(blocks: readonly Block[]): { rows: number; bytes: number } {
  let rows = 0;
  let bytes = 0;
  for (const block of blocks) {
    rows += block.rows;
    for (const piece of block.pieces) bytes += piece.length;
  }
  return { rows, bytes };
}
