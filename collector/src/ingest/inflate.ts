/**
 * A body inflated in one go on the thread pool: less work than through a stream, and the event loop stays free. What
 * it will hold is reserved first, by what the body says of itself, and inflating stops there: a body that said too
 * little is done again with all that is allowed reserved.
 */
import {
  constants,
  gunzip,
  inflate,
  inflateRaw,
  zstdDecompress,
  type ZlibOptions,
  type ZstdOptions,
} from 'node:zlib';
import type { BodyShare } from './body-budget.ts';
import { Refusal } from './refusal.ts';
import { tooLarge } from './too-large.ts';

export type ContentEncoding = 'identity' | 'gzip' | 'deflate' | 'zstd';
type Compressed = Exclude<ContentEncoding, 'identity'>;

/** The most that one byte of deflate can stand for. */
const maxDeflateRatio = 1032;
/** What text like ours becomes when nothing tells. */
const guessedRatio = 8;
/** Nobody should make us hold more than 8 MiB to look back at; levels up to 19 never ask for more. */
const maxZstdWindowLog = 23;
const minChunkBytes = 16 * 1024;
const maxChunkBytes = 8 * 1024 * 1024;

/** @throws Refusal when it is larger than the limit, when all bodies hold too much, or when it cannot be read */
export async function inflateBody(
  body: Buffer,
  encoding: Compressed,
  limit: number,
  share: BodyShare,
): Promise<Buffer> {
  const expected = expectBytes(body, encoding);
  // The decoders hold a body to what it says, so this one is too large or not valid: no need to find out which.
  if (expected.isTold && expected.bytes > limit) throw tooLarge(limit, 'after');
  let reserved = Math.min(expected.bytes, limit);
  share.take(reserved);
  let inflated = await inflateUpTo(body, encoding, reserved);
  if (inflated === null && reserved < limit) {
    share.take(limit - reserved);
    reserved = limit;
    inflated = await inflateUpTo(body, encoding, limit);
  }
  if (inflated === null) throw tooLarge(limit, 'after');
  share.giveUp(reserved - inflated.length);
  return inflated;
}

/** Null when there is more. */
async function inflateUpTo(
  body: Buffer,
  encoding: Compressed,
  limit: number,
): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let [read, size] = [0, 0];
  for (;;) {
    const part = await inflateOne(body.subarray(read), encoding, limit - size);
    if (part === null) return null;
    parts.push(part.buffer);
    size += part.buffer.length;
    read += part.readBytes;
    // gunzip reads all members; the zstd of Node stops after one frame and says nothing of the others.
    if (encoding !== 'zstd' || read >= body.length) break;
  }
  return parts.length === 1 ? (parts[0] ?? null) : Buffer.concat(parts, size);
}

type Inflated = { readonly buffer: Buffer; readonly readBytes: number };

function inflateOne(body: Buffer, encoding: Compressed, limit: number): Promise<Inflated | null> {
  // One more than it holds: a chunk that is full to the brim makes zlib allocate another of the same size, for nothing.
  const chunkSize = Math.min(Math.max(limit + 1, minChunkBytes), maxChunkBytes);
  const options = { chunkSize, maxOutputLength: Math.max(limit, 1), info: true };
  return new Promise((resolve, reject) => {
    run(body, encoding, options, (error, result) => {
      if (error === null) {
        // Typed as the bytes alone, but `info` asks for this.
        const { buffer, engine } = result as unknown as InflatedInfo;
        resolve({ buffer, readBytes: engine.bytesWritten });
      } else if ('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') resolve(null);
      else {
        const message = `The body is not valid ${encoding}.`;
        reject(new Refusal('malformed', message, { cause: error }));
      }
    });
  });
}

type InflatedInfo = {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
};

function run(
  body: Buffer,
  encoding: Compressed,
  options: ZlibOptions & ZstdOptions,
  done: (error: Error | null, inflated: Buffer) => void,
): void {
  if (encoding === 'gzip') gunzip(body, options, done);
  else if (encoding === 'deflate' && hasZlibHeader(body)) inflate(body, options, done);
  else if (encoding === 'deflate') inflateRaw(body, options, done);
  else {
    const params = { [constants.ZSTD_d_windowLogMax]: maxZstdWindowLog };
    zstdDecompress(body, { ...options, params }, done);
  }
}

/** HTTP's `deflate` is zlib, but some senders leave its header out. */
function hasZlibHeader(body: Buffer): boolean {
  return body.length >= 2 && ((body[0] ?? 0) & 15) === 8 && body.readUInt16BE(0) % 31 === 0;
}

/** What the sender says of at least a part of it, where that can be; else a guess. */
function expectBytes(body: Buffer, encoding: Compressed): { bytes: number; isTold: boolean } {
  const guess = { bytes: body.length * guessedRatio, isTold: false };
  if (encoding === 'deflate') return guess;
  const bytes = encoding === 'zstd' ? readZstdSize(body) : readGzipSize(body);
  return bytes === null ? guess : { bytes, isTold: true };
}

/** Of the last member, modulo 2^32; null when it cannot be. */
function readGzipSize(body: Buffer): number | null {
  if (body.length < 4) return null;
  const bytes = body.readUInt32LE(body.length - 4);
  return bytes <= body.length * maxDeflateRatio ? bytes : null;
}

/** Of the first frame, when its header tells. */
function readZstdSize(body: Buffer): number | null {
  const descriptor = body[4];
  if (descriptor === undefined || body.readUInt32LE(0) !== 0xfd2fb528) return null;
  const isSingleSegment = (descriptor & 32) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const at = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  if (sizeBytes === 0 || body.length < at + sizeBytes) return null;
  if (sizeBytes === 8) return Number(body.readBigUInt64LE(at));
  return body.readUIntLE(at, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
}
