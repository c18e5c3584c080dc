import { expect, test } from 'vitest';
import { ConfigError, isLoopback, readConfig } from './config.ts';

test('an empty environment gives the embedded engine on loopback', () => {
  const config = readConfig({});
  expect(config).toMatchObject({ host: '127.0.0.1', port: 4318, accessKey: '', log: 'info' });
  expect(config.store).toEqual({ engine: 'embedded', dataDir: `${process.cwd()}/.orchescope` });
  expect(config.limits).toEqual({ compressedBytes: 16 << 20, inflatedBytes: 64 << 20 });
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
  ['an open address without a key', { ORCHESCOPE_HOST: '0.0.0.0' }, /ORCHESCOPE_ACCESS_KEY/],
])('%s is refused with a sentence', (_, env, sentence) => {
  expect(() => readConfig(env)).toThrow(ConfigError);
  expect(() => readConfig(env)).toThrow(sentence);
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
