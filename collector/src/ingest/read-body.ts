/** The bytes of a request, inflated, within the limits. */
import { Readable } from 'node:stream';
import type { Context } from 'hono';
import type { BodyShare } from './body-budget.ts';
import { inflateBody, type ContentEncoding } from './inflate.ts';
import type { IngestLimits } from './limits.ts';
import { Refusal } from './refusal.ts';
import { releaseBytes } from './release-bytes.ts';
import { tooLarge } from './too-large.ts';

export type ReadBody = {
  /** Memory of its own: whoever takes it may release it. */
  readonly body: Buffer;
  /** As it came over the wire. */
  readonly wireBytes: number;
};

/** @throws Refusal */
export async function readBody(
  c: Context,
  limits: Pick<IngestLimits, 'compressedBytes' | 'inflatedBytes'>,
  share: BodyShare,
): Promise<ReadBody> {
  const encoding = readContentEncoding(c.req.header('content-encoding'));
  const limit = Math.min(limits.compressedBytes, limits.inflatedBytes);
  if (Number(c.req.header('content-length') ?? 0) > limit) throw tooLarge(limit, 'before');
  const sent = await readBytes(c, limit, share);
  const wireBytes = sent.length;
  if (encoding === 'identity') return { body: sent, wireBytes };
  const body = await inflateBody(sent, encoding, limits.inflatedBytes, share);
  releaseBytes(sent);
  return { body, wireBytes };
}

function readContentEncoding(header: string | undefined): ContentEncoding {
  const encoding = header?.trim().toLowerCase() ?? '';
  if (encoding === 'x-gzip') return 'gzip';
  if (encoding === '' || encoding === 'identity') return 'identity';
  if (encoding === 'gzip' || encoding === 'zstd' || encoding === 'deflate') return encoding;
  throw new Refusal(
    'content_encoding',
    `Content-Encoding ${JSON.stringify(encoding.slice(0, 40))} is not understood: send gzip, zstd, deflate or none.`,
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
    incoming.on('end', () => {
      resolve(Buffer.concat(chunks, size));
      // Node made them for us alone.
      for (const chunk of chunks) releaseBytes(chunk);
    });
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

function disconnected(cause?: unknown): Refusal {
  return new Refusal('disconnected', 'The connection ended before the body did.', { cause });
}
