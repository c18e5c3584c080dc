/** Answers that become files: named, never sniffed, never kept, and as fast as whoever asked takes them. */
import type { Context } from 'hono';

export type Attachment = {
  readonly name: string;
  readonly type: string;
  readonly pieces: AsyncGenerator<string | Uint8Array>;
  /** Called once, however it ended. */
  readonly whenOver: () => void;
};

/** Small pieces are sent together. */
const pieceBytes = 64 * 1024;
/** Whoever takes nothing for so long has left, though nobody was told. */
const usualStallMs = 300_000;

/**
 * The first piece is waited for, so that a query that fails has a status of its own. One that fails later breaks the
 * connection off: half a file must not look like a whole one.
 */
export async function attach(
  c: Context,
  { name, type, pieces, whenOver }: Attachment,
  stallMs = usualStallMs,
): Promise<Response> {
  const over = once(whenOver);
  const chunks = gather(pieces);
  const leave = (): void => {
    over();
    // What was being read ends with an error that nobody waits for any more.
    chunks.return(undefined).catch(() => undefined);
  };
  let next: IteratorResult<Uint8Array>;
  try {
    next = await chunks.next();
  } catch (error) {
    over();
    throw error;
  }
  let stalled: NodeJS.Timeout | undefined;
  c.req.raw.signal.addEventListener('abort', leave, { once: true });
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    clearTimeout(stalled);
    try {
      const { value, done } = next;
      if (done === true) {
        over();
        controller.close();
        return;
      }
      next = await chunks.next();
      controller.enqueue(value);
    } catch (error) {
      over();
      breakOff(c);
      controller.error(error);
      return;
    }
    stalled = setTimeout(() => {
      leave();
      breakOff(c);
    }, stallMs).unref();
  };
  const cancel = (): void => {
    clearTimeout(stalled);
    leave();
  };
  return c.body(new ReadableStream<Uint8Array>({ pull, cancel }, { highWaterMark: 0 }), 200, {
    'content-type': type,
    'content-disposition': `attachment; filename="${name}"`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
}

/** The server below would end the answer as if it were whole, with the words of the error at its end. */
function breakOff(c: Context): void {
  const { outgoing } = (c.env ?? {}) as { readonly outgoing?: { readonly destroy: () => void } };
  outgoing?.destroy();
}

/** Of letters, digits, dots and hyphens, whatever the parts are. */
export function toFileName(parts: readonly string[], extension: string): string {
  const safe = parts
    .map((part) => part.replaceAll(/[^A-Za-z0-9.-]+/g, '-').replaceAll(/^[.-]+|[.-]+$/g, ''))
    .filter((part) => part !== '')
    .map((part) => part.slice(0, 60));
  return `${safe.join('_')}.${extension}`;
}

async function* gather(
  pieces: AsyncGenerator<string | Uint8Array>,
): AsyncGenerator<Uint8Array, undefined> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece);
    held.push(bytes);
    size += bytes.length;
    if (size < pieceBytes) continue;
    yield Buffer.concat(held);
    [held, size] = [[], 0];
  }
  if (size > 0) yield Buffer.concat(held);
}

function once(call: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) call();
    isDone = true;
  };
}
