/** Answers of work that takes long: a line of JSON at a time, until it is done, or whoever asked has left. */
import type { Context } from 'hono';
import { stream } from 'hono/streaming';

export type LineWork<Line> = {
  /** The work. It ends with an error when the signal is aborted. */
  readonly lines: (signal: AbortSignal) => AsyncIterable<Line>;
  /** Aborted when the server is asked to stop. */
  readonly stopping: AbortSignal;
  /** The last line, when the work failed. */
  readonly toErrorLine: (error: unknown) => Line;
  readonly whenOver: () => void;
};

export function streamLines<Line>(c: Context, work: LineWork<Line>): Response {
  c.header('content-type', 'application/x-ndjson');
  // Proxies would gather lines until a buffer is full.
  c.header('X-Accel-Buffering', 'no');
  const left = new AbortController();
  const signal = AbortSignal.any([left.signal, work.stopping]);
  return stream(c, async (out) => {
    out.onAbort(() => left.abort());
    const send = async (line: Line): Promise<void> => {
      await out.write(`${JSON.stringify(line)}\n`);
    };
    try {
      for await (const line of work.lines(signal)) await send(line);
    } catch (error) {
      if (!left.signal.aborted) await send(work.toErrorLine(error));
    } finally {
      work.whenOver();
    }
  });
}
