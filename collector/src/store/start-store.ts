/** Opens the one store: the embedded engine, or a ClickHouse server by its URL. From here on they are the same. */
import type { ClickHouseClient } from '@clickhouse/client';
import { readDetachedParts } from './engine/detached-parts.ts';
import type { EngineLog } from './engine/supervisor.ts';
import { findSqlFolder, migrate } from './migrate.ts';
import type { StoreAddress } from './connect.ts';
import { type EmbeddedConfig, openEmbedded } from './open-embedded.ts';
import { openServer, type ServerConfig } from './open-server.ts';
import type { InsertNative, OpenedClient } from './opened-client.ts';

export type StoreConfig = EmbeddedConfig | ServerConfig;

export type Store = {
  readonly client: ClickHouseClient;
  readonly database: string;
  readonly engine: 'embedded' | 'server';
  /** How a segment of the write-ahead log gets into its tables. */
  readonly insertNative: InsertNative;
  /** Runs a real aggregate over the spans table; rejects when the store cannot answer. */
  readonly check: () => Promise<void>;
  /** Pid of the engine process; null on a server, and while the engine is being restarted. */
  readonly enginePid: () => number | null;
  /** The way to it for a thread. */
  readonly address: StoreAddress;
  readonly close: () => Promise<void>;
};

/** Started together with us, a server may need a while. */
const serverPatienceMs = 30_000;

/**
 * Resolves when the tables are there.
 * @throws StoreStartError, with a sentence for the operator
 */
export async function startStore(
  config: StoreConfig,
  log: EngineLog,
  patienceMs = serverPatienceMs,
): Promise<Store> {
  const opened =
    config.engine === 'embedded'
      ? await openEmbedded(config, log)
      : await openServer(config, log, patienceMs);
  const { client } = opened;
  try {
    await migratePatiently(opened, log);
    await reportDetachedParts(client, log);
    return { ...opened, engine: config.engine, check: () => check(client) };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function migratePatiently({ connectPatiently }: OpenedClient, log: EngineLog): Promise<void> {
  const client = connectPatiently();
  try {
    await migrate(client, findSqlFolder(), log);
  } finally {
    await client.close();
  }
}

async function reportDetachedParts(client: ClickHouseClient, log: EngineLog): Promise<void> {
  const parts = await readDetachedParts(client);
  if (parts.length > 0)
    log('damaged data was set aside and is missing from every answer', { parts });
}

async function check(client: ClickHouseClient): Promise<void> {
  const answer = await client.query({
    query: `SELECT count() AS spans, max(start_time) AS latest
      FROM spans WHERE start_time > now() - INTERVAL 1 HOUR`,
    format: 'JSONEachRow',
  });
  await answer.json();
}
