import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { quoteIdentifier } from './engine/statements.ts';
import type { EngineLog } from './engine/supervisor.ts';
import { createBodyInsert } from './insert-native.ts';
import {
  commonClientOptions,
  insertTimeoutMs,
  migrationTimeoutMs,
  type OpenedClient,
} from './opened-client.ts';
import { StoreStartError } from './store-start-error.ts';

export type ServerConfig = {
  readonly engine: 'server';
  /** With user and password, if the server asks for them. */
  readonly url: string;
  readonly database: string;
};

const retryMs = 500;

/** @throws StoreStartError when no server answers within `patienceMs`, or one answers that it will not have us */
export async function openServer(
  config: ServerConfig,
  log: EngineLog,
  patienceMs: number,
): Promise<OpenedClient> {
  const { url, database } = config;
  await createDatabase(config, log, patienceMs);
  const client = createClient({
    ...commonClientOptions,
    url,
    database,
    compression: { request: true, response: true },
    clickhouse_settings: {
      // An answered insert must be visible to the next query.
      async_insert: 0,
      // The embedded engine is told the same when it starts.
      output_format_json_quote_64bit_integers: 1,
    },
  });
  const inserting = createClient({
    ...commonClientOptions,
    url,
    database,
    request_timeout: insertTimeoutMs,
  });
  const close = async (): Promise<void> => {
    await Promise.all([client.close(), inserting.close()]);
  };
  const insertNative = createBodyInsert(inserting);
  const connectPatiently = () =>
    createClient({ ...commonClientOptions, url, database, request_timeout: migrationTimeoutMs });
  return {
    client,
    database,
    insertNative,
    connectPatiently,
    enginePid: () => null,
    address: { engine: 'server', url, database },
    close,
  };
}

/** The user may lack the right to create databases: it is asked for only when there is none. */
async function createDatabase(
  { url, database }: ServerConfig,
  log: EngineLog,
  patienceMs: number,
): Promise<void> {
  const client = createClient({ ...commonClientOptions, url });
  try {
    await waitForServer(client, url, log, patienceMs);
    const answer = await client.query({
      query: 'SELECT count() AS found FROM system.databases WHERE name = {database:String}',
      query_params: { database },
      format: 'JSONEachRow',
    });
    const [row] = await answer.json<{ found: string | number }>();
    if (Number(row?.found) > 0) return;
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${quoteIdentifier(database)}` });
  } finally {
    await client.close();
  }
}

async function waitForServer(
  client: ClickHouseClient,
  url: string,
  log: EngineLog,
  patienceMs: number,
): Promise<void> {
  const startedAt = Date.now();
  for (;;) {
    const answer = await client.ping({ select: true });
    if (answer.success) return;
    if (isRefusal(answer.error) || Date.now() - startedAt > patienceMs) {
      throw toStartError(answer.error, url);
    }
    log('waiting for the ClickHouse server', { url: withoutPassword(url) });
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

/** A server that answers with an error code of its own will not change its mind. */
function isRefusal(error: Error): boolean {
  return 'code' in error && /^\d+$/.test(String(error.code));
}

function toStartError(cause: Error, url: string): StoreStartError {
  const reason = cause.message || ('code' in cause ? String(cause.code) : cause.name);
  return new StoreStartError(
    `Cannot use the ClickHouse server at ${withoutPassword(url)}: ${reason.replace(/[\s.]+$/, '')}. ` +
      'Check ORCHESCOPE_CLICKHOUSE_URL.',
    { cause },
  );
}

function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.toString();
}
