/** Rows that were mapped again, on their way to the tables without pushing aside what senders send. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Span } from '../span.ts';
import type { Batch, Stamp } from '../store/native/batch.ts';
import { StoreUnavailableError, type BatchWriter } from '../store/store.ts';
import { beginTurn } from '../turn.ts';

export type NewRow = { readonly span: Span; readonly stamp: Stamp };

export type RemapWriter = {
  /** Resolves when the rows are on disk and not too many of those before are still on their way. */
  readonly write: (rows: readonly NewRow[]) => Promise<void>;
  /** Resolves when queries see all of them. */
  readonly settled: () => Promise<void>;
};

/** Rows on their way at once: the space that waits on disk belongs to senders. */
const maxUnderWay = 20_000;
/** The store may be full of what senders sent; it is given a minute to get on. */
const maxTries = 60;
const retryMs = 1_000;

export function createRemapWriter(
  writer: Pick<BatchWriter, 'writeApart'>,
  signal: AbortSignal,
): RemapWriter {
  const underWay = createGauge(signal);

  async function write(rows: readonly NewRow[]): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        underWay.add(rows.length);
        await writer.writeApart(
          (batch) => fill(batch, rows),
          () => underWay.add(-rows.length),
        );
        return await underWay.untilAtMost(maxUnderWay);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof StoreUnavailableError) || tries === maxTries) throw error;
        underWay.add(-rows.length);
        await wait(retryMs, undefined, { signal });
      }
    }
  }

  return { write, settled: () => underWay.untilAtMost(0) };
}

type Gauge = {
  readonly add: (rows: number) => void;
  /** Rejects when the signal is aborted: what is not stored by then is stored at the next start, and nobody is told. */
  readonly untilAtMost: (rows: number) => Promise<void>;
};

function createGauge(signal: AbortSignal): Gauge {
  let level = 0;
  let wake = (): void => {};
  signal.addEventListener('abort', () => wake(), { once: true });
  const untilAtMost = async (rows: number): Promise<void> => {
    signal.throwIfAborted();
    if (level <= rows) return;
    await new Promise<void>((resolve) => (wake = resolve));
    await untilAtMost(rows);
  };
  const add = (rows: number): void => {
    level += rows;
    wake();
  };
  return { add, untilAtMost };
}

async function fill(batch: Batch, rows: readonly NewRow[]): Promise<void> {
  const turn = beginTurn();
  for (const { span, stamp } of rows) {
    batch.addSpan(span, stamp);
    if (turn.isOver()) await turn.next();
  }
}
