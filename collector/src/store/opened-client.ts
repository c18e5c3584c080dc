import { ClickHouseLogLevel, type ClickHouseClient } from '@clickhouse/client';

/** A client whose server answers and whose database exists, and what it takes to let go of it. */
export type OpenedClient = {
  readonly client: ClickHouseClient;
  readonly database: string;
  readonly enginePid: () => number | null;
  readonly close: () => Promise<void>;
};

export const maxConnections = 16;

/** What both kinds of client say: queries of one must answer as queries of the other. */
export const commonClientOptions = {
  request_timeout: 60_000,
  max_open_connections: maxConnections,
  // Errors reach the caller; the client need not print them as well.
  log: { level: ClickHouseLogLevel.OFF },
} as const;
