import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { fromProtobuf, logsRequest, traceRequest } from './from-protobuf.ts';

export type Recorded = {
  readonly traces: unknown[];
  readonly logs: unknown[];
  /** Of `/v1/traces`, as they came. */
  readonly bodies: { readonly isGzip: boolean; readonly bytes: Buffer }[];
};

/** Takes traces and logs in either encoding; what else is sent is answered and forgotten. */
export async function startRecorder() {
  const recorded: Recorded = { traces: [], logs: [], bodies: [] };
  const server = createServer(async (request, response) => {
    const bytes = await buffer(request);
    const isJson = request.headers['content-type'] === 'application/json';
    const isGzip = request.headers['content-encoding'] === 'gzip';
    const body = isGzip ? gunzipSync(bytes) : bytes;
    if (request.url === '/v1/traces') {
      recorded.bodies.push({ isGzip, bytes });
      const sent = isJson ? JSON.parse(body.toString()) : fromProtobuf(body, traceRequest);
      recorded.traces.push(...(sent.resourceSpans ?? []));
    }
    if (request.url === '/v1/logs') {
      const sent = isJson ? JSON.parse(body.toString()) : fromProtobuf(body, logsRequest);
      recorded.logs.push(...(sent.resourceLogs ?? []));
    }
    response.setHeader('content-type', isJson ? 'application/json' : 'application/x-protobuf');
    response.end(isJson ? '{}' : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    return recorded;
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}
