/** Spans as ingest makes them, and a store that keeps them as an older mapping would have. */
import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { readFixture, fixtureNames } from '../ingest/fixtures.testing.ts';
import { decodeJson } from '../ingest/otlp/decode-json.ts';
import type { DecodedRequest } from '../ingest/otlp/request.ts';
import { createPricer } from '../ingest/pricing/pricer.ts';
import { toPricedSpan } from '../ingest/pricing/to-priced-span.ts';
import { readResource, readScope } from '../ingest/to-span/read-resource.ts';
import { toSpan } from '../ingest/to-span/to-span.ts';
import type { Span } from '../span.ts';
import { createBatch } from '../store/native/batch.ts';
import type { Block } from '../store/native/block.ts';
import type { Store } from '../store/start-store.ts';

export const price = createPricer();

export function ingest(request: DecodedRequest, projectId = 'default'): Span[] {
  const receivedUnixNano = BigInt(Date.now()) * 1_000_000n;
  return request.resourceSpans.flatMap(({ scopeSpans, ...decoded }) => {
    const resource = readResource(decoded);
    return scopeSpans.flatMap((decodedScope) => {
      const scope = readScope(decodedScope);
      const context = { projectId, receivedUnixNano, resource, scope };
      return decodedScope.spans.flatMap((span) => {
        const result = toSpan(span, context);
        return result.ok ? [toPricedSpan(result.span, price)] : [];
      });
    });
  });
}

/** Every span of every recording, in traces of its own; a span once, its last copy. */
export function ingestFixtures(projectId = 'default'): Span[] {
  return fixtureNames
    .filter((name) => !/\.(logs|metrics)$/.test(name))
    .flatMap((name) => {
      const request = decodeJson(Buffer.from(JSON.stringify(readFixture(name))));
      const inTraceOfItsOwn = (span: Span): Span => {
        return { ...span, traceId: hash('md5', `${name} ${span.traceId}`) };
      };
      return toLatest(ingest(request, projectId)).map(inTraceOfItsOwn);
    });
}

function toLatest(spans: readonly Span[]): Span[] {
  const latest = new Map<string, Span>();
  for (const span of spans) {
    const key = span.traceId + span.spanId;
    const known = latest.get(key);
    if (known === undefined || span.endTimeUnixNano >= known.endTimeUnixNano) latest.set(key, span);
  }
  return [...latest.values()];
}

export async function insertBlocks(
  store: Pick<Store, 'client'>,
  blocks: readonly Block[],
): Promise<void> {
  for (const { table, pieces } of blocks) {
    const { stream } = await store.client.exec({
      query: `INSERT INTO ${table} FORMAT Native`,
      values: Readable.from([Buffer.concat(pieces)], { objectMode: false }),
      clickhouse_settings: { throw_on_max_partitions_per_insert_block: 0 },
    });
    for await (const _ of stream) continue;
  }
}

export type OldRow = {
  readonly receivedUnixSeconds?: number;
  readonly retentionDays?: number;
  readonly contentDays?: number;
};

/** As mapping 0. */
export async function writeOld(
  store: Pick<Store, 'client'>,
  spans: readonly Span[],
  {
    receivedUnixSeconds = Math.floor(Date.now() / 1_000),
    retentionDays = 0,
    contentDays = 0,
  }: OldRow = {},
): Promise<void> {
  const batch = createBatch();
  const stamp = { receivedUnixSeconds, retentionDays, contentRetentionDays: contentDays };
  for (const span of spans) batch.addSpan(span, stamp);
  // A column that says nothing holds its default.
  batch.spans.columns.mapper_version.reset();
  batch.content.columns.mapper_version.reset();
  await insertBlocks(store, batch.toBlocks());
}
