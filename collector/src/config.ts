/** Every setting an operator has, with its default, read once from the environment. */
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { AllowListError, parseAllowList, type AllowList } from './alerts/channels/allow-list.ts';
import { toEnvironment, type Environment } from './alerts/files/secret-reference.ts';
import { defaultIngestLimits, type IngestLimits } from './ingest/limits.ts';
import type { ProjectRates } from './ingest/project-limits.ts';
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
  readonly limits: IngestLimits;
  /** Of every project that the projects file does not name. */
  readonly projectDefaults: ProjectSettings;
  /** JSON file of settings by project; empty = none. */
  readonly projectsFile: string;
  /** Absolute: the write-ahead log, and the embedded engine's files. */
  readonly dataDir: string;
  /** What may wait on disk for the store before senders are told to come again. */
  readonly walBytes: number;
  /** From a connection's first byte to a whole request. */
  readonly requestTimeoutMs: number;
  readonly alerts: AlertConfig;
  /** Files of costs that are written every day; null = none. */
  readonly exports: ExportConfig | null;
};

export type ExportConfig = {
  readonly target: ExportPlace;
  readonly format: 'csv' | 'json' | 'parquet' | 'focus';
  /** After midnight in UTC, when the day before is written. */
  readonly afterMidnightMs: number;
};

export type ExportPlace =
  /** Absolute. */
  | { readonly type: 'folder'; readonly folder: string }
  | {
      readonly type: 's3';
      readonly url: string;
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      /** Empty = told by the address. */
      readonly region: string;
    };

export type AlertConfig = {
  /** Rules are evaluated, and people told. */
  readonly isOn: boolean;
  /** Absolute: a folder of YAML files, or one of them; empty = none. */
  readonly files: string;
  /** Where the secrets are that files name. */
  readonly env: Environment;
  /** Where people open the dashboard, for links in messages; empty = no links. Without a slash at its end. */
  readonly publicUrl: string;
  /** What messages may reach beyond the public internet. */
  readonly allow: AllowList;
  /** Seals the secrets of channels; empty = one of its own is made in the data directory. */
  readonly secretKey: string;
  /** Asked after each round of evaluations that went well, so seldom at most; an empty address = none. */
  readonly heartbeatUrl: string;
  readonly heartbeatSeconds: number;
};

/** What an operator may say of one project. */
export type ProjectSettings = ProjectRates & {
  readonly retentionDays: number;
  /** Messages and payloads; never longer than the spans they belong to. */
  readonly contentRetentionDays: number;
};

/** Names the setting and says what to write instead. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Range = { readonly min: number; readonly max: number };

const whole = (name: string, unit: string, { min, max }: Range) =>
  z.coerce
    .number(`${name} must be a number of ${unit}.`)
    .int(`${name} must be a whole number of ${unit}.`)
    .min(min, `${name} must be at least ${min}.`)
    .max(max, `${name} must be at most ${max}.`);

const mebibytes = (name: string, range: Range) =>
  whole(name, 'mebibytes', range).transform((value) => value * 1024 * 1024);

const kibibytes = (name: string, range: Range) =>
  whole(name, 'kibibytes', range).transform((value) => value * 1024);

/** The longest that a row can be told to live. */
const maxDays = 36_500;
const days = (name: string) => whole(name, 'days', { min: 1, max: maxDays });
const perSecond = (name: string, unit: string) => whole(name, unit, { min: 1, max: 1e12 });

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
    .prefault(defaultIngestLimits.compressedBytes / (1024 * 1024))
    .describe('mebibytes of the largest request as sent'),
  ORCHESCOPE_MAX_INFLATED_MB: mebibytes('ORCHESCOPE_MAX_INFLATED_MB', { min: 1, max: 1024 })
    .prefault(defaultIngestLimits.inflatedBytes / (1024 * 1024))
    .describe('mebibytes of the largest request after inflating'),
  ORCHESCOPE_MAX_SPANS_PER_REQUEST: whole('ORCHESCOPE_MAX_SPANS_PER_REQUEST', 'spans', {
    min: 1,
    max: 1_000_000,
  })
    .default(defaultIngestLimits.recordsPerRequest)
    .describe('spans, log records or data points taken in one request'),
  ORCHESCOPE_MAX_REQUESTS: whole('ORCHESCOPE_MAX_REQUESTS', 'requests', { min: 1, max: 100_000 })
    .default(defaultIngestLimits.requests)
    .describe('whole requests of senders that may wait for their answer at once'),
  ORCHESCOPE_MAX_HELD_MB: mebibytes('ORCHESCOPE_MAX_HELD_MB', { min: 16, max: 16 * 1024 })
    .prefault(defaultIngestLimits.heldBytes / (1024 * 1024))
    .describe('mebibytes that all requests under way may hold together'),
  ORCHESCOPE_REQUEST_TIMEOUT_SECONDS: whole('ORCHESCOPE_REQUEST_TIMEOUT_SECONDS', 'seconds', {
    min: 1,
    max: 3_600,
  })
    .default(60)
    .describe('how long a request may take to arrive; its headers get at most ten seconds of it'),
  ORCHESCOPE_MAX_ATTRIBUTES: whole('ORCHESCOPE_MAX_ATTRIBUTES', 'attributes', {
    min: 1,
    max: 16_384,
  })
    .default(defaultIngestLimits.attributes)
    .describe('attributes kept of one span'),
  ORCHESCOPE_MAX_ATTRIBUTE_KB: kibibytes('ORCHESCOPE_MAX_ATTRIBUTE_KB', { min: 1, max: 16 * 1024 })
    .prefault(defaultIngestLimits.attributeBytes / 1024)
    .describe('kibibytes kept of one attribute value'),
  ORCHESCOPE_MAX_CONTENT_KB: kibibytes('ORCHESCOPE_MAX_CONTENT_KB', { min: 1, max: 64 * 1024 })
    .prefault(defaultIngestLimits.contentBytes / 1024)
    .describe('kibibytes kept of one message body or payload'),
  ORCHESCOPE_MAX_NAME_BYTES: whole('ORCHESCOPE_MAX_NAME_BYTES', 'bytes', { min: 64, max: 16_384 })
    .default(defaultIngestLimits.nameBytes)
    .describe('bytes kept of the name of a span, an attribute, a model, an agent'),
  ORCHESCOPE_MAX_VALUE_DEPTH: whole('ORCHESCOPE_MAX_VALUE_DEPTH', 'levels', { min: 1, max: 64 })
    .default(defaultIngestLimits.valueDepth)
    .describe('levels kept of arrays and maps inside arrays and maps'),
  ORCHESCOPE_WAL_MAX_MB: mebibytes('ORCHESCOPE_WAL_MAX_MB', { min: 64, max: 1024 * 1024 })
    .prefault(2048)
    .describe(
      'mebibytes that may wait on disk for the store before senders are told to come again',
    ),
  ORCHESCOPE_RETENTION_DAYS: days('ORCHESCOPE_RETENTION_DAYS')
    .default(30)
    .describe('days that spans, logs and metrics are kept'),
  ORCHESCOPE_CONTENT_RETENTION_DAYS: days('ORCHESCOPE_CONTENT_RETENTION_DAYS')
    .optional()
    .describe('days that messages and payloads are kept; as long as their spans when unset'),
  ORCHESCOPE_PROJECT_SPANS_PER_SECOND: perSecond('ORCHESCOPE_PROJECT_SPANS_PER_SECOND', 'spans')
    .optional()
    .describe('records that one project may send a second; any number when unset'),
  ORCHESCOPE_PROJECT_BYTES_PER_SECOND: perSecond('ORCHESCOPE_PROJECT_BYTES_PER_SECOND', 'bytes')
    .optional()
    .describe('inflated bytes that one project may send a second; any number when unset'),
  ORCHESCOPE_PROJECTS_FILE: z
    .string()
    .default('')
    .describe('JSON file of retention and rates by project; read again on SIGHUP'),
  ORCHESCOPE_PRICES_FILE: z
    .string()
    .default('')
    .describe('JSON file of your own model prices; they win over the bundled list'),
  ORCHESCOPE_ALERTS: z
    .enum(['on', 'off'], 'ORCHESCOPE_ALERTS must be on or off.')
    .default('on')
    .describe('whether this server evaluates alert rules and tells people: on, off'),
  ORCHESCOPE_ALERT_FILES: z
    .string()
    .default('')
    .describe(
      'YAML files with rules, channels and mute timings: a folder, or one file; read again on SIGHUP',
    ),
  ORCHESCOPE_ALERT_ALLOW: list.describe(
    'networks and hosts beyond the public internet that messages may be sent to, comma-separated, e.g. 10.0.0.0/8,hooks.internal:8080',
  ),
  ORCHESCOPE_PUBLIC_URL: z
    .url({
      protocol: /^https?$/,
      error:
        'ORCHESCOPE_PUBLIC_URL must be where people open the dashboard, e.g. https://traces.example.com.',
    })
    .optional()
    .describe('where people open the dashboard, for the links in messages'),
  ORCHESCOPE_SECRET_KEY: z
    .string()
    .regex(
      /^([0-9A-Fa-f]{64}|[A-Za-z0-9+/_-]{43}=?)$/,
      'ORCHESCOPE_SECRET_KEY must be 32 bytes in hexadecimal or base64; try: openssl rand -hex 32.',
    )
    .optional()
    .describe(
      'key that seals the secrets of channels in the store; unset = a file in the data directory',
    ),
  ORCHESCOPE_HEARTBEAT_URL: z
    .url({
      protocol: /^https?$/,
      error:
        'ORCHESCOPE_HEARTBEAT_URL must look like https://watchdog.example.com/ping/orchescope.',
    })
    .optional()
    .describe(
      'posted to while rules are evaluated, so that somebody else notices when they are not',
    ),
  ORCHESCOPE_HEARTBEAT_SECONDS: whole('ORCHESCOPE_HEARTBEAT_SECONDS', 'seconds', {
    min: 10,
    max: 86_400,
  })
    .default(60)
    .describe('how often the heartbeat is posted'),
  ORCHESCOPE_EXPORT_DIR: z
    .string()
    .default('')
    .describe('folder that costs of the day before are written to, a file a project and day'),
  ORCHESCOPE_EXPORT_S3_URL: z
    .url({
      protocol: /^https?$/,
      error:
        'ORCHESCOPE_EXPORT_S3_URL must look like https://bucket.s3.eu-central-1.amazonaws.com/costs or https://minio.internal/bucket/costs.',
    })
    .optional()
    .describe('bucket instead of a folder, in the host or in the path, and what names begin with'),
  ORCHESCOPE_EXPORT_S3_KEY_ID: z.string().default('').describe('access key id of the bucket'),
  ORCHESCOPE_EXPORT_S3_SECRET: z.string().default('').describe('secret access key of the bucket'),
  ORCHESCOPE_EXPORT_S3_REGION: z
    .string()
    .regex(/^[a-z0-9-]{0,40}$/, 'ORCHESCOPE_EXPORT_S3_REGION must look like eu-central-1.')
    .default('')
    .describe('region of the bucket; told by addresses of AWS, us-east-1 elsewhere'),
  ORCHESCOPE_EXPORT_FORMAT: z
    .enum(
      ['csv', 'json', 'parquet', 'focus'],
      'ORCHESCOPE_EXPORT_FORMAT must be csv, json, parquet or focus.',
    )
    .default('csv')
    .describe('format of these files: csv, json, parquet, focus'),
  ORCHESCOPE_EXPORT_AT: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'ORCHESCOPE_EXPORT_AT must be a time such as 02:00.')
    .default('02:00')
    .describe('time of the day, in UTC, at which the day before is written'),
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
      heldBytes: values.ORCHESCOPE_MAX_HELD_MB,
      requests: values.ORCHESCOPE_MAX_REQUESTS,
      recordsPerRequest: values.ORCHESCOPE_MAX_SPANS_PER_REQUEST,
      attributes: values.ORCHESCOPE_MAX_ATTRIBUTES,
      attributeBytes: values.ORCHESCOPE_MAX_ATTRIBUTE_KB,
      contentBytes: values.ORCHESCOPE_MAX_CONTENT_KB,
      nameBytes: values.ORCHESCOPE_MAX_NAME_BYTES,
      valueDepth: values.ORCHESCOPE_MAX_VALUE_DEPTH,
    },
    projectDefaults: {
      retentionDays: values.ORCHESCOPE_RETENTION_DAYS,
      contentRetentionDays: toContentDays(
        values.ORCHESCOPE_CONTENT_RETENTION_DAYS,
        values.ORCHESCOPE_RETENTION_DAYS,
      ),
      spansPerSecond: values.ORCHESCOPE_PROJECT_SPANS_PER_SECOND ?? null,
      bytesPerSecond: values.ORCHESCOPE_PROJECT_BYTES_PER_SECOND ?? null,
    },
    projectsFile: values.ORCHESCOPE_PROJECTS_FILE,
    dataDir: resolve(values.ORCHESCOPE_DATA_DIR),
    walBytes: values.ORCHESCOPE_WAL_MAX_MB,
    requestTimeoutMs: values.ORCHESCOPE_REQUEST_TIMEOUT_SECONDS * 1000,
    alerts: {
      isOn: values.ORCHESCOPE_ALERTS === 'on',
      files: values.ORCHESCOPE_ALERT_FILES === '' ? '' : resolve(values.ORCHESCOPE_ALERT_FILES),
      env: toEnvironment(env),
      publicUrl: (values.ORCHESCOPE_PUBLIC_URL ?? '').replace(/\/+$/, ''),
      allow: toAllowList(values.ORCHESCOPE_ALERT_ALLOW),
      secretKey: values.ORCHESCOPE_SECRET_KEY ?? '',
      heartbeatUrl: values.ORCHESCOPE_HEARTBEAT_URL ?? '',
      heartbeatSeconds: values.ORCHESCOPE_HEARTBEAT_SECONDS,
    },
    exports: toExports(values),
  };
  assertGuarded(config);
  return config;
}

function toExports(values: z.output<typeof settings>): ExportConfig | null {
  const target = toExportPlace(values);
  if (target === null) return null;
  const [hours = 0, minutes = 0] = values.ORCHESCOPE_EXPORT_AT.split(':').map(Number);
  const afterMidnightMs = (hours * 60 + minutes) * 60_000;
  return { target, format: values.ORCHESCOPE_EXPORT_FORMAT, afterMidnightMs };
}

function toExportPlace(values: z.output<typeof settings>): ExportPlace | null {
  const { ORCHESCOPE_EXPORT_DIR: folder, ORCHESCOPE_EXPORT_S3_URL: url } = values;
  if (url === undefined) return folder === '' ? null : { type: 'folder', folder: resolve(folder) };
  if (folder !== '') {
    throw new ConfigError('Set ORCHESCOPE_EXPORT_DIR or ORCHESCOPE_EXPORT_S3_URL, not both.');
  }
  const [accessKeyId, secretAccessKey] = [
    values.ORCHESCOPE_EXPORT_S3_KEY_ID,
    values.ORCHESCOPE_EXPORT_S3_SECRET,
  ];
  if (accessKeyId === '' || secretAccessKey === '') {
    throw new ConfigError(
      'ORCHESCOPE_EXPORT_S3_URL needs ORCHESCOPE_EXPORT_S3_KEY_ID and ORCHESCOPE_EXPORT_S3_SECRET.',
    );
  }
  const { search, hash, username } = new URL(url);
  if (search !== '' || hash !== '' || username !== '') {
    throw new ConfigError('ORCHESCOPE_EXPORT_S3_URL is a host and a path, and nothing else.');
  }
  const region = values.ORCHESCOPE_EXPORT_S3_REGION;
  return { type: 's3', url, accessKeyId, secretAccessKey, region };
}

function toContentDays(contentDays: number | undefined, spanDays: number): number {
  if ((contentDays ?? 0) <= spanDays) return contentDays ?? spanDays;
  throw new ConfigError(
    `ORCHESCOPE_CONTENT_RETENTION_DAYS is ${contentDays} and ORCHESCOPE_RETENTION_DAYS is ${spanDays}: messages cannot be kept longer than the spans they belong to.`,
  );
}

function toAllowList(items: readonly string[]): AllowList {
  try {
    return parseAllowList(items);
  } catch (error) {
    if (!(error instanceof AllowListError)) throw error;
    throw new ConfigError(`ORCHESCOPE_ALERT_ALLOW: ${error.message}`);
  }
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
