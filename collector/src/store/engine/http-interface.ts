/** ClickHouse's HTTP interface over the embedded engine: as much of it as @clickhouse/client uses, answered as a server would. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createAnswer } from './answer.ts';
import { RefusedError, toEngineFailure } from './engine-errors.ts';
import { readRequest } from './read-request.ts';
import { runStatement } from './run-statement.ts';
import type { SessionPool } from './session-pool.ts';
import type { Spool } from './spool.ts';

export type HttpInterfaceOptions = {
  readonly sessions: SessionPool;
  readonly spool: Spool;
  readonly username: string;
  readonly password: string;
};

/** Long parameters travel in the URL. */
const headerLimitBytes = 1024 * 1024;
/** Longer than the client keeps an idle connection, so that it never writes to one we are closing. */
const keepAliveMs = 30_000;

export function createHttpInterface(options: HttpInterfaceOptions): Server {
  const isAllowed = createAuthenticator(options);
  const server = createServer({ maxHeaderSize: headerLimitBytes, requestTimeout: 0 });
  server.keepAliveTimeout = keepAliveMs;
  server.on('request', (request, response) => {
    void handle(request, response, options, isAllowed);
  });
  return server;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  { sessions, spool }: HttpInterfaceOptions,
  isAllowed: (request: IncomingMessage) => boolean,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://engine');
  if (url.pathname === '/ping') {
    response.end('Ok.\n');
    return;
  }
  const gone = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) gone.abort(new Error('The client closed the connection'));
  });
  const answer = createAnswer(request, response, url.searchParams);
  try {
    if (!isAllowed(request)) {
      throw new RefusedError(
        516,
        'AUTHENTICATION_FAILED',
        'Authentication failed: wrong user or password',
      );
    }
    const query = await readRequest(request, url.searchParams);
    await runStatement({ query, sessions, spool, answer, signal: gone.signal });
  } catch (error) {
    answer.fail(toEngineFailure(error, sessions.version));
  } finally {
    // What nobody read would be taken for the next request on this connection.
    request.unpipe();
    request.resume();
  }
}

/** Compares digests, so that neither the text nor its length shows in the time it takes. */
function createAuthenticator({ username, password }: HttpInterfaceOptions) {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
  return (request: IncomingMessage): boolean =>
    timingSafeEqual(digest(request.headers.authorization ?? ''), expected);
}
