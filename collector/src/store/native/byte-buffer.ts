/** Bytes that grow at the end. Emptying keeps the memory: one buffer serves every block. */
export class ByteBuffer {
  /** Valid up to `length`; replaced when it grows, so never keep it. */
  bytes: Buffer;
  /** Of the same memory. */
  words: DataView;
  length = 0;

  constructor(capacity = 1024) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
    this.words = viewOf(this.bytes);
  }

  /** Makes room for so many more. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, needed));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
    this.words = viewOf(grown);
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** LEB128 of a whole number below 2^32. */
  varint(value: number): void {
    this.reserve(5);
    let rest = value;
    while (rest > 127) {
      this.bytes[this.length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  /** Eight bytes, the lowest first, of a whole number within 2^53. */
  uint64(value: number): void {
    this.reserve(8);
    this.words.setUint32(this.length, value >>> 0, true);
    this.words.setUint32(this.length + 4, Math.floor(value / 4_294_967_296), true);
    this.length += 8;
  }

  /** Short pieces byte by byte: a call into native code costs more than they do. */
  copy(source: Uint8Array, start: number, end: number): void {
    const count = end - start;
    this.reserve(count);
    const { bytes } = this;
    let to = this.length;
    if (count < 48) for (let from = start; from < end; from += 1) bytes[to++] = source[from] ?? 0;
    else bytes.set(source.subarray(start, end), to);
    this.length += count;
  }

  /**
   * The same, for a source that is asked often and so has a view: eight bytes at a time, the last of them overlapping.
   * @param view of the whole of `source`
   */
  copyView(source: Buffer, view: DataView, start: number, end: number): void {
    const count = end - start;
    this.reserve(count);
    const to = this.length;
    this.length = to + count;
    if (count < 8) {
      const { bytes } = this;
      for (let at = 0; at < count; at += 1) bytes[to + at] = source[start + at] ?? 0;
    } else if (count < 400) {
      const target = this.words;
      const last = count - 8;
      for (let at = 0; at < last; at += 8) {
        target.setBigInt64(to + at, view.getBigInt64(start + at, true), true);
      }
      target.setBigInt64(to + last, view.getBigInt64(start + last, true), true);
    } else source.copy(this.bytes, to, start, end);
  }

  zeros(count: number): void {
    if (count <= 0) return;
    this.reserve(count);
    const end = this.length + count;
    // Here and in the columns: for a few cells a call of `fill` costs more than they do.
    if (count < fewCells) for (let at = this.length; at < end; at += 1) this.bytes[at] = 0;
    else this.bytes.fill(0, this.length, end);
    this.length = end;
  }

  /** A String cell: length in bytes, then UTF-8. Halves of surrogate pairs become U+FFFD. */
  text(text: string): void {
    if (text.length < 100 && this.shortAscii(text)) return;
    const size = Buffer.byteLength(text);
    this.varint(size);
    this.reserve(size);
    this.bytes.write(text, this.length);
    this.length += size;
  }

  /** A String cell of a whole number within 2^53 of zero. */
  integer(value: number): void {
    if (value < 0 || value > 999_999_999) {
      this.text(String(value));
      return;
    }
    this.reserve(10);
    const { bytes } = this;
    let digits = 1;
    for (let power = 10; power <= value; power *= 10) digits += 1;
    bytes[this.length] = digits;
    let rest = value;
    for (let at = this.length + digits; at > this.length; at -= 1) {
      const tenth = (rest / 10) | 0;
      bytes[at] = 48 + rest - tenth * 10;
      rest = tenth;
    }
    this.length += digits + 1;
  }

  /** A String cell of the bytes in lower-case hex; up to sixteen of them. */
  hex(source: Uint8Array, start: number, count: number): void {
    this.reserve(count * 2 + 1);
    this.bytes[this.length] = count * 2;
    const { words } = this;
    let to = this.length + 1;
    for (let at = 0; at < count; at += 1) {
      words.setUint16(to, hexPairs[source[start + at] ?? 0] ?? 0);
      to += 2;
    }
    this.length = to;
  }

  /** Characters below 128, without a length. */
  ascii(text: string): void {
    this.reserve(text.length);
    const { bytes } = this;
    for (let at = 0; at < text.length; at += 1) bytes[this.length++] = text.charCodeAt(at);
  }

  private shortAscii(text: string): boolean {
    const { length } = text;
    this.reserve(length + 1);
    const { bytes } = this;
    let to = this.length;
    bytes[to++] = length;
    for (let at = 0; at < length; at += 1) {
      const code = text.charCodeAt(at);
      if (code > 127) return false;
      bytes[to++] = code;
    }
    this.length = to;
    return true;
  }

  /** A view: valid until the next write. */
  view(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}

/** Fewer are written one by one. */
export const fewCells = 24;

export function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Two characters of hex for each byte. */
const hexPairs = Uint16Array.from({ length: 256 }, (_, byte) =>
  Buffer.from(byte.toString(16).padStart(2, '0')).readUInt16BE(),
);
