/** The bytes of a request, inflated, within the limits. */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Context } from 'hono';
import type { BodyShare } from './body-budget.ts';
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
export async function readBody(
  c: Context,
  limits: IngestLimits,
  share: BodyShare,
): Promise<Buffer> {
  const isGzip = readContentEncoding(c.req.header('content-encoding'));
  const limit = Math.min(limits.compressedBytes, limits.inflatedBytes);
  if (Number(c.req.header('content-length') ?? 0) > limit) throw tooLarge(limit, 'before');
  const body = await readBytes(c, limit, share);
  return isGzip ? inflate(body, limits.inflatedBytes, share) : body;
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
function readBytes(c: Context, limit: number, share: BodyShare): Promise<Buffer> {
  const env: unknown = c.env;
  const hasIncoming = typeof env === 'object' && env !== null && 'incoming' in env;
  if (hasIncoming && env.incoming instanceof Readable)
    return readIncoming(env.incoming, limit, share);
  return readWebStream(c.req.raw.body, limit, share);
}

function readIncoming(incoming: Readable, limit: number, share: BodyShare): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    // What comes after a refusal is read and forgotten: the sender looks for its answer when it has sent all.
    const keep = (chunk: Buffer): void => {
      try {
        size += chunk.length;
        if (size > limit) throw tooLarge(limit, 'before');
        share.take(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        incoming.off('data', keep).resume();
        chunks.length = 0;
        reject(error);
      }
    };
    incoming.on('data', keep);
    incoming.on('end', () => resolve(Buffer.concat(chunks, size)));
    incoming.on('error', (error) => reject(disconnected(error)));
    incoming.on('close', () => reject(disconnected()));
    if (incoming.destroyed) reject(disconnected());
  });
}

async function readWebStream(
  stream: ReadableStream<Uint8Array> | null,
  limit: number,
  share: BodyShare,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream ?? []) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit, 'before');
    share.take(chunk.length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** Stops at the limit while inflating, whatever the sender claims the size to be. */
async function inflate(body: Buffer, limit: number, share: BodyShare): Promise<Buffer> {
  const gunzip = createGunzip({ chunkSize: chunkSizeFor(body, limit) });
  gunzip.end(body);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit, 'after');
      share.take(chunk.length);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('malformed', 'The body is not valid gzip.', { cause: error });
  }
  return Buffer.concat(chunks, size);
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
