/** Hostile bodies of logs and metrics: whatever is sent is taken or refused in good order, and what is taken are rows. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encode } from './encode.testing.ts';
import { anyJson, anyProtobuf, mutated } from './fuzz-bodies.testing.ts';
import { encodings } from './ingest.testing.ts';
import { findBodies, readBody, sendBody, type Signal } from './signals.testing.ts';
import type { Encoding } from './replies.ts';

const folders = { logs: 'otlp-logs', metrics: 'otlp-metrics' } as const;
const runMs = 1_000;

/** Bodies of traces under the names of another signal: nearly all the rest is called the same. */
const names = {
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
} as const;

function renamed(signal: Signal): fc.Arbitrary<Buffer> {
  const [resources, scopes, records] = names[signal];
  return anyJson.map((body) =>
    Buffer.from(
      body
        .toString()
        .replaceAll('resourceSpans', resources)
        .replaceAll('scopeSpans', scopes)
        .replaceAll('"spans"', `"${records}"`),
    ),
  );
}

const toSent = (body: Buffer, encoding: Encoding) =>
  encoding === 'application/json' ? body.toString() : Uint8Array.from(body);

async function fuzz(
  signal: Signal,
  encoding: Encoding,
  bodies: fc.Arbitrary<Buffer>,
): Promise<string | undefined> {
  const property = fc.asyncProperty(bodies, async (body) => {
    const { status } = await sendBody(signal, toSent(body, encoding));
    if (![200, 400, 413].includes(status)) throw new Error(`answered ${status}`);
  });
  const limits = { interruptAfterTimeLimit: runMs, markInterruptAsFailure: false };
  return fc.defaultReportMessage(await fc.check(property, { numRuns: 1_000_000, ...limits }));
}

describe.each(['logs', 'metrics'] as const)('%s', (signal) => {
  test.each(encodings)('%s of its parts', async (encoding) => {
    const bodies = encoding === 'application/json' ? renamed(signal) : anyProtobuf;
    expect(await fuzz(signal, encoding, bodies)).toBeUndefined();
  });

  test.each(encodings)('%s with a few bytes changed', async (encoding) => {
    const bodies = findBodies(folders[signal], '.json').map((file) =>
      Buffer.from(encode(readBody(file), encoding)),
    );
    expect(await fuzz(signal, encoding, mutated(bodies))).toBeUndefined();
  });
});
