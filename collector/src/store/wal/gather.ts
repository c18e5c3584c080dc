/**
 * Takes commits and writes them to the open segment, in groups: what arrives while one group is on its way to the disk
 * goes with the next. Decides when a segment has gathered enough.
 */
import type { EngineLog } from '../engine/supervisor.ts';
import type { Block } from '../native/block.ts';
import { type Linger, toSealTime } from './lingering.ts';
import { toRefusal } from './refusals.ts';
import type { SegmentTotals } from './segment.ts';
import { createSegmentWriter, type SegmentWriter } from './segment-writer.ts';
import type { WalFiles } from './wal-files.ts';

export type SealedFiles = SegmentTotals & {
  readonly name: string;
  /** False when the disk failed: the files may hold more than what counts. */
  readonly isClean: boolean;
  readonly whenStored: readonly (() => void)[];
};

export type GatherOptions = {
  readonly folder: string;
  readonly files: WalFiles;
  readonly createName: () => string;
  readonly linger: Linger;
  /** A segment of this size is not made larger. */
  readonly fullSegmentBytes: () => number;
  /** While an insert runs the open segment goes on gathering. */
  readonly readInserter: () => {
    readonly isBusy: boolean;
    readonly lastInsertEndAtMs: number;
    readonly lastInsertMs: number;
  };
  /** In the order of the commits. */
  readonly onSealed: (sealed: SealedFiles) => void;
  readonly warn: EngineLog;
};

export type Gather = {
  readonly commit: (blocks: readonly Block[], whenStored: () => void) => Promise<void>;
  readonly openSegment: () => SegmentTotals | null;
  /** To be called when the inserter has become idle. */
  readonly sealIfDue: () => void;
  /** Resolves when all that was committed so far was given to `onSealed`. */
  readonly sealAll: () => Promise<void>;
};

type Waiting = {
  readonly blocks: readonly Block[];
  readonly whenStored: () => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
};

/** After a failed write the disk is left alone for a moment. */
const restAfterErrorMs = 200;

export function createGather(options: GatherOptions): Gather {
  const { folder, files, warn } = options;
  const waiting: Waiting[] = [];
  let lastCommit: Promise<unknown> = Promise.resolve();
  let isPumping = false;
  let writing = Promise.resolve();
  let isWriting = false;
  let isSealWanted = false;
  let writer: SegmentWriter | null = null;
  let stored: (() => void)[] = [];
  let sealing = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let diskFailedAtMs = Number.NEGATIVE_INFINITY;

  function commit(blocks: readonly Block[], whenStored: () => void): Promise<void> {
    if (Date.now() - diskFailedAtMs < restAfterErrorMs) {
      return Promise.reject(toRefusal('disk_error'));
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push({ blocks, whenStored, resolve, reject });
    lastCommit = promise.catch(() => undefined);
    if (!isPumping) void pump();
    return promise;
  }

  async function pump(): Promise<void> {
    isPumping = true;
    // The commits of one turn of the event loop are one group.
    await Promise.resolve();
    while (waiting.length > 0) {
      writing = writeGroup(waiting.splice(0));
      await writing;
      sealIfDue();
    }
    // In the same turn as the last look at `waiting`: whoever commits next starts the next pump.
    isPumping = false;
  }

  async function writeGroup(group: readonly Waiting[]): Promise<void> {
    isWriting = true;
    writer ??= createSegmentWriter(folder, options.createName(), files);
    try {
      await writer.append(group.map((one) => one.blocks));
      isWriting = false;
      for (const one of group) stored.push(one.whenStored);
      if (isSealWanted) seal(true);
      for (const one of group) one.resolve();
    } catch (error) {
      isWriting = false;
      diskFailedAtMs = Date.now();
      warn('the write-ahead log could not be written, senders are told to try again', { error });
      seal(false);
      for (const one of group) one.reject(toRefusal('disk_error', error));
    }
  }

  function sealIfDue(): void {
    clearTimeout(timer);
    const totals = openSegment();
    if (isWriting || totals === null) return;
    const inserter = options.readInserter();
    if (totals.bytes < options.fullSegmentBytes()) {
      if (inserter.isBusy) return;
      const firstCommitAtMs = totals.committedAtMs;
      const leftMs = toSealTime(options.linger, { ...inserter, firstCommitAtMs }) - Date.now();
      if (leftMs > 0) {
        timer = setTimeout(sealIfDue, leftMs);
        return;
      }
    }
    seal(true);
  }

  function seal(isClean: boolean): void {
    isSealWanted = false;
    const closed = writer;
    const whenStored = stored;
    writer = null;
    stored = [];
    if (closed !== null) sealing = sealing.then(() => handOver(closed, whenStored, isClean));
  }

  async function handOver(
    closed: SegmentWriter,
    whenStored: readonly (() => void)[],
    isClean: boolean,
  ): Promise<void> {
    const { name } = closed;
    let closedWell = isClean;
    try {
      await closed.close();
    } catch (error) {
      closedWell = false;
      warn('a segment of the write-ahead log did not close', { name, error });
    }
    const totals = closed.totals();
    if (totals.commits > 0) {
      options.onSealed({ ...totals, name, isClean: closedWell, whenStored });
    }
  }

  function openSegment(): SegmentTotals | null {
    const totals = writer?.totals();
    return totals === undefined || totals.commits === 0 ? null : totals;
  }

  async function sealAll(): Promise<void> {
    await lastCommit;
    if (isWriting) {
      isSealWanted = true;
      await writing;
    } else seal(true);
    await sealing;
  }

  return { commit, openSegment, sealIfDue, sealAll };
}
