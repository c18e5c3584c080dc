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

const settings = z.object({
  ORCHESCOPE_HOST: z.string().min(1).default('127.0.0.1'),
  ORCHESCOPE_PORT: z.coerce
    .number('ORCHESCOPE_PORT must be a number from 0 to 65535; 0 picks a free port.')
    .int('ORCHESCOPE_PORT must be a whole number from 0 to 65535.')
    .min(0, 'ORCHESCOPE_PORT must be a number from 0 to 65535; 0 picks a free port.')
    .max(65535, 'ORCHESCOPE_PORT must be a number from 0 to 65535; 0 picks a free port.')
    .default(4318),
  ORCHESCOPE_DATA_DIR: z.string().min(1).default('./.orchescope'),
  ORCHESCOPE_MEMORY_LIMIT_MB: mebibytes('ORCHESCOPE_MEMORY_LIMIT_MB', {
    min: 256,
    max: 1024 * 1024,
  }).optional(),
  ORCHESCOPE_CLICKHOUSE_URL: z
    .url({
      protocol: /^https?$/,
      error:
        'ORCHESCOPE_CLICKHOUSE_URL must look like http://user:password@clickhouse:8123/orchescope.',
    })
    .optional(),
  ORCHESCOPE_LOG: z
    .enum(logLevels, `ORCHESCOPE_LOG must be one of ${logLevels.join(', ')}.`)
    .default('info'),
  ORCHESCOPE_ACCESS_KEY: z
    .string()
    .min(16, 'ORCHESCOPE_ACCESS_KEY must have at least 16 characters; try: openssl rand -hex 24.')
    .regex(/^[\x21-\x7e]+$/, 'ORCHESCOPE_ACCESS_KEY may hold printable ASCII without spaces only.')
    .optional(),
  ORCHESCOPE_ALLOWED_HOSTS: list,
  ORCHESCOPE_CORS_ORIGINS: list,
  ORCHESCOPE_MAX_BODY_MB: mebibytes('ORCHESCOPE_MAX_BODY_MB', { min: 1, max: 1024 }).default(
    16 * 1024 * 1024,
  ),
  ORCHESCOPE_MAX_INFLATED_MB: mebibytes('ORCHESCOPE_MAX_INFLATED_MB', {
    min: 1,
    max: 1024,
  }).default(64 * 1024 * 1024),
});

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
