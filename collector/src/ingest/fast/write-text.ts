import type { ByteBuffer } from '../../store/native/byte-buffer.ts';

/** UTF-8 bytes; halves of surrogate pairs count as what replaces them. */
export function textSize(text: string): number {
  if (text.length > 64) return Buffer.byteLength(text);
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) > 127) return Buffer.byteLength(text);
  }
  return text.length;
}

export function writeSized(out: ByteBuffer, text: string, size: number): void {
  out.varint(size);
  out.reserve(size);
  const { bytes, length } = out;
  if (size === text.length && size < 64) {
    for (let at = 0; at < size; at += 1) bytes[length + at] = text.charCodeAt(at);
  } else bytes.write(text, length, size === text.length ? 'latin1' : 'utf8');
  out.length = length + size;
}
