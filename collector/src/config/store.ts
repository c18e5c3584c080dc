/** Which ClickHouse, and where its data is. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { ConfigError, mebibytes } from './setting-kinds.ts';

export type StoreSettings =
  | {
      readonly engine: 'embedded';
      readonly dataDir: string;
      readonly memoryLimitBytes?: number;
    }
  | { readonly engine: 'server'; readonly url: string; readonly database: string };

export type StoreConfig = {
  readonly store: StoreSettings;
  /** Absolute: the write-ahead log, and the embedded engine's files. */
  readonly dataDir: string;
};

export const storeSettings = {
  ORCHESCOPE_DATA_DIR: z
    .string()
    .min(1)
    .default('./.orchescope')
    .describe('where the embedded ClickHouse keeps its data'),
  ORCHESCOPE_MEMORY_LIMIT_MB: mebibytes('ORCHESCOPE_MEMORY_LIMIT_MB', {
    min: 256,
    max: 1024 * 1024,
  })
    .optional()
    .describe('mebibytes of memory the embedded ClickHouse may use'),
  ORCHESCOPE_CLICKHOUSE_URL: z
    .url({
      protocol: /^https?$/,
      error:
        'ORCHESCOPE_CLICKHOUSE_URL must look like http://user:password@clickhouse:8123/orchescope.',
    })
    .optional()
    .describe('a ClickHouse server instead, e.g. http://user:password@clickhouse:8123/orchescope'),
};

export function toStore(values: z.output<z.ZodObject<typeof storeSettings>>): StoreConfig {
  const { ORCHESCOPE_CLICKHOUSE_URL: url, ORCHESCOPE_MEMORY_LIMIT_MB: memoryLimitBytes } = values;
  const dataDir = resolve(values.ORCHESCOPE_DATA_DIR);
  if (url !== undefined) return { store: toServer(url), dataDir };
  const embedded = { engine: 'embedded', dataDir } as const;
  const store = memoryLimitBytes === undefined ? embedded : { ...embedded, memoryLimitBytes };
  return { store, dataDir };
}

function toServer(url: string): StoreSettings {
  const parsed = new URL(url);
  const database = decodeURIComponent(parsed.pathname.slice(1)) || 'orchescope';
  if (!/^[A-Za-z_]\w{0,63}$/.test(database)) {
    throw new ConfigError(
      'ORCHESCOPE_CLICKHOUSE_URL names a database that is not a plain word; end it with /orchescope.',
    );
  }
  parsed.pathname = '/';
  return { engine: 'server', url: parsed.toString(), database };
}
