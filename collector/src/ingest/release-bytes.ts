import { isMarkedAsUntransferable } from 'node:worker_threads';

/** Smaller ones may share their memory with others, and cost the collector little. */
const minBytes = 32 * 1024;

/**
 * Gives the memory of a body back at once, by moving it away from its buffer: left to the garbage collector, bodies of
 * megabytes beside a small heap make it mark that heap a dozen times a second. The buffer is empty afterwards, so
 * whoever still looks at it reads nothing, never the bytes of another request.
 * @param bytes memory of their own, which nobody else refers to
 */
export function releaseBytes(bytes: Buffer): void {
  const { buffer } = bytes;
  if (bytes.length < minBytes || !(buffer instanceof ArrayBuffer)) return;
  // The memory that Node cuts small buffers from.
  if (!isMarkedAsUntransferable(buffer)) buffer.transfer(0);
}
