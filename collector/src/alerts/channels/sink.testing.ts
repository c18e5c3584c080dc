/** A real server on loopback that takes what a channel sends. For tests. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export type SinkRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type SinkAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The body is begun, and never ended. */
  readonly isEndless?: boolean;
};

export type Sink = AsyncDisposable & {
  readonly port: number;
  /** Connections, whether anything was sent over them or not. */
  readonly connections: () => number;
  readonly requests: readonly SinkRequest[];
};

/** @param answer `hang` = never answers; `reset` = closes the connection */
export type Answer = (request: SinkRequest, index: number) => SinkAnswer | 'hang' | 'reset';

export async function startSink(
  answer: Answer = () => ({ status: 200 }),
  options: {
    readonly host?: string;
    readonly port?: number;
    readonly tls?: { readonly key: string; readonly cert: string };
  } = {},
): Promise<Sink> {
  const requests: SinkRequest[] = [];
  let connections = 0;
  const listener: RequestListener = (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, path: url, headers, body: Buffer.concat(chunks).toString('utf8') };
      const given = answer(request, requests.length);
      requests.push(request);
      if (given === 'hang') return;
      if (given === 'reset') incoming.socket.resetAndDestroy();
      else if (given.isEndless) outgoing.writeHead(given.status, given.headers).write('o');
      else outgoing.writeHead(given.status, given.headers).end(given.body ?? 'ok');
    });
  };
  const server =
    options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
