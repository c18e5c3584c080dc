/**
 * Spans of concurrent requests leave in one insert: ClickHouse makes a part of each, and wants few large ones.
 * One insert runs at a time, so what arrives meanwhile gathers into the next.
 */
import { Readable } from 'node:stream';
import type { Span } from '../span.ts';
import { clickHouseCode, isRefused } from './clickhouse-error.ts';
import { toContentRows, toSpanRow } from './span-row.ts';
import type { Store } from './start-store.ts';
import { beginTurn } from '../turn.ts';
import { StoreUnavailableError, type SpanSink } from './store.ts';

export type SpanWriterOptions = {
  /** How long the first span of a batch waits for company. */
  readonly maxDelayMs: number;
  readonly maxRows: number;
  readonly maxBytes: number;
  /** Rows waiting beyond this are refused at once, so that a slow store costs senders a retry and us no memory. */
  readonly maxWaitingBytes: number;
};

const defaults: SpanWriterOptions = {
  maxDelayMs: 50,
  maxRows: 10_000,
  maxBytes: 16 * 1024 * 1024,
  maxWaitingBytes: 128 * 1024 * 1024,
};

/** Spans that become rows in one go, in a few milliseconds; more are done in turns. */
const atOnce = 500;

type Rows = { readonly spanRows: readonly string[]; readonly contentRows: readonly string[] };

/** The rows of one `write`, and whoever waits for them. */
type Waiting = Rows & {
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
};

export function createSpanWriter(
  store: Pick<Store, 'client'>,
  options: Partial<SpanWriterOptions> = {},
): SpanSink {
  const limits = { ...defaults, ...options };
  let waiting: Waiting[] = [];
  let waitingRows = 0;
  let waitingBytes = 0;
  /** Includes the batch being inserted. */
  let heldBytes = 0;
  let draining = false;
  let drained = Promise.resolve();
  let hurry = (): void => {};
  let closed = false;

  function write(spans: readonly Span[]): Promise<void> {
    if (closed) return Promise.reject(new StoreUnavailableError('the store is closing'));
    if (heldBytes >= limits.maxWaitingBytes) {
      return Promise.reject(new StoreUnavailableError(`${heldBytes} bytes of spans wait already`));
    }
    if (spans.length === 0) return Promise.resolve();
    if (spans.length > atOnce) return toRowsInTurns(spans).then(enqueue);
    return enqueue({ spanRows: spans.map(toSpanRow), contentRows: spans.flatMap(toContentRows) });
  }

  function enqueue({ spanRows, contentRows }: Rows): Promise<void> {
    if (closed) return Promise.reject(new StoreUnavailableError('the store is closing'));
    const bytes = countChars(spanRows) + countChars(contentRows);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push({ spanRows, contentRows, bytes, resolve, reject });
    waitingRows += spanRows.length;
    waitingBytes += bytes;
    heldBytes += bytes;
    if (isFull()) hurry();
    if (!draining) drained = drain();
    return promise;
  }

  function isFull(): boolean {
    return closed || waitingRows >= limits.maxRows || waitingBytes >= limits.maxBytes;
  }

  async function drain(): Promise<void> {
    draining = true;
    await companyArrives();
    while (waiting.length > 0) await insertBatch(takeBatch());
    // In the same turn as the last look at `waiting`: whoever writes next starts the next drain.
    draining = false;
  }

  /** Resolves after `maxDelayMs`, or as soon as the batch is full or the writer closes. */
  function companyArrives(): Promise<void> {
    if (isFull()) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limits.maxDelayMs);
      hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Whole writes only, at least one: a write is answered once. */
  function takeBatch(): Waiting[] {
    let rows = 0;
    let bytes = 0;
    const end = waiting.findIndex((one, at) => {
      rows += one.spanRows.length;
      bytes += one.bytes;
      return at > 0 && (rows > limits.maxRows || bytes > limits.maxBytes);
    });
    const batch = end === -1 ? waiting : waiting.slice(0, end);
    waiting = waiting.slice(batch.length);
    waitingRows = sum(waiting, (one) => one.spanRows.length);
    waitingBytes = sum(waiting, (one) => one.bytes);
    return batch;
  }

  async function insertBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      await insertWhole(batch);
      for (const one of batch) settle(one, null);
    } catch (cause) {
      if (isRefused(cause) && batch.length > 1) {
        // One of them holds what ClickHouse will not have; the others must not go with it.
        for (const one of batch) await insertBatch([one]);
        return;
      }
      const rows = sum(batch, (one) => one.spanRows.length);
      const error = toWriteError(`insert ${rows} spans`, cause);
      for (const one of batch) settle(one, error);
    }
  }

  /** Content first: whoever sees the span can read it. A retry writes both again, and once is shown. */
  async function insertWhole(batch: readonly Waiting[]): Promise<void> {
    const groups = (name: keyof Rows) => batch.map((one) => one[name]);
    await insertRows(store, 'content', groups('contentRows'));
    await insertRows(store, 'spans', groups('spanRows'));
  }

  function settle(one: Waiting, error: Error | null): void {
    heldBytes -= one.bytes;
    if (error === null) one.resolve();
    else one.reject(error);
  }

  async function close(): Promise<void> {
    closed = true;
    hurry();
    await drained;
  }

  return { write, close };
}

async function toRowsInTurns(spans: readonly Span[]): Promise<Rows> {
  const rows: { spanRows: string[]; contentRows: string[] } = { spanRows: [], contentRows: [] };
  const turn = beginTurn();
  for (const span of spans) {
    rows.spanRows.push(toSpanRow(span));
    rows.contentRows.push(...toContentRows(span));
    if (turn.isOver()) await turn.next();
  }
  return rows;
}

async function insertRows(
  store: Pick<Store, 'client'>,
  table: 'spans' | 'content',
  groups: readonly (readonly string[])[],
): Promise<void> {
  const chunks = groups.filter((rows) => rows.length > 0).map((rows) => rows.join(''));
  if (chunks.length === 0) return;
  const { stream } = await store.client.exec({
    query: `INSERT INTO ${table} FORMAT JSONEachRow`,
    values: Readable.from(handOver(chunks), { objectMode: false }),
    // Spans of many days in one request are odd, not wrong.
    clickhouse_settings: {
      async_insert: 0,
      throw_on_max_partitions_per_insert_block: 0,
      // Keeping one of equal rows is the work of merges and readers: done here it is three quarters of an insert.
      optimize_on_insert: 0,
    },
  });
  for await (const _ of stream) continue;
}

/** The connection keeps its last request alive while it waits for the next: it must not keep the rows with it. */
function* handOver(chunks: string[]): Generator<string> {
  for (let next = chunks.shift(); next !== undefined; next = chunks.shift()) yield next;
}

/**
 * Everything but refused data may pass when tried again: memory, disk space, too many parts, a restart. ClickHouse's
 * own sentence may quote the rows, so only its code and the name of it are told.
 */
function toWriteError(tried: string, cause: unknown): Error {
  const code = clickHouseCode(cause);
  if (code === 0) return new StoreUnavailableError(tried, { cause });
  const type = cause instanceof Error && 'type' in cause ? ` ${String(cause.type)}` : '';
  const message = `${tried}: ClickHouse answered ${code}${type}`;
  return isRefused(cause) ? new Error(message) : new StoreUnavailableError(message);
}

/** UTF-16 units, as near to bytes as a limit needs. */
function countChars(rows: readonly string[]): number {
  return sum(rows, (row) => row.length);
}

function sum<T>(items: readonly T[], toNumber: (item: T) => number): number {
  return items.reduce((total, item) => total + toNumber(item), 0);
}
