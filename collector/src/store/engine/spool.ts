/**
 * Request bodies on their way into the engine. Rows never travel inside a statement: the engine ends inline data at a
 * blank line and runs what follows as SQL. They go through a file, which is binary-safe and the fastest way in.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, symlink } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join, resolve } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { RefusedError } from './engine-errors.ts';

export type Spool = {
  /** Writes prefix and body to a new file, calls `use` with its name as the engine wants it, removes it. */
  readonly withFile: <T>(
    content: { readonly prefix: string; readonly body: Readable; readonly signal: AbortSignal },
    use: (file: { readonly name: string; readonly bytes: number }) => Promise<T>,
  ) => Promise<T>;
};

/** Statements themselves are held in memory; ClickHouse's own default for them is 256 KiB. */
const statementLimitBytes = 64 * 1024 * 1024;

/**
 * `alias` is made to lead to `folder`, and is the only name the engine is given: it reads `*`, `?` and `{` in a path as
 * patterns, and an operator's data directory may have them in its name.
 */
export async function openSpool(folder: string, alias: string): Promise<Spool> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rm(alias, { force: true });
  await symlink(resolve(folder), alias);
  // Left by an engine that was killed: their senders never got an answer.
  for (const name of await readdir(folder)) await rm(join(folder, name), { force: true });
  let count = 0;
  return {
    withFile: async ({ prefix, body, signal }, use) => {
      const name = join(alias, String(count++));
      try {
        const file = createWriteStream(name, { flags: 'wx', mode: 0o600 });
        if (prefix !== '') file.write(prefix);
        await pipeline(body, file, { signal });
        return await use({ name, bytes: file.bytesWritten });
      } finally {
        await rm(name, { force: true });
      }
    },
  };
}

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: () => zlib.createGunzip(),
  deflate: () => zlib.createInflate(),
  br: () => zlib.createBrotliDecompress(),
  zstd: () => zlib.createZstdDecompress(),
};

export function readBody(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return request;
  const decoder = decoders[encoding]?.();
  if (decoder === undefined) {
    throw new RefusedError(
      374,
      'UNKNOWN_COMPRESSION_METHOD',
      `Content-Encoding ${encoding} is not understood`,
    );
  }
  // Whoever reads it gets the error too; but a statement may be refused before anyone does.
  decoder.on('error', () => undefined);
  request.on('error', (error) => decoder.destroy(error));
  request.on('close', () => {
    if (!request.complete) decoder.destroy(new Error('The request was cut off'));
  });
  return request.pipe(decoder);
}

export async function readBytes(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > statementLimitBytes) {
      throw new RefusedError(
        62,
        'SYNTAX_ERROR',
        `The statement is longer than ${statementLimitBytes} bytes; send rows with the statement in the URL`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
