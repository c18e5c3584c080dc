import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Span } from '../span.ts';
import { encode } from './encode.testing.ts';
import {
  fixtureNames,
  fixturesDir,
  inGoldenOrder,
  readFixture,
  readSentBody,
  sentBodies,
  toGolden,
} from './fixtures.testing.ts';
import { gzip, post, startIngest } from './ingest.testing.ts';

describe.each(fixtureNames)('%s', (name) => {
  const request = readFixture(name);

  test('becomes its golden rows', async () => {
    const ingest = startIngest();
    const response = await post(ingest, encode(request, 'application/json'));
    expect([response.status, await response.text()]).toEqual([200, '{}']);
    await expectGolden(ingest.spans, `${name}.golden.json`);
  });

  test('becomes the same rows from protobuf, gzipped', async () => {
    const json = startIngest();
    await post(json, encode(request, 'application/json'));
    const protobuf = startIngest();
    const body = gzip(encode(request, 'application/x-protobuf'));
    const response = await post(protobuf, body, { 'content-encoding': 'gzip' });
    expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([200, 0]);
    expect(protobuf.spans).toEqual(json.spans);
  });
});

test.each(sentBodies)('%s becomes its golden rows', async (file) => {
  const ingest = startIngest();
  const encoding: Record<string, string> = file.endsWith('.gz')
    ? { 'content-encoding': 'gzip' }
    : {};
  const response = await post(ingest, readSentBody(file), encoding);
  expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([200, 0]);
  await expectGolden(ingest.spans, file.replace(/\.binpb.*$/, '.golden.json'));
});

async function expectGolden(spans: readonly Span[], name: string): Promise<void> {
  const file = join(fixturesDir, name);
  await expect(inGoldenOrder(toGolden(spans), file)).toMatchFileSnapshot(file);
}
