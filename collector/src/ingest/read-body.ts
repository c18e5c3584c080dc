/** The bytes of a request, inflated, within the limits. */
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Context } from 'hono';
import { Refusal } from './refusal.ts';

export type IngestLimits = {
  /** As it comes over the wire. */
  readonly compressedBytes: number;
  /** After inflating: one compressed byte can stand for a thousand. */
  readonly inflatedBytes: number;
};

export const defaultIngestLimits: IngestLimits = {
  compressedBytes: 16 * 1024 * 1024,
  inflatedBytes: 64 * 1024 * 1024,
};

/** @throws Refusal */
export async function readBody(c: Context, limits: IngestLimits): Promise<Buffer> {
  const isGzip = readContentEncoding(c.req.header('content-encoding'));
  const limit = Math.min(limits.compressedBytes, limits.inflatedBytes);
  if (Number(c.req.header('content-length') ?? 0) > limit) throw tooLarge(limit, 'before');
  const body = await readBytes(c, limit);
  return isGzip ? inflate(body, limits.inflatedBytes) : body;
}

function readContentEncoding(header: string | undefined): boolean {
  const encoding = header?.trim().toLowerCase() ?? '';
  if (encoding === 'gzip' || encoding === 'x-gzip') return true;
  if (encoding === '' || encoding === 'identity') return false;
  throw new Refusal(
    'content_encoding',
    `Content-Encoding ${JSON.stringify(encoding.slice(0, 40))} is not understood: send gzip or none.`,
  );
}

/**
 * Under @hono/node-server the request of Node is read directly: going through the web stream costs six to twelve
 * times as much. `app.request()` has no such request.
 */
function readBytes(c: Context, limit: number): Promise<Buffer> {
  const env: unknown = c.env;
  const hasIncoming = typeof env === 'object' && env !== null && 'incoming' in env;
  if (hasIncoming && env.incoming instanceof Readable) return readIncoming(env.incoming, limit);
  return readWebStream(c.req.raw.body, limit);
}

function readIncoming(incoming: Readable, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else reject(tooLarge(limit, 'before'));
    });
    incoming.on('end', () => resolve(Buffer.concat(chunks, size)));
    incoming.on('error', (error) => reject(disconnected(error)));
    incoming.on('close', () => reject(disconnected()));
    if (incoming.destroyed) reject(disconnected());
  });
}

async function readWebStream(
  stream: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream ?? []) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit, 'before');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

const gunzipOnPool = promisify(gunzip);

/** Stops at the limit while inflating, whatever the sender claims the size to be. */
async function inflate(body: Buffer, limit: number): Promise<Buffer> {
  try {
    return await gunzipOnPool(body, {
      maxOutputLength: limit,
      chunkSize: chunkSizeFor(body, limit),
    });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(limit, 'after');
    throw new Refusal('malformed', 'The body is not valid gzip.', { cause: error });
  }
}

/** gzip ends with the size of what it holds, modulo 2^32: a hint that saves copies, never a promise. */
function chunkSizeFor(body: Buffer, limit: number): number {
  const claimed = body.length >= 4 ? body.readUInt32LE(body.length - 4) : 0;
  return Math.min(Math.max(claimed, 16 * 1024), 4 * 1024 * 1024, Math.max(limit, 64));
}

function tooLarge(limit: number, when: 'before' | 'after'): Refusal {
  return new Refusal(
    'too_large',
    `The body is larger than ${limit} bytes ${when} inflating: send smaller batches.`,
  );
}

function disconnected(cause?: unknown): Refusal {
  return new Refusal('disconnected', 'The connection ended before the body did.', { cause });
}
