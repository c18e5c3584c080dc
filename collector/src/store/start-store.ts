/** Opens the one store: the embedded engine, or a ClickHouse server by its URL. From here on they are the same. */
import { ClickHouseLogLevel, type ClickHouseClient, createClient } from '@clickhouse/client';
import { totalmem } from 'node:os';
import { resolve } from 'node:path';
import { EngineAgent } from './engine/engine-agent.ts';
import { quoteIdentifier } from './engine/statements.ts';
import { type EngineLog, superviseEngine } from './engine/supervisor.ts';
import { findSqlFolder, migrate } from './migrate.ts';
import { StoreStartError } from './store-start-error.ts';

export type StoreConfig =
  | { readonly engine: 'embedded'; readonly dataDir: string; readonly memoryLimitBytes?: number }
  | { readonly engine: 'server'; readonly url: string; readonly database: string };

export type Store = {
  readonly client: ClickHouseClient;
  readonly database: string;
  readonly engine: 'embedded' | 'server';
  /** Runs a real aggregate over the spans table; rejects when the store cannot answer. */
  readonly check: () => Promise<void>;
  /** Pid of the engine process; null on a server, and while the engine is being restarted. */
  readonly enginePid: () => number | null;
  readonly close: () => Promise<void>;
};

const embeddedDatabase = 'orchescope';
const maxConnections = 16;
const requestTimeoutMs = 60_000;
const gibibyte = 1024 ** 3;

/** What both kinds of client say: queries of one must answer as queries of the other. */
const commonSettings = {
  request_timeout: requestTimeoutMs,
  max_open_connections: maxConnections,
  // Errors reach the caller; the client need not print them as well.
  log: { level: ClickHouseLogLevel.OFF },
} as const;

/** Resolves when the tables are there. */
export async function startStore(config: StoreConfig, log: EngineLog): Promise<Store> {
  const store =
    config.engine === 'embedded' ? await openEmbedded(config, log) : await openServer(config, log);
  try {
    await migrate(store.client, findSqlFolder(), log);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function openEmbedded(
  config: Extract<StoreConfig, { engine: 'embedded' }>,
  log: EngineLog,
): Promise<Store> {
  const database = embeddedDatabase;
  const memoryLimitBytes = config.memoryLimitBytes ?? defaultMemoryLimitBytes();
  const dataDir = resolve(config.dataDir);
  const engine = await superviseEngine(
    { dataDir, database, memoryLimitBytes, listen: 'socket' },
    log,
  );
  const client = createClient({
    ...commonSettings,
    url: 'http://localhost',
    http_agent: new EngineAgent(engine, maxConnections),
    username: engine.username,
    password: engine.password,
    database,
  });
  const close = async (): Promise<void> => {
    await client.close();
    await engine.close();
  };
  return {
    client,
    database,
    engine: 'embedded',
    check: createCheck(client),
    enginePid: engine.pid,
    close,
  };
}

function defaultMemoryLimitBytes(): number {
  return Math.floor(Math.min(2 * gibibyte, totalmem() * 0.4));
}

async function openServer(
  config: Extract<StoreConfig, { engine: 'server' }>,
  log: EngineLog,
): Promise<Store> {
  const { url, database } = config;
  await createDatabase(url, database, log);
  const client = createClient({
    ...commonSettings,
    url,
    database,
    compression: { request: true, response: true },
    clickhouse_settings: {
      // An answered insert must be visible to the next query.
      async_insert: 0,
      output_format_json_quote_64bit_integers: 1,
    },
  });
  const close = (): Promise<void> => client.close();
  return {
    client,
    database,
    engine: 'server',
    check: createCheck(client),
    enginePid: () => null,
    close,
  };
}

/** The user may lack the right to create databases: it is asked for only when there is none. */
async function createDatabase(url: string, database: string, log: EngineLog): Promise<void> {
  const client = createClient({ ...commonSettings, url });
  try {
    await waitForServer(client, url, log);
    const answer = await client.query({
      query: 'SELECT count() AS found FROM system.databases WHERE name = {database:String}',
      query_params: { database },
      format: 'JSONEachRow',
    });
    const [row] = await answer.json<{ found: string }>();
    if (Number(row?.found) > 0) return;
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${quoteIdentifier(database)}` });
  } finally {
    await client.close();
  }
}

/** Started together with us, a server may need a while. */
const serverPatienceMs = 30_000;
const serverRetryMs = 500;

async function waitForServer(client: ClickHouseClient, url: string, log: EngineLog): Promise<void> {
  const startedAt = Date.now();
  for (;;) {
    const answer = await client.ping({ select: true });
    if (answer.success) return;
    // A server that answers with an error of its own will not change its mind.
    const isAnswer = 'code' in answer.error && /^\d+$/.test(String(answer.error.code));
    if (isAnswer || Date.now() - startedAt > serverPatienceMs) {
      const reason = answer.error.message || ('code' in answer.error && answer.error.code);
      throw new StoreStartError(
        `Cannot use the ClickHouse server at ${withoutPassword(url)}: ${reason}. Check ORCHESCOPE_CLICKHOUSE_URL.`,
        { cause: answer.error },
      );
    }
    log('waiting for the ClickHouse server', { url: withoutPassword(url) });
    await new Promise((resolve) => setTimeout(resolve, serverRetryMs));
  }
}

function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.toString();
}

function createCheck(client: ClickHouseClient): () => Promise<void> {
  return async () => {
    const answer = await client.query({
      query:
        'SELECT count() AS spans, max(start_time) AS latest FROM spans WHERE start_time > now() - INTERVAL 1 HOUR',
      format: 'JSONEachRow',
    });
    await answer.json();
  };
}
