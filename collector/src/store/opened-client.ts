import { ClickHouseLogLevel, type ClickHouseClient } from '@clickhouse/client';
import type { StoreAddress } from './connect.ts';

/** Native blocks in a file, on their way into one table. */
export type NativeFile = {
  readonly table: string;
  /** Absolute. */
  readonly path: string;
  readonly rows: number;
  /** Of these bytes and no others, for ever. */
  readonly token: string;
};

/** Resolves when the rows are in the table, on disk and visible; the file may be sent again when it rejects. */
export type InsertNative = (file: NativeFile, signal: AbortSignal) => Promise<void>;

/** A client whose server answers and whose database exists, and what it takes to let go of it. */
export type OpenedClient = {
  readonly client: ClickHouseClient;
  readonly database: string;
  readonly insertNative: InsertNative;
  /** A client that waits for hours, to be closed by whoever asked for it. */
  readonly connectPatiently: () => ClickHouseClient;
  readonly enginePid: () => number | null;
  /** For threads, which cannot be given a client. */
  readonly address: StoreAddress;
  readonly close: () => Promise<void>;
};

export const maxConnections = 16;

/** Of the client that sends whole files: nothing is heard from an insert until it is done. */
export const insertTimeoutMs = 300_000;

/** A migration may copy everything there is, and nothing is heard from it meanwhile. */
export const migrationTimeoutMs = 24 * 3_600_000;

/** What both kinds of client say: queries of one must answer as queries of the other. */
export const commonClientOptions = {
  request_timeout: 60_000,
  max_open_connections: maxConnections,
  // Errors reach the caller; the client need not print them as well.
  log: { level: ClickHouseLogLevel.OFF },
} as const;
