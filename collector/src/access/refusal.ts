/** How a request is turned away outside the routes, in the form its caller reads. */
import type { Context } from 'hono';
import type { ApiError, ErrorCode } from '../contract.ts';

/** gRPC status codes of what can happen outside the routes. */
const grpcCodes = { 401: 16, 403: 7, 404: 5, 500: 13 } as const;

/** OTLP senders read a google.rpc.Status in the encoding they sent; everybody else reads an API error. */
export function refuse(
  c: Context,
  status: keyof typeof grpcCodes,
  code: ErrorCode,
  message: string,
): Response {
  // What is posted elsewhere is OTLP that missed its path: the API and the dashboard are only read.
  const { path, method } = c.req;
  const isOtlp = path.startsWith('/v1') || (method === 'POST' && !path.startsWith('/api'));
  if (isOtlp && (c.req.header('content-type') ?? '').startsWith('application/x-protobuf')) {
    return c.body(toStatusMessage(grpcCodes[status], message), status, {
      'content-type': 'application/x-protobuf',
    });
  }
  if (isOtlp) return c.json({ code: grpcCodes[status], message }, status);
  const body: ApiError = { error: { code, message } };
  return c.json(body, status);
}

/** google.rpc.Status: field 1 = code (varint), field 2 = message (string, here under 16 KiB). */
function toStatusMessage(code: number, message: string): Uint8Array<ArrayBuffer> {
  const text = Buffer.from(message, 'utf8');
  const length =
    text.length < 128 ? [text.length] : [(text.length & 0x7f) | 0x80, text.length >>> 7];
  return Uint8Array.from([0x08, code, 0x12, ...length, ...text]);
}
