/** Where the server listens, and whom it lets in. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { ConfigError, list } from './setting-kinds.ts';

export type AccessConfig = {
  readonly host: string;
  readonly port: number;
  /** Empty = none. Needed to send and to read once the server is reachable from outside. */
  readonly accessKey: string;
  /** Host names the server answers to besides loopback ones; guards against DNS rebinding. Empty = any, when a key is set. */
  readonly allowedHosts: readonly string[];
  /** Web pages that may send OTLP from a browser. */
  readonly corsOrigins: readonly string[];
};

export const listenSettings = {
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
};

export const accessSettings = {
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
};

type Values = z.output<z.ZodObject<typeof listenSettings & typeof accessSettings>>;

/** @throws ConfigError when anyone could read */
export function toAccess(values: Values): AccessConfig {
  const access: AccessConfig = {
    host: values.ORCHESCOPE_HOST,
    port: values.ORCHESCOPE_PORT,
    accessKey: values.ORCHESCOPE_ACCESS_KEY ?? '',
    allowedHosts: values.ORCHESCOPE_ALLOWED_HOSTS,
    corsOrigins: values.ORCHESCOPE_CORS_ORIGINS,
  };
  if (isLoopback(access.host) || access.accessKey !== '') return access;
  throw new ConfigError(
    `ORCHESCOPE_HOST=${access.host} is reachable from other machines, and no key is set: anyone could read your traces. ` +
      'Set ORCHESCOPE_ACCESS_KEY to a long random text (openssl rand -hex 24), or leave ORCHESCOPE_HOST at 127.0.0.1.',
  );
}

export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
