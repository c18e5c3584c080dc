import { expect, test } from 'vitest';
import { defaultIngestLimits } from './ingest/limits.ts';
import { ConfigError, isLoopback, readConfig } from './config.ts';

test('an empty environment gives the embedded engine on loopback', () => {
  const config = readConfig({});
  expect(config).toMatchObject({ host: '127.0.0.1', port: 4318, accessKey: '', log: 'info' });
  expect(config.store).toEqual({ engine: 'embedded', dataDir: `${process.cwd()}/.orchescope` });
  expect(config.limits).toEqual(defaultIngestLimits);
  expect(config.projectDefaults).toEqual({
    retentionDays: 30,
    contentRetentionDays: 30,
    spansPerSecond: null,
    bytesPerSecond: null,
  });
});

test('a ClickHouse URL keeps its user and gives up its path as the database', () => {
  const { store } = readConfig({ ORCHESCOPE_CLICKHOUSE_URL: 'http://me:pw@ch:8123/traces' });
  expect(store).toEqual({ engine: 'server', url: 'http://me:pw@ch:8123/', database: 'traces' });
});

test.each([
  ['a port that is no number', { ORCHESCOPE_PORT: 'http' }, /ORCHESCOPE_PORT must be a number/],
  ['a port out of range', { ORCHESCOPE_PORT: '70000' }, /0 to 65535/],
  ['an unknown log level', { ORCHESCOPE_LOG: 'loud' }, /debug, info, warn, error, off/],
  ['a URL of another protocol', { ORCHESCOPE_CLICKHOUSE_URL: 'tcp://ch:9000' }, /must look like/],
  ['a database with a quote', { ORCHESCOPE_CLICKHOUSE_URL: 'http://ch/a%27b' }, /plain word/],
  ['a short key', { ORCHESCOPE_ACCESS_KEY: 'secret' }, /at least 16 characters/],
  ['a body limit of zero', { ORCHESCOPE_MAX_BODY_MB: '0' }, /at least 1/],
  ['a limit that is no number', { ORCHESCOPE_MAX_ATTRIBUTES: 'many' }, /number of attributes/],
  ['a limit beyond reason', { ORCHESCOPE_MAX_VALUE_DEPTH: '1000' }, /at most 64/],
  ['no days at all', { ORCHESCOPE_RETENTION_DAYS: '0' }, /at least 1/],
  [
    'messages kept longer than their spans',
    { ORCHESCOPE_RETENTION_DAYS: '7', ORCHESCOPE_CONTENT_RETENTION_DAYS: '8' },
    /cannot be kept longer/,
  ],
  ['a network that is none', { ORCHESCOPE_ALERT_ALLOW: '10.0.0.0/8,10/99/1' }, /10\/99\/1/],
  ['a secret key that is too short', { ORCHESCOPE_SECRET_KEY: 'abc' }, /openssl rand -hex 32/],
  ['a heartbeat to nowhere', { ORCHESCOPE_HEARTBEAT_URL: 'watchdog' }, /must look like https/],
  ['a heartbeat all the time', { ORCHESCOPE_HEARTBEAT_SECONDS: '1' }, /at least 10/],
  ['alerts that are maybe on', { ORCHESCOPE_ALERTS: 'maybe' }, /on or off/],
  [
    'a file format that is none',
    { ORCHESCOPE_EXPORT_FORMAT: 'xls' },
    /csv, json, parquet or focus/,
  ],
  ['a time that is none', { ORCHESCOPE_EXPORT_AT: '24:00' }, /such as 02:00/],
  [
    'a bucket and a folder',
    { ORCHESCOPE_EXPORT_DIR: 'x', ORCHESCOPE_EXPORT_S3_URL: 'https://b.example.com' },
    /not both/,
  ],
  [
    'a bucket without keys',
    { ORCHESCOPE_EXPORT_S3_URL: 'https://b.example.com' },
    /needs .*KEY_ID/,
  ],
  ['an open address without a key', { ORCHESCOPE_HOST: '0.0.0.0' }, /ORCHESCOPE_ACCESS_KEY/],
])('%s is refused with a sentence', (_, env, sentence) => {
  expect(() => readConfig(env)).toThrow(ConfigError);
  expect(() => readConfig(env)).toThrow(sentence);
});

test('messages are kept as long as their spans unless said otherwise', () => {
  const kept = (env: Record<string, string>) => readConfig(env).projectDefaults;
  expect(kept({ ORCHESCOPE_RETENTION_DAYS: '7' }).contentRetentionDays).toBe(7);
  expect(kept({ ORCHESCOPE_CONTENT_RETENTION_DAYS: '3' })).toMatchObject({
    retentionDays: 30,
    contentRetentionDays: 3,
  });
});

test('files of costs are written nowhere unless a place is named', () => {
  expect(readConfig({}).exports).toBeNull();
  const env = { ORCHESCOPE_EXPORT_DIR: '/var/costs', ORCHESCOPE_EXPORT_AT: '03:30' };
  expect(readConfig(env).exports).toEqual({
    target: { type: 'folder', folder: '/var/costs' },
    format: 'csv',
    afterMidnightMs: 12_600_000,
  });
});

test('sizes are written in their unit and kept in bytes', () => {
  const { limits } = readConfig({ ORCHESCOPE_MAX_CONTENT_KB: '2', ORCHESCOPE_MAX_HELD_MB: '64' });
  expect(limits).toMatchObject({ contentBytes: 2048, heldBytes: 64 << 20 });
});

test('an open address with a key is accepted', () => {
  const env = { ORCHESCOPE_HOST: '0.0.0.0', ORCHESCOPE_ACCESS_KEY: 'k'.repeat(32) };
  expect(readConfig(env).host).toBe('0.0.0.0');
});

test('an empty variable counts as unset', () => {
  expect(readConfig({ ORCHESCOPE_PORT: '' }).port).toBe(4318);
});

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.8.0.1', true],
  ['::1', true],
  ['127.example.com', false],
  ['0.0.0.0', false],
  ['::', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
