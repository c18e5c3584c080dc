import { safely } from '../safely.ts';
import { isTracedByAiSdk } from './ai-sdk.ts';
import { isInsideCall, isInsideInference, observeCall, type GenaiCall } from './genai-call.ts';
import { findApi } from './genai-endpoints.ts';
import { observeInside } from './genai-inside.ts';
import { isTracedByLangchain } from './langchain-current.ts';
import { currentModelCall } from './openai-agents-current.ts';

/** `fetch`, as model clients take it. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export interface GenaiFetchOptions {
  /** What sends the requests. Default: the global `fetch`. */
  readonly fetch?: Fetch;
  /** Who answers, where the address does not tell: behind a gateway, for example. */
  readonly provider?: string;
}

/**
 * A `fetch` that makes a span of every request to a model, and is `fetch` for all others. For clients that take a
 * `fetch` of yours: nothing of them is patched, so all of their methods work as ever.
 *
 * @example
 * const openai = new OpenAI({ fetch: genaiFetch() });
 * const gemini = new GoogleGenAI({ apiKey, httpOptions: { fetch: genaiFetch() } });
 */
export const genaiFetch = ({ fetch, provider }: GenaiFetchOptions = {}): Fetch => {
  const send: Fetch = (input, init) => (fetch ?? globalThis.fetch)(input, init);
  return (input, init) => observeFetch(send, input, init, provider);
};

const observeFetch = (
  send: Fetch,
  input: string | URL | Request,
  init: RequestInit | undefined,
  provider: string | undefined,
): Promise<Response> => {
  const call = safely('reading a request', () => readCall(input, init, provider));
  if (call === undefined) return send(input, init);
  if (!(call instanceof Promise)) return observe(call, () => send(input, init));
  return call.then((read) => observe(read, () => send(input, init)));
};

/** In a span of its own, or as part of the one that a framework has made of the call. */
const observe = (call: GenaiCall, send: () => Promise<Response>): Promise<Response> => {
  const around = call.api.kind === 'llm' ? currentModelCall() : undefined;
  return around ? observeInside(call, around, send) : observeCall(call, send);
};

const readCall = (
  input: string | URL | Request,
  init: RequestInit | undefined,
  provider: string | undefined,
): GenaiCall | Promise<GenaiCall> | undefined => {
  const request = input instanceof Request ? input : undefined;
  if ((init?.method ?? request?.method)?.toUpperCase() !== 'POST') return undefined;
  const found = findApi(request ? request.url : String(input));
  if (!found || isInsideCall()) return undefined;
  const isTold = found.api.kind === 'llm' && currentModelCall() !== undefined;
  if (!isTold && isInsideInference()) return undefined;
  const headers = new Headers(init?.headers ?? request?.headers);
  if (isTracedByAiSdk(headers)) return undefined;
  if (found.api.kind === 'llm' && isTracedByLangchain(headers)) return undefined;
  const toCall = (body: string): GenaiCall => ({ ...found, headers, body, provider });
  if (init?.body !== undefined || !request?.body) return toCall(textOf(init?.body));
  return request
    .clone()
    .text()
    .then(toCall, () => toCall(''));
};

/** A stream or a form is not read: it can be read once only, and that is the server's. */
const textOf = (body: RequestInit['body']): string => {
  if (typeof body === 'string') return body;
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body))
    return new TextDecoder().decode(body);
  return '';
};

/** One set for the process: the ESM and the CommonJS copy know each other's wrapper. */
const wrappedKey: unique symbol = Symbol.for('orchescope.sdk.fetch') as never;

/**
 * Puts the wrapper around the global `fetch`, once. A proxy, so that it keeps its name and whatever hangs on it.
 * False when it is there already.
 */
export const wrapGlobalFetch = (): boolean => {
  const holder = globalThis as { [wrappedKey]?: WeakSet<object> };
  const wrapped = (holder[wrappedKey] ??= new WeakSet());
  const original = globalThis.fetch;
  if (typeof original !== 'function' || wrapped.has(original)) return false;
  const observed = new Proxy(original, {
    apply: (target, self: unknown, args: Parameters<Fetch>) =>
      observeFetch((...sent) => Reflect.apply(target, self, sent), args[0], args[1], undefined),
  });
  wrapped.add(observed);
  globalThis.fetch = observed;
  return true;
};
