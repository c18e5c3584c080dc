import type { ByteBuffer } from '../../store/native/byte-buffer.ts';

/** Shorter ones are written by hand: a call into native code costs more. */
export const longText = 64;

/** UTF-8 bytes; halves of surrogate pairs count as what replaces them. */
export function textSize(text: string): number {
  if (text.length > longText) return Buffer.byteLength(text);
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) > 127) return Buffer.byteLength(text);
  }
  return text.length;
}

/** @returns the bytes that the text takes, `size` where that was right */
export function writeSized(out: ByteBuffer, text: string, size: number): number {
  out.varint(size);
  if (size === text.length && size <= longText) {
    out.ascii(text);
    return size;
  }
  // A UTF-16 unit takes at most three bytes.
  out.reserve(text.length * 3);
  const written = out.bytes.write(text, out.length);
  out.length += written;
  return written;
}
