/** From the bytes of a body to the bytes of an insert, by our way and by the plain one. */
import { decodeJsonSpans } from '../../collector/src/ingest/fast/decode-json-spans.ts';
import { decodeSpans, type DecodeContext } from '../../collector/src/ingest/fast/decode-spans.ts';
import { createPricer } from '../../collector/src/ingest/pricing/pricer.ts';
import { createBatch, type Batch } from '../../collector/src/store/native/batch.ts';
import { toJsonEachRow } from './baseline.ts';
import type { BodyFormat } from './bodies.ts';

export const variantNames = ['protobuf', 'json', 'baseline'] as const;
export type VariantName = (typeof variantNames)[number];

export type Variant = {
  readonly format: BodyFormat;
  /** Bytes to be inserted. */
  readonly run: (body: Buffer) => number;
};

export function createVariant(name: VariantName): Variant {
  if (name === 'baseline') {
    return { format: 'protobuf', run: (body) => toJsonEachRow(body).length };
  }
  const batch = createBatch();
  const decode = name === 'json' ? decodeJsonSpans : decodeSpans;
  return { format: name, run: (body) => toNative(body, batch, decode) };
}

const context: DecodeContext = {
  projectId: 'default',
  stamp: { receivedUnixSeconds: 1_795_000_000, retentionDays: 30, contentRetentionDays: 30 },
  price: createPricer(),
  receivedUnixNano: 1_795_000_000_000_000_000n,
};

function toNative(body: Buffer, batch: Batch, decode: typeof decodeSpans): number {
  const { rejected } = decode(body, batch, context);
  if (rejected.length > 0) throw new Error(`rejected: ${rejected[0]}`);
  let bytes = 0;
  for (const { pieces } of batch.toBlocks()) for (const piece of pieces) bytes += piece.length;
  batch.reset();
  return bytes;
}
