import { createClient } from '@clickhouse/client';
import { totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { EngineAgent } from './engine/engine-agent.ts';
import { type EngineLog, superviseEngine } from './engine/supervisor.ts';
import { createFileInsert } from './insert-native.ts';
import {
  commonClientOptions,
  insertTimeoutMs,
  maxConnections,
  migrationTimeoutMs,
  type OpenedClient,
} from './opened-client.ts';

export type EmbeddedConfig = {
  readonly engine: 'embedded';
  readonly dataDir: string;
  /** For the whole engine; the default is 40 % of the machine's memory, at most 2 GiB. */
  readonly memoryLimitBytes?: number;
};

const database = 'orchescope';
const gibibyte = 1024 ** 3;

/** The stock HTTP client, with the private socket of the engine for an address. */
export async function openEmbedded(config: EmbeddedConfig, log: EngineLog): Promise<OpenedClient> {
  const engine = await superviseEngine(
    {
      dataDir: resolve(config.dataDir),
      database,
      memoryLimitBytes: config.memoryLimitBytes ?? defaultMemoryLimitBytes(),
      listen: 'socket',
    },
    log,
  );
  // An agent each: a client ends sockets that it finds idle, also while another client is using them.
  const connect = (more: { readonly request_timeout?: number } = {}) =>
    createClient({
      ...commonClientOptions,
      ...more,
      url: 'http://localhost',
      http_agent: new EngineAgent(engine, maxConnections),
      username: engine.username,
      password: engine.password,
      database,
    });
  const client = connect();
  const inserting = connect({ request_timeout: insertTimeoutMs });
  const insertNative = await createFileInsert(inserting, join(engine.temporaryDir, 'insert'));
  const close = async (): Promise<void> => {
    await Promise.all([client.close(), inserting.close()]);
    await engine.close();
  };
  const connectPatiently = () => connect({ request_timeout: migrationTimeoutMs });
  const { username, password } = engine;
  return {
    client,
    database,
    insertNative,
    connectPatiently,
    enginePid: engine.pid,
    address: { engine: 'embedded', address: engine.address, username, password, database },
    close,
  };
}

function defaultMemoryLimitBytes(): number {
  return Math.floor(Math.min(2 * gibibyte, totalmem() * 0.4));
}
