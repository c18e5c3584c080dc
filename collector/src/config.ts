/** Every setting an operator has, with its default, read once from the environment. */
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { logLevels, type LogLevel } from './log.ts';

export type StoreSettings =
  | {
      readonly engine: 'embedded';
      readonly dataDir: string;
      readonly memoryLimitBytes?: number;
    }
  | { readonly engine: 'server'; readonly url: string; readonly database: string };

export type Config = {
  readonly host: string;
  readonly port: number;
  readonly store: StoreSettings;
  readonly log: LogLevel;
  /** Empty = none. Needed to send and to read once the server is reachable from outside. */
  readonly accessKey: string;
  /** Host names the server answers to besides loopback ones; guards against DNS rebinding. Empty = any, when a key is set. */
  readonly allowedHosts: readonly string[];
  /** Web pages that may send OTLP from a browser. */
  readonly corsOrigins: readonly string[];
  /** JSON file of the operator's own prices; empty = none. */
  readonly pricesFile: string;
  readonly limits: { readonly compressedBytes: number; readonly inflatedBytes: number };
};

/** Names the setting and says what to write instead. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const mebibytes = (name: string, limits: { min: number; max: number }) =>
  z.coerce
    .number(`${name} must be a number of mebibytes.`)
    .int(`${name} must be a whole number of mebibytes.`)
    .min(limits.min, `${name} must be at least ${limits.min}.`)
    .max(limits.max, `${name} must be at most ${limits.max}.`)
    .transform((value) => value * 1024 * 1024);

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

/** `describe` comes last in each chain; `--help` and docs/generated/settings.md print what it says. */
const settings = z.object({
  ORCHESCOPE_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('address to listen on; anything beyond loopback needs ORCHESCOPE_ACCESS_KEY'),
  ORCHESCOPE_PORT: z.coerce
    .number('ORCHESCOPE_PORT must be a number from 0 to 65535; 0 picks a free port.')
    .int('ORCHESCOPE_PORT must be a whole number from 0 to 65535.')
    .min(0, 'ORCHESCOPE_PORT must be a number from 0 to 65535; 0 picks a free port.')
    .max(65535, 'ORCHESCOPE_PORT must be a number from 0 to 65535; 0 picks a free port.')
    .default(4318)
    .describe('one port for OTLP, API and dashboard; 0 picks a free one'),
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
  ORCHESCOPE_ACCESS_KEY: z
    .string()
    .min(16, 'ORCHESCOPE_ACCESS_KEY must have at least 16 characters; try: openssl rand -hex 24.')
    .regex(/^[\x21-\x7e]+$/, 'ORCHESCOPE_ACCESS_KEY may hold printable ASCII without spaces only.')
    .optional()
    .describe(
      'key needed to send (authorization: Bearer <key>) and to read (password of the browser prompt)',
    ),
  ORCHESCOPE_ALLOWED_HOSTS: list.describe(
    'host names to answer to besides loopback ones, comma-separated; with a key, none means any',
  ),
  ORCHESCOPE_CORS_ORIGINS: list.describe('web origins whose pages may send OTLP, comma-separated'),
  ORCHESCOPE_MAX_BODY_MB: mebibytes('ORCHESCOPE_MAX_BODY_MB', { min: 1, max: 1024 })
    .prefault(16)
    .describe('mebibytes of the largest request as sent'),
  ORCHESCOPE_MAX_INFLATED_MB: mebibytes('ORCHESCOPE_MAX_INFLATED_MB', { min: 1, max: 1024 })
    .prefault(64)
    .describe('mebibytes of the largest request after inflating'),
  ORCHESCOPE_PRICES_FILE: z
    .string()
    .default('')
    .describe('JSON file of your own model prices; they win over the bundled list'),
  ORCHESCOPE_LOG: z
    .enum(logLevels, `ORCHESCOPE_LOG must be one of ${logLevels.join(', ')}.`)
    .default('info')
    .describe(`how much to log: ${logLevels.join(', ')}`),
});

export type SettingDescription = {
  readonly name: string;
  /** As one would write it in the environment; empty = unset. */
  readonly defaultText: string;
  readonly meaning: string;
};

/** Every setting, in the order an operator meets them. */
export function describeSettings(): readonly SettingDescription[] {
  const { properties = {} } = z.toJSONSchema(settings, { io: 'input' });
  return Object.entries(settings.shape).map(([name, { description = '' }]) => {
    const schema = properties[name];
    const defaultValue = typeof schema === 'object' ? schema.default : undefined;
    return { name, defaultText: String(defaultValue ?? ''), meaning: description };
  });
}

/** @throws ConfigError with one sentence for each wrong setting */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = settings.safeParse(given);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(toSentence).join('\n'));
  const values = parsed.data;
  const config: Config = {
    host: values.ORCHESCOPE_HOST,
    port: values.ORCHESCOPE_PORT,
    store: toStoreSettings(
      values.ORCHESCOPE_CLICKHOUSE_URL,
      values.ORCHESCOPE_DATA_DIR,
      values.ORCHESCOPE_MEMORY_LIMIT_MB,
    ),
    log: values.ORCHESCOPE_LOG,
    accessKey: values.ORCHESCOPE_ACCESS_KEY ?? '',
    allowedHosts: values.ORCHESCOPE_ALLOWED_HOSTS,
    corsOrigins: values.ORCHESCOPE_CORS_ORIGINS,
    pricesFile: values.ORCHESCOPE_PRICES_FILE,
    limits: {
      compressedBytes: values.ORCHESCOPE_MAX_BODY_MB,
      inflatedBytes: values.ORCHESCOPE_MAX_INFLATED_MB,
    },
  };
  assertGuarded(config);
  return config;
}

function toSentence(issue: z.core.$ZodIssue): string {
  return issue.message.startsWith('ORCHESCOPE_')
    ? issue.message
    : `${issue.path.join('.')}: ${issue.message}`;
}

function toStoreSettings(
  url: string | undefined,
  dataDir: string,
  memoryLimitBytes: number | undefined,
): StoreSettings {
  if (url === undefined) {
    const embedded = { engine: 'embedded', dataDir: resolve(dataDir) } as const;
    return memoryLimitBytes === undefined ? embedded : { ...embedded, memoryLimitBytes };
  }
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

function assertGuarded(config: Config): void {
  if (isLoopback(config.host) || config.accessKey !== '') return;
  throw new ConfigError(
    `ORCHESCOPE_HOST=${config.host} is reachable from other machines, and no key is set: anyone could read your traces. ` +
      'Set ORCHESCOPE_ACCESS_KEY to a long random text (openssl rand -hex 24), or leave ORCHESCOPE_HOST at 127.0.0.1.',
  );
}

export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
