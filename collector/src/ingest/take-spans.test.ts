import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createBatch } from '../store/native/batch.ts';
import type { BatchWriter } from '../store/store.ts';
import { encode } from './encode.testing.ts';
import { request, span } from './ingest.testing.ts';
import { defaultIngestLimits } from './limits.ts';
import { createPricer } from './pricing/pricer.ts';
import { takeSpans, type SpanNews } from './take-spans.ts';

const listPrices = createPricer();

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** On disk at once, in the tables whenever the test says so. */
function startWriter() {
  const waiting: (() => void)[] = [];
  const batch = createBatch();
  const keep = (whenStored: (() => void) | undefined): void => {
    if (whenStored !== undefined) waiting.push(whenStored);
    batch.reset();
  };
  const writer: Pick<BatchWriter, 'write' | 'writeApart' | 'isBehind'> = {
    isBehind: () => false,
    write: async (fill, whenStored) => {
      const result = fill(batch);
      keep(whenStored);
      return result;
    },
    writeApart: async (fill, whenStored) => {
      const result = await fill(batch);
      keep(whenStored);
      return result;
    },
  };
  return { writer, store: () => waiting.splice(0).forEach((call) => call()) };
}

async function take(
  writer: Pick<BatchWriter, 'write' | 'writeApart' | 'isBehind'>,
  news: SpanNews,
) {
  const body = Buffer.from(encode(request([span(1), span(2)]), 'application/x-protobuf'));
  await takeSpans(body, 'application/x-protobuf', 'shop', {
    writer,
    priceFor: () => listPrices,
    limits: defaultIngestLimits,
    retentionOf: () => ({ spanDays: 1, contentDays: 1 }),
    news,
  });
  return new WeakRef(body);
}

test('a body is let go when its spans are on disk, however long the tables take', async () => {
  const { writer, store } = startWriter();
  const told: [string, [string, number][]][] = [];
  const news: SpanNews = {
    isWanted: () => true,
    tell: (projectId, spansByTrace) => told.push([projectId, [...spansByTrace]]),
  };
  const body = await take(writer, news);
  // A decoder may keep the last one.
  await take(writer, news);
  await expect
    .poll(() => {
      collectGarbage();
      return body.deref() === undefined;
    })
    .toBe(true);
  expect(told).toEqual([]);
  store();
  const one = ['shop', [['0af7651916cd43dd8448eb211c80319c', 2]]];
  expect(told).toEqual([one, one]);
});
