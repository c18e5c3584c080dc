/** Traces, fetched and laid out in a worker: the page stays free however long they are. */
// oxlint-disable-next-line import/default -- Vite makes this module: the address of the built worker
import workerUrl from './layout.worker.ts?worker&url';
import type { LayoutFailure, LayoutReply, LayoutRequest } from './layout/layout-reply.ts';
import type { LoadedTrace } from './layout/trace-layout.ts';
import { toTrustedScriptUrl } from './trusted-script-url.ts';

export class TraceLoadError extends Error {
  readonly status: number;
  readonly code: string;

  constructor({ status, code, message }: LayoutFailure) {
    super(message);
    this.name = 'TraceLoadError';
    this.status = status;
    this.code = code;
  }
}

type Waiting = {
  readonly resolve: (trace: LoadedTrace) => void;
  readonly reject: (error: Error) => void;
};
type Unnumbered<Request> = Request extends unknown ? Omit<Request, 'id'> : never;

const waiting = new Map<number, Waiting>();
let worker: Worker | undefined;
let lastId = 0;

const preloaded = new Map<string, Promise<LoadedTrace>>();

/** Asks for a trace before there is anything to draw it; the next `loadTrace` of this address gets it. */
export function preloadTrace(url: string): void {
  const trace = ask({ type: 'load', url: new URL(url, document.baseURI).href });
  // Who takes it hears of a failure; when nobody does, it is no news.
  trace.catch(() => preloaded.delete(url));
  preloaded.set(url, trace);
}

/** Throws `TraceLoadError`, or the signal's reason when it was aborted. */
export function loadTrace(url: string, signal?: AbortSignal): Promise<LoadedTrace> {
  const early = preloaded.get(url);
  if (early !== undefined) {
    preloaded.delete(url);
    return early;
  }
  // A worker knows nothing of the page's base, so the address must be whole.
  return ask({ type: 'load', url: new URL(url, document.baseURI).href }, signal);
}

function ask(request: Unnumbered<LayoutRequest>, signal?: AbortSignal): Promise<LoadedTrace> {
  lastId += 1;
  const id = lastId;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    waiting.set(id, { resolve, reject });
    const abort = (): void => {
      waiting.delete(id);
      post({ type: 'abort', id });
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
    post({ ...request, id });
  });
}

function post(request: LayoutRequest): void {
  worker ??= startWorker();
  worker.postMessage(request);
}

function startWorker(): Worker {
  const started = new Worker(toTrustedScriptUrl(workerUrl), { type: 'module' });
  started.addEventListener('message', ({ data }: MessageEvent<LayoutReply>) => settle(data));
  started.addEventListener('error', () => {
    worker = undefined;
    for (const { reject } of waiting.values()) {
      reject(new Error('The part of the page that draws traces could not start. Reload the page.'));
    }
    waiting.clear();
  });
  return started;
}

function settle(reply: LayoutReply): void {
  const asked = waiting.get(reply.id);
  waiting.delete(reply.id);
  if (reply.type === 'trace') asked?.resolve(reply.trace);
  else asked?.reject(new TraceLoadError(reply.failure));
}
