import type { ByteBuffer } from '../../store/native/byte-buffer.ts';

/** Bytes that JSON writes as something else -> the letter behind the backslash; `u` = by number. */
const escapes = new Uint8Array(256);
escapes.fill(0x75, 0, 0x20);
for (const [byte, letter] of [
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [0x22, '"'],
  [0x5c, '\\'],
] as const) {
  escapes[byte] = letter.charCodeAt(0);
}

/** UTF-8 as a JSON string, exactly as `JSON.stringify` writes it. */
export function copyJsonText(into: ByteBuffer, source: Buffer, start: number, end: number): void {
  into.reserve((end - start) * 6 + 2);
  const { bytes } = into;
  let to = into.length;
  bytes[to++] = 0x22;
  for (let at = start; at < end; at += 1) {
    const byte = source[at] ?? 0;
    const letter = escapes[byte] ?? 0;
    if (letter === 0) bytes[to++] = byte;
    else {
      bytes[to++] = 0x5c;
      bytes[to++] = letter;
      if (letter === 0x75) {
        to += bytes.write(byte.toString(16).padStart(4, '0'), to, 'latin1');
      }
    }
  }
  bytes[to++] = 0x22;
  into.length = to;
}
