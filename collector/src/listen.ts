/** The HTTP server of Node under the app: how long a peer may take, and what it means when it stops talking. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { serve } from '@hono/node-server';
import type { Config } from './config.ts';

/** The address is taken or not ours to take: one sentence for the operator. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Headers are small: who needs longer for them only holds a socket. */
const maxHeadersMs = 10_000;
const maxCheckMs = 5_000;
/** Longer than the minute between two exports of metrics, so that their connection stays. */
const keepAliveMs = 75_000;

/** Resolves when it listens. @throws ListenError */
export function listen(
  fetch: Parameters<typeof serve>[0]['fetch'],
  { host, port, requestTimeoutMs }: Pick<Config, 'host' | 'port' | 'requestTimeoutMs'>,
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({
      fetch,
      hostname: host,
      port,
      serverOptions: {
        headersTimeout: Math.min(requestTimeoutMs, maxHeadersMs),
        requestTimeout: requestTimeoutMs,
        keepAliveTimeout: keepAliveMs,
        connectionsCheckingInterval: Math.min(requestTimeoutMs, maxCheckMs),
      },
    }) as Server;
    answerThoseWhoStoppedTalking(server);
    server.once('listening', () => resolve(server));
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'another program is using it' : cause.message;
      reject(
        new ListenError(
          `Cannot listen on ${host}:${port}: ${why}. Set ORCHESCOPE_PORT to another port.`,
          { cause },
        ),
      );
    });
  });
}

/**
 * A sender may close its half of the connection once its request is out, and still wants the answer: Node drops it
 * unless told otherwise. A reader that closes has left: its queries are to be cancelled, and only a closed connection
 * tells that.
 */
function answerThoseWhoStoppedTalking(server: Server): void {
  // Known to Node since its first versions and left out of its types.
  (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (incoming.method === 'POST' && incoming.url?.startsWith('/v1/') === true) return;
    const { socket } = incoming;
    const leave = (): void => {
      socket.destroy();
    };
    socket.once('end', leave);
    outgoing.once('close', () => socket.off('end', leave));
  });
}
