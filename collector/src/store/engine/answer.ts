/** The HTTP answer to one statement: headers, compression, back-pressure, and an error in the right place at any moment. */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import zlib from 'node:zlib';
import { type EngineFailure, toBrokenAnswer } from './engine-errors.ts';

export type Answer = {
  /** A whole result at once. */
  readonly send: (bytes: Uint8Array, summary: Readonly<Record<string, string>>) => Promise<void>;
  /** A piece of a result; resolves when the client has room for the next one. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  readonly end: () => Promise<void>;
  /** Instead of an answer, or at the end of one that had begun. */
  readonly fail: (failure: EngineFailure) => void;
};

const noSummary = {
  read_rows: '0',
  read_bytes: '0',
  written_rows: '0',
  written_bytes: '0',
  total_rows_to_read: '0',
  result_rows: '0',
  result_bytes: '0',
  elapsed_ns: '0',
};

export function createAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  search: URLSearchParams,
): Answer {
  const encoding = chooseEncoding(request, search);
  const encoder = createEncoder(encoding);
  const tag = randomBytes(8).toString('hex');
  let out: Writable | null = null;

  // Of a client that left; its query is cancelled when the connection closes.
  response.on('error', () => undefined);
  response.setHeader('X-ClickHouse-Query-Id', toHeaderValue(search.get('query_id')));
  response.setHeader('X-ClickHouse-Timezone', 'UTC');
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');

  const begin = (): Writable => {
    response.setHeader('X-ClickHouse-Exception-Tag', tag);
    if (encoder !== null) {
      response.setHeader('Content-Encoding', encoding);
      encoder.on('data', (bytes: Buffer) => response.write(bytes));
      encoder.once('end', () => response.end());
    }
    response.writeHead(200);
    return encoder ?? response;
  };
  const write = async (bytes: Uint8Array): Promise<void> => {
    out ??= begin();
    const hasRoom = out.write(bytes);
    if (!hasRoom && out === encoder) await waitForRoom(encoder, response);
    if (response.writableNeedDrain) await waitForRoom(response, response);
    if (response.destroyed) throw new Error('The client closed the connection');
  };
  const end = async (): Promise<void> => {
    (out ?? begin()).end();
  };
  /** Whoever does not look for the message must not take what came for the whole: the end of the answer stays away. */
  const breakOff = (message: string): void => {
    if (encoder === null) response.write(message, () => response.destroy());
    else {
      encoder.write(message);
      encoder.flush(() => response.end());
    }
  };
  return {
    write,
    end,
    send: async (bytes, summary) => {
      response.setHeader('X-ClickHouse-Summary', JSON.stringify({ ...noSummary, ...summary }));
      if (bytes.length > 0) await write(bytes);
      await end();
    },
    fail: (failure) => {
      if (out !== null) {
        breakOff(toBrokenAnswer(failure, tag));
        return;
      }
      response.removeHeader('X-ClickHouse-Summary');
      response.setHeader('X-ClickHouse-Exception-Code', String(failure.code));
      response.writeHead(failure.status);
      response.end(failure.text);
    },
  };
}

type Encoding = 'identity' | 'gzip' | 'zstd';

function chooseEncoding(request: IncomingMessage, search: URLSearchParams): Encoding {
  if (search.get('enable_http_compression') !== '1') return 'identity';
  const accepted = String(request.headers['accept-encoding'] ?? '');
  if (/\bgzip\b/.test(accepted)) return 'gzip';
  return /\bzstd\b/.test(accepted) ? 'zstd' : 'identity';
}

function createEncoder(encoding: Encoding): zlib.Gzip | zlib.ZstdCompress | null {
  if (encoding === 'identity') return null;
  return encoding === 'gzip' ? zlib.createGzip({ level: 1 }) : zlib.createZstdCompress();
}

/** A client that left never makes room. */
async function waitForRoom(stream: Writable, response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  const left = new AbortController();
  const { signal } = left;
  try {
    await Promise.race([once(stream, 'drain', { signal }), once(response, 'close', { signal })]);
  } finally {
    left.abort();
  }
}

/** Echoed as sent, unless it could not be a header. */
function toHeaderValue(queryId: string | null): string {
  return queryId !== null && /^[\x21-\x7e]{1,256}$/.test(queryId) ? queryId : randomUUID();
}
