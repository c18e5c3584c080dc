import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One answer: JSON, events, or a connection that does as it likes. */
export type Reply =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly json: unknown }
  | { readonly events: readonly string[]; readonly ending?: 'end' | 'hang' | 'break' }
  | { readonly hang: true };

export type ModelServer = {
  readonly url: string;
  /** Paths and bodies as they came. */
  readonly requests: readonly { readonly path: string; readonly body: string }[];
  /** The answers to come, one a request, in this order. */
  readonly reply: (...replies: readonly Reply[]) => void;
  readonly close: () => Promise<void>;
};

/** Stands for a provider of models: answers what it was told, over real HTTP. */
export const startModelServer = async (): Promise<ModelServer> => {
  const requests: { path: string; body: string }[] = [];
  const replies: Reply[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    requests.push({ path: request.url ?? '', body: await text(request) });
    send(response, replies.shift() ?? { status: 500, json: { error: { message: 'no reply' } } });
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  const close = (): Promise<void> => {
    const closed = Promise.withResolvers<void>();
    server.close(() => closed.resolve());
    server.closeAllConnections();
    return closed.promise;
  };
  const { port } = server.address() as AddressInfo;
  const reply = (...more: readonly Reply[]): void => {
    replies.splice(0, replies.length, ...more);
  };
  return { url: `http://127.0.0.1:${port}`, requests, reply, close };
};

const send = (response: ServerResponse, reply: Reply): void => {
  if ('hang' in reply) return;
  if ('json' in reply) {
    response.writeHead(reply.status ?? 200, {
      'content-type': 'application/json',
      'x-request-id': 'req_1',
      ...reply.headers,
    });
    response.end(JSON.stringify(reply.json));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req_1' });
  for (const event of reply.events) response.write(event);
  if (reply.ending === 'break') setImmediate(() => response.destroy());
  else if (reply.ending !== 'hang') response.end();
};

/** Server-sent events of these objects. */
export const dataEvents = (...bodies: readonly unknown[]): string[] =>
  bodies.map((body) => `data: ${typeof body === 'string' ? body : JSON.stringify(body)}\n\n`);

/** The same with the name of each event, its `type`. */
export const namedEvents = (...bodies: readonly { readonly type: string }[]): string[] =>
  bodies.map((body) => `event: ${body.type}\ndata: ${JSON.stringify(body)}\n\n`);
