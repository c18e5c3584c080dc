import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One answer of a provider: a status and JSON, or the events of a stream. */
export type Reply =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly json: unknown }
  | { readonly events: readonly string[] };

export type FakeProvider = { readonly url: string; stop(): void };

/** A provider of models on a port of this machine: it plays its replies one after the other and takes 20 ms for each. */
export async function startFakeProvider(replies: readonly Reply[]): Promise<FakeProvider> {
  let next = 0;
  const server = createServer(async (request, response) => {
    request.resume();
    const reply = replies[next++];
    if (reply === undefined)
      throw new Error(`request ${next} came, there are ${replies.length} replies`);
    await sleep(20);
    if ('json' in reply) {
      const headers = { 'content-type': 'application/json', ...reply.headers };
      response.writeHead(reply.status ?? 200, headers).end(JSON.stringify(reply.json));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of reply.events) {
      response.write(event);
      await sleep(5);
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}
