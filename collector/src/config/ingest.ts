/** What is taken from senders, and what of it is kept. */
import type { z } from 'zod';
import { defaultIngestLimits, type IngestLimits } from '../ingest/limits.ts';
import { kibibytes, mebibytes, whole } from './setting-kinds.ts';

export type IngestConfig = {
  readonly limits: IngestLimits;
  /** From a connection's first byte to a whole request. */
  readonly requestTimeoutMs: number;
  /** What may wait on disk for the store before senders are told to come again. */
  readonly walBytes: number;
};

const requestSettings = {
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
};

const recordSettings = {
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
};

export const ingestSettings = {
  ...requestSettings,
  ...recordSettings,
  ORCHESCOPE_WAL_MAX_MB: mebibytes('ORCHESCOPE_WAL_MAX_MB', { min: 64, max: 1024 * 1024 })
    .prefault(2048)
    .describe(
      'mebibytes that may wait on disk for the store before senders are told to come again',
    ),
};

export function toIngest(values: z.output<z.ZodObject<typeof ingestSettings>>): IngestConfig {
  return {
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
    requestTimeoutMs: values.ORCHESCOPE_REQUEST_TIMEOUT_SECONDS * 1000,
    walBytes: values.ORCHESCOPE_WAL_MAX_MB,
  };
}
