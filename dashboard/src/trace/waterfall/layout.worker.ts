/** Fetches, parses and lays out traces beside the page, and hands the arrays over without a copy. */
import type { TraceSkeleton } from 'orchescope/contract';
import type { LayoutFailure, LayoutReply, LayoutRequest } from './layout/layout-reply.ts';
import { layoutTrace } from './layout/layout-trace.ts';
import type { LoadedTrace } from './layout/trace-layout.ts';

const running = new Map<number, AbortController>();

addEventListener('message', ({ data }: MessageEvent<LayoutRequest>) => {
  if (data.type === 'abort') running.get(data.id)?.abort();
  else void load(data.id, data.url);
});

async function load(id: number, url: string): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const skeleton = await fetchSkeleton(url, controller.signal);
    if ('failure' in skeleton) reply({ type: 'failure', id, failure: skeleton.failure });
    else send(id, layoutTrace(skeleton, Date.now()));
  } catch (error) {
    const message = `The trace could not be read: ${error instanceof Error ? error.message : String(error)}`;
    reply({ type: 'failure', id, failure: { status: 0, code: 'unreachable', message } });
  } finally {
    running.delete(id);
  }
}

async function fetchSkeleton(
  url: string,
  signal: AbortSignal,
): Promise<TraceSkeleton | { readonly failure: LayoutFailure }> {
  const response = await fetch(url, { signal, headers: { accept: 'application/json' } });
  if (response.ok) return (await response.json()) as TraceSkeleton;
  return { failure: { status: response.status, ...readError(await response.text(), response) } };
}

function readError(body: string, response: Response): { code: string; message: string } {
  try {
    const { error } = JSON.parse(body) as { error: { code: string; message: string } };
    return { code: error.code, message: error.message };
  } catch {
    const message = `The server answered ${response.status} ${response.statusText}.`;
    return { code: 'internal', message };
  }
}

function send(id: number, trace: LoadedTrace): void {
  reply({ type: 'trace', id, trace }, buffersOf(trace.layout));
}

function reply(message: LayoutReply, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}

/** Every typed array of the layout, however deep, each buffer once. */
function buffersOf(part: object): ArrayBuffer[] {
  const buffers = Object.values(part).flatMap((value: unknown) => {
    if (ArrayBuffer.isView(value)) return [value.buffer as ArrayBuffer];
    return typeof value === 'object' && value !== null ? buffersOf(value) : [];
  });
  return [...new Set(buffers)];
}
