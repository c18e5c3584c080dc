/**
 * A span of a JSON body as protobuf bytes, so that it goes the same short way: writing them costs a tenth of what the
 * general way costs. Whatever is not plain (a field of the wrong type, an id that is no hex, bytes, large numbers) is
 * not written: the general readers know what it means, or what to say of it.
 */
import { ByteBuffer } from '../../store/native/byte-buffer.ts';
import type { JsonObject } from '../otlp/json-fields.ts';
import { KnownKeys } from './known-keys.ts';
import { longText, textSize, writeSized } from './write-text.ts';

/** Arrays and maps inside arrays and maps; deeper ones go the general way. */
const maxDepth = 8;
const twoTo32 = 4_294_967_296;

export class JsonSpanBytes {
  /** The span that was written last. */
  readonly bytes = new ByteBuffer(64 * 1024);
  /** For messages inside: their length stands before them. */
  private readonly inner: ByteBuffer[] = Array.from(
    { length: maxDepth + 3 },
    () => new ByteBuffer(1024),
  );
  private readonly keys = new KnownKeys();

  /** False when the span is not plain: then the bytes mean nothing. */
  write(span: JsonObject): boolean {
    const out = this.bytes;
    out.length = 0;
    this.keys.forgetIfMany();
    return (
      writeId(out, 0x0a, span['traceId'], 32) &&
      writeId(out, 0x12, span['spanId'], 16) &&
      (isEmpty(span['parentSpanId']) || writeId(out, 0x22, span['parentSpanId'], 16)) &&
      writeText(out, 0x1a, span['traceState']) &&
      writeText(out, 0x2a, span['name']) &&
      writeCount(out, 0x30, span['kind']) &&
      writeTime(out, 0x39, span['startTimeUnixNano']) &&
      writeTime(out, 0x41, span['endTimeUnixNano']) &&
      this.writeAttributes(out, 0x4a, span['attributes'], 0) &&
      writeCount(out, 0x50, span['droppedAttributesCount']) &&
      this.writeEvents(out, span['events']) &&
      writeCount(out, 0x60, span['droppedEventsCount']) &&
      this.writeLinks(out, span['links']) &&
      writeCount(out, 0x70, span['droppedLinksCount']) &&
      this.writeStatus(out, span['status']) &&
      writeFlags(out, span['flags'])
    );
  }

  private writeStatus(out: ByteBuffer, source: unknown): boolean {
    if (isNothing(source)) return true;
    if (!isObject(source)) return false;
    const status = this.begin(0);
    const isPlain =
      writeText(status, 0x12, source['message']) && writeCount(status, 0x18, source['code']);
    if (isPlain) writeMessage(out, 0x7a, status);
    return isPlain;
  }

  private writeEvents(out: ByteBuffer, source: unknown): boolean {
    if (isNothing(source)) return true;
    if (!Array.isArray(source)) return false;
    for (const item of source as readonly unknown[]) {
      if (!isObject(item)) return false;
      const event = this.begin(0);
      const isPlain =
        writeTime(event, 0x09, item['timeUnixNano']) &&
        writeText(event, 0x12, item['name']) &&
        this.writeAttributes(event, 0x1a, item['attributes'], 1) &&
        writeCount(event, 0x20, item['droppedAttributesCount']);
      if (!isPlain) return false;
      writeMessage(out, 0x5a, event);
    }
    return true;
  }

  private writeLinks(out: ByteBuffer, source: unknown): boolean {
    if (isNothing(source)) return true;
    if (!Array.isArray(source)) return false;
    for (const item of source as readonly unknown[]) {
      if (!isObject(item)) return false;
      const link = this.begin(0);
      const isPlain =
        writeId(link, 0x0a, item['traceId'], 32) &&
        writeId(link, 0x12, item['spanId'], 16) &&
        this.writeAttributes(link, 0x22, item['attributes'], 1) &&
        writeCount(link, 0x28, item['droppedAttributesCount']);
      if (!isPlain) return false;
      writeMessage(out, 0x6a, link);
    }
    return true;
  }

  private writeAttributes(out: ByteBuffer, tag: number, source: unknown, depth: number): boolean {
    if (isNothing(source)) return true;
    if (!Array.isArray(source)) return false;
    const list = source as readonly unknown[];
    for (let at = 0; at < list.length; at += 1) {
      const item = list[at];
      if (!isObject(item) || 'keyStrindex' in item) return false;
      const key = isNothing(item['key']) ? '' : item['key'];
      if (typeof key !== 'string') return false;
      if (!this.writePair(out, tag, this.keys.find(key), item['value'], depth)) return false;
    }
    return true;
  }

  /** Texts, nearly all of them, need no message beside: their length is known. */
  private writePair(
    out: ByteBuffer,
    tag: number,
    key: number,
    source: unknown,
    depth: number,
  ): boolean {
    const { keys } = this;
    const keySize = keys.sizeOf(key);
    const text = isObject(source) ? source['stringValue'] : undefined;
    if (typeof text !== 'string') {
      const value = this.begin(depth + 1);
      if (!this.writeValue(value, source, depth)) return false;
      out.byte(tag);
      out.varint(keySize + 1 + varintSize(value.length) + value.length);
      keys.write(key, out);
      writeMessage(out, 0x12, value);
      return true;
    }
    const start = out.length;
    // Measuring a long text takes longer than writing it, and nearly all are ASCII: written is measured.
    const guess = text.length > longText ? text.length : textSize(text);
    const size = this.writeTextPair(out, tag, key, text, guess);
    if (size === guess) return true;
    out.length = start;
    this.writeTextPair(out, tag, key, text, size);
    return true;
  }

  /** @returns how many bytes the text takes: when these are not `size`, the pair must be written again */
  private writeTextPair(
    out: ByteBuffer,
    tag: number,
    key: number,
    text: string,
    size: number,
  ): number {
    const valueSize = 1 + varintSize(size) + size;
    out.byte(tag);
    out.varint(this.keys.sizeOf(key) + 1 + varintSize(valueSize) + valueSize);
    this.keys.write(key, out);
    out.byte(0x12);
    out.varint(valueSize);
    out.byte(0x0a);
    return writeSized(out, text, size);
  }

  /** An AnyValue, in the order of precedence of the general reader. */
  private writeValue(out: ByteBuffer, source: unknown, depth: number): boolean {
    if (isNothing(source)) return true;
    if (!isObject(source) || depth > maxDepth) return false;
    const text = source['stringValue'];
    if (!isNothing(text)) return writeText(out, 0x0a, text, true);
    const bool = source['boolValue'];
    if (!isNothing(bool)) {
      out.byte(0x10);
      out.byte(bool === true ? 1 : 0);
      return typeof bool === 'boolean';
    }
    const int = source['intValue'];
    if (!isNothing(int)) return writeInt(out, int);
    const double = source['doubleValue'];
    if (!isNothing(double)) return writeDouble(out, double);
    if (!isNothing(source['bytesValue'])) return false;
    const array = source['arrayValue'];
    if (!isNothing(array)) return this.writeArray(out, array, depth);
    const map = source['kvlistValue'];
    if (!isNothing(map)) return this.writeMap(out, map, depth);
    return !('stringValueStrindex' in source);
  }

  private writeArray(out: ByteBuffer, source: unknown, depth: number): boolean {
    if (!isObject(source)) return false;
    const items = source['values'];
    const list = this.begin(depth + 2);
    // Both kinds of message are open at once, so a level of arrays takes two.
    if (depth + 3 >= this.inner.length) return false;
    if (!isNothing(items)) {
      if (!Array.isArray(items)) return false;
      for (const item of items as readonly unknown[]) {
        const value = this.begin(depth + 3);
        if (!this.writeValue(value, item, depth + 2)) return false;
        writeMessage(list, 0x0a, value);
      }
    }
    writeMessage(out, 0x2a, list);
    return true;
  }

  private writeMap(out: ByteBuffer, source: unknown, depth: number): boolean {
    if (!isObject(source) || depth + 3 >= this.inner.length) return false;
    const list = this.begin(depth + 2);
    if (!this.writeAttributes(list, 0x0a, source['values'], depth + 2)) return false;
    writeMessage(out, 0x32, list);
    return true;
  }

  private begin(depth: number): ByteBuffer {
    const buffer = this.inner[depth] ?? new ByteBuffer();
    buffer.length = 0;
    return buffer;
  }
}

function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isEmpty(value: unknown): boolean {
  return isNothing(value) || value === '';
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function writeMessage(out: ByteBuffer, tag: number, message: ByteBuffer): void {
  out.byte(tag);
  out.varint(message.length);
  out.copyView(message.bytes, message.words, 0, message.length);
}

function writeText(out: ByteBuffer, tag: number, source: unknown, isAlways = false): boolean {
  if (typeof source !== 'string') return isNothing(source);
  if (source === '' && !isAlways) return true;
  out.byte(tag);
  writeSized(out, source, textSize(source));
  return true;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 127; rest >>>= 7) size += 1;
  return size;
}

function writeCount(out: ByteBuffer, tag: number, source: unknown): boolean {
  if (isNothing(source) || source === 0) return true;
  if (typeof source !== 'number' || !Number.isInteger(source)) return false;
  if (source < 0 || source > 0x0fff_ffff) return false;
  out.byte(tag);
  out.varint(source);
  return true;
}

function writeFlags(out: ByteBuffer, source: unknown): boolean {
  if (isNothing(source) || source === 0) return true;
  if (typeof source !== 'number' || !Number.isInteger(source)) return false;
  if (source < 0 || source >= twoTo32) return false;
  out.byte(0x85);
  out.byte(0x01);
  out.reserve(4);
  out.words.setUint32(out.length, source, true);
  out.length += 4;
  return true;
}

function writeId(out: ByteBuffer, tag: number, source: unknown, digits: number): boolean {
  if (typeof source !== 'string' || source.length !== digits) return false;
  out.byte(tag);
  out.byte(digits / 2);
  out.reserve(digits / 2);
  const { bytes } = out;
  for (let at = 0; at < digits; at += 2) {
    const high = hexValues[source.charCodeAt(at)] ?? notHex;
    const low = hexValues[source.charCodeAt(at + 1)] ?? notHex;
    if ((high | low) >= notHex) return false;
    bytes[out.length++] = (high << 4) | low;
  }
  return true;
}

const notHex = 16;
const hexValues = new Uint8Array(128).fill(notHex);
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  hexValues[digit.charCodeAt(0)] = value;
  hexValues[digit.toUpperCase().charCodeAt(0)] = value;
}

const digitsOnly = /^\d{10,19}$/;
const nanosPerSecond = 1_000_000_000;

/** Nanoseconds as decimal text: seconds and the rest apart, since no double holds both. */
function writeTime(out: ByteBuffer, tag: number, source: unknown): boolean {
  if (isNothing(source) || source === '0' || source === '') return true;
  if (typeof source !== 'string' || !digitsOnly.test(source)) return false;
  const seconds = Number(source.slice(0, -9));
  const nanos = Number(source.slice(-9));
  const lowPart = (seconds % 65_536) * nanosPerSecond + nanos;
  const highPart = Math.floor(seconds / 65_536) * nanosPerSecond;
  const low = (highPart % 65_536) * 65_536 + lowPart;
  out.byte(tag);
  out.reserve(8);
  out.words.setUint32(out.length, low % twoTo32, true);
  out.words.setUint32(
    out.length + 4,
    Math.floor(highPart / 65_536) + Math.floor(low / twoTo32),
    true,
  );
  out.length += 8;
  return true;
}

const plainInt = /^-?\d{1,15}$/;

function writeInt(out: ByteBuffer, source: unknown): boolean {
  const isText = typeof source === 'string' && plainInt.test(source);
  const value = isText ? Number(source) : source;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return false;
  out.byte(0x18);
  if (value >= 0 && value < twoTo32) {
    out.varint(value);
    return true;
  }
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    if (rest < 128n) {
      out.byte(Number(rest));
      return true;
    }
    out.byte(Number(rest & 127n) | 128);
  }
}

function writeDouble(out: ByteBuffer, source: unknown): boolean {
  if (typeof source !== 'number') return false;
  out.byte(0x21);
  out.reserve(8);
  out.words.setFloat64(out.length, source, true);
  out.length += 8;
  return true;
}
