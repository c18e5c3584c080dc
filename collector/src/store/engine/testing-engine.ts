/** A real engine for the tests of this folder, reached as a server is: over TCP, by URL. */
import {
  ClickHouseLogLevel,
  type ClickHouseClient,
  type ClickHouseClientConfigOptions,
  createClient,
} from '@clickhouse/client';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDataDir } from '../new-data-dir.testing.ts';
import { type Engine, superviseEngine } from './supervisor.ts';

export type TestEngine = {
  readonly engine: Engine;
  /** With user and password. */
  readonly url: string;
  readonly dataDir: string;
  /** Closed with the engine. */
  readonly connect: (options?: ClickHouseClientConfigOptions) => ClickHouseClient;
  readonly close: () => Promise<void>;
};

type TestEngineOptions = {
  readonly dataDirName?: string;
  /** Those of the program, in the database `orchescope`; otherwise there are none. */
  readonly hasTables?: boolean;
};

export async function startTestEngine({
  dataDirName = 'data',
  hasTables = false,
}: TestEngineOptions = {}): Promise<TestEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'orchescope-engine-'));
  const dataDir = join(folder, dataDirName);
  if (hasTables) await rename(await createTestDataDir('orchescope-engine-tables-'), dataDir);
  const memoryLimitBytes = 1024 ** 3;
  const engine = await superviseEngine(
    { dataDir, database: 'orchescope', memoryLimitBytes, listen: 'port' },
    () => undefined,
  );
  const url = toUrl(engine);
  const clients: ClickHouseClient[] = [];
  return {
    engine,
    url,
    dataDir,
    connect: (options = {}) => {
      const client = createClient({
        url,
        database: 'orchescope',
        log: { level: ClickHouseLogLevel.OFF },
        ...options,
      });
      clients.push(client);
      return client;
    },
    close: async () => {
      for (const client of clients) await client.close();
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function toUrl({ address, username, password }: Engine): string {
  if (!('port' in address)) throw new Error('the engine does not listen on a port');
  return `http://${username}:${password}@${address.host}:${address.port}`;
}

export async function readRows(
  client: ClickHouseClient,
  query: string,
  query_params: Record<string, unknown> = {},
): Promise<unknown[]> {
  const answer = await client.query({ query, query_params, format: 'JSONEachRow' });
  return answer.json();
}

/** Runs `ask` until its answer is true. */
export async function until(ask: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await ask())) await new Promise((resolve) => setTimeout(resolve, 20));
}
