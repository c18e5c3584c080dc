import { expect, test } from 'vitest';
import { releaseBytes } from './release-bytes.ts';

const mebibyte = 1024 * 1024;

test('the memory of a large buffer is free at once, without a garbage collection', () => {
  const bytes = Buffer.alloc(64 * mebibyte, 1);
  const before = process.memoryUsage().arrayBuffers;
  releaseBytes(bytes);
  expect(before - process.memoryUsage().arrayBuffers).toBeGreaterThan(63 * mebibyte);
  expect(bytes).toHaveLength(0);
});

test('a view of it is empty too', () => {
  const bytes = Buffer.alloc(mebibyte, 1);
  const view = bytes.subarray(10, 20);
  releaseBytes(bytes);
  expect(view).toHaveLength(0);
});

test.each([
  ['a small buffer', () => Buffer.alloc(100, 1)],
  ['a buffer that shares its memory with others', () => Buffer.from('a'.repeat(100))],
  ['a large part of the memory that Node cuts small buffers from', sharedPart],
  ['memory that threads share', () => Buffer.from(new SharedArrayBuffer(mebibyte)).fill(1)],
])('%s stays as it is', (_, make) => {
  const bytes = make();
  const before = Buffer.from(bytes);
  releaseBytes(bytes);
  expect(bytes.equals(before)).toBe(true);
});

function sharedPart(): Buffer {
  const { buffer } = Buffer.allocUnsafe(10);
  return Buffer.from(buffer);
}
