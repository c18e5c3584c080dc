/** D37: bodies as senders send them, and the rows they become. */
import { describe, expect, test } from 'vitest';
import { findBodies, goldenOf, readBody, send, toGolden } from './signals.testing.ts';

const fixtures = [
  ...findBodies('otlp-logs', '.json').map((file) => ['logs', file, 'otlp-logs'] as const),
  ...findBodies('otlp', '.logs.json').map((file) => ['logs', file, 'otlp-logs'] as const),
  ...findBodies('otlp-metrics', '.json').map((file) => ['metrics', file, 'otlp-metrics'] as const),
];

describe.each(fixtures)('%s of %s', (signal, file, folder) => {
  test('become their golden rows', async () => {
    const { status, reply, rows } = await send(signal, readBody(file), 'application/json');
    expect([status, reply]).toEqual([200, {}]);
    await expect(toGolden(rows)).toMatchFileSnapshot(goldenOf(file, folder));
  });

  test('become the same rows from protobuf', async () => {
    const request = readBody(file);
    const json = await send(signal, request, 'application/json');
    const protobuf = await send(signal, request, 'application/x-protobuf');
    expect([protobuf.rows, protobuf.told]).toEqual([json.rows, json.told]);
  });
});
