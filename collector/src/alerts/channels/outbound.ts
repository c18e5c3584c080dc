/**
 * The one way out over HTTP. Only https and http; every address is checked before it is connected to, and the
 * connection goes to the checked address, whatever the name means a moment later. Redirects are not followed.
 */
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { AllowList } from './allow-list.ts';
import { readRetryAfterMs } from './retry-after.ts';
import {
  checkTarget,
  httpPorts,
  OutboundFailed,
  OutboundRefused,
  type CheckedTarget,
  type Resolve,
} from './target.ts';

export type PostOptions = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  readonly signal: AbortSignal;
  readonly allow: AllowList;
  /** Of everything: the name, the connection, the answer. */
  readonly timeoutMs?: number;
  /** What a date in Retry-After is held against. */
  readonly nowMs: number;
  readonly resolve?: Resolve | undefined;
};

export type PostAnswer = {
  readonly status: number;
  readonly retryAfterMs: number | null;
  /** Read so that the peer can finish. Never shown: it may be the page of a server that only we can reach. */
  readonly bodyStart: string;
};

export const outboundTimeoutMs = 15_000;
const maxReplyBytes = 64 * 1024;
const maxReplyMs = 1_000;

/** @throws {OutboundRefused | OutboundFailed} with a sentence that names the host, never the path: it may be a secret */
export async function post(target: string, options: PostOptions): Promise<PostAnswer> {
  return send('POST', target, options);
}

/** The same with another method. */
export async function send(
  method: 'POST' | 'PUT' | 'HEAD',
  target: string,
  options: PostOptions,
): Promise<PostAnswer> {
  const url = readTarget(target);
  const timeoutMs = options.timeoutMs ?? outboundTimeoutMs;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([options.signal, timeout]);
  try {
    const guard = { allow: options.allow, usualPorts: httpPorts, resolve: options.resolve };
    const checked = await orAborted(checkTarget(url.hostname, portOf(url), guard), signal);
    return await exchange(method, url, checked, options, signal);
  } catch (error) {
    if (error instanceof OutboundRefused || error instanceof OutboundFailed) throw error;
    throw new OutboundFailed(describe(url, error, timeout.aborted, timeoutMs), { cause: error });
  }
}

/** @throws {OutboundRefused} */
export function readTarget(target: string): URL {
  const url = URL.parse(target);
  if (url === null) {
    throw new OutboundRefused('The address is not a URL. Write it as https://host/path.');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new OutboundRefused(`Messages go out over https or http, not ${url.protocol}//.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new OutboundRefused(
      'The address has a user name or a password in it. Remove them; the signature tells who sends.',
    );
  }
  return url;
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

function exchange(
  method: string,
  url: URL,
  target: CheckedTarget,
  { headers, body, nowMs }: PostOptions,
  signal: AbortSignal,
): Promise<PostAnswer> {
  const options: RequestOptions & { readonly servername?: string } = {
    method,
    host: target.host,
    port: target.port,
    path: `${url.pathname}${url.search}`,
    headers: {
      ...headers,
      host: url.host,
      'content-length': Buffer.byteLength(body),
      'user-agent': 'orchescope',
    },
    lookup: pinTo(target),
    // No connection is kept: the next message checks anew.
    agent: false,
    signal,
    ...(isIP(target.host) > 0 ? {} : { servername: target.host }),
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const outgoing = send(options, (reply) => {
      const status = reply.statusCode ?? 0;
      const retryAfterMs = readRetryAfterMs(reply.headers['retry-after'], nowMs);
      outgoing.off('error', reject).on('error', () => reply.destroy());
      readStart(reply).then((bodyStart) => resolve({ status, retryAfterMs, bodyStart }), reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Node asks for all addresses when it tries them in turn, and for one otherwise. */
function pinTo({ addresses }: CheckedTarget): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    if (options.all === true) callback(null, all);
    else callback(null, addresses[0], isIP(addresses[0]));
  };
}

/** The status is the answer: a body that breaks off, or does not end in time, takes nothing back. */
function readStart(reply: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => reply.destroy(), maxReplyMs);
  return new Promise((resolve) => {
    reply.on('data', (chunk: Buffer) => {
      chunks.push(chunk.subarray(0, Math.max(0, maxReplyBytes - size)));
      size += chunk.length;
      if (size >= maxReplyBytes) reply.destroy();
    });
    reply.on('error', () => reply.destroy());
    reply.on('close', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
}

/** A look-up cannot be cancelled, but nobody has to wait for it. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(toError(signal.reason));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

function describe(url: URL, error: unknown, isLate: boolean, timeoutMs: number): string {
  if (isLate) return `${url.host} did not answer within ${timeoutMs / 1000} s.`;
  return `${url.host} could not be reached: ${describeCode(error)}.`;
}

const codes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it closed the connection',
  EPIPE: 'it closed the connection',
  ETIMEDOUT: 'it did not answer',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ABORT_ERR: 'sending was stopped',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};
const untrusted =
  'its certificate cannot be trusted; if its authority is your own, start with NODE_EXTRA_CA_CERTS';

/** The code alone: messages of Node name addresses that whoever reads this may not know. */
export function describeCode(error: unknown): string {
  const code = readCode(error);
  const known = codes[code];
  if (known !== undefined) return known;
  if (/CERT|SIGNATURE|ISSUER/.test(code)) return untrusted;
  if (code.startsWith('HPE_') || code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    return 'it does not speak the protocol of the address';
  }
  return code === '' ? 'the connection failed' : `the connection failed (${code})`;
}

/** nodemailer puts a code of its own over that of the system, and keeps it. */
function readCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('originalCode' in error) return String(error.originalCode);
  return 'code' in error ? String(error.code) : '';
}
