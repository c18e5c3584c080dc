/**
 * Where everything in the bytes of one span lies. Nothing is made of it yet, so a span that turns out to be unusual
 * costs no more than the look. Unusual is all that no sender we know writes: fields in odd encodings or twice over,
 * values before their keys, text that is no UTF-8. The general way knows what it means.
 */
import { isUtf8 } from 'node:buffer';
import { isSame } from '../../store/native/same-bytes.ts';
import { maxAttributes } from '../to-span/limits.ts';
import { nodeFields, ShapeTree, typeBits, valueTypes } from './shape-tree.ts';

/** Longer texts are cheaper to check by one call into native code. */
const longText = 128;
const typeMask = (1 << typeBits) - 1;

export class SpanScan {
  bytes: Buffer = Buffer.alloc(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Where the sixteen bytes of the trace id, and the eight of the others, start; -1 = none. */
  traceId = -1;
  spanId = -1;
  parentId = -1;
  /** Start of the cell (its length), start of the text and its end. */
  readonly traceState = new Int32Array(3);
  readonly name = new Int32Array(3);
  readonly message = new Int32Array(3);
  kind = 0;
  code = 0;
  traceFlags = 0;
  droppedAttributes = 0;
  droppedEvents = 0;
  droppedLinks = 0;
  /** Low and high half of the start, and of the end. */
  readonly times = new Uint32Array(4);
  /** Start and end of each. */
  readonly events: number[] = [];
  readonly links: number[] = [];
  /** Node in the tree of shapes. */
  shape = ShapeTree.root;
  attributes = 0;
  /** Of each attribute: its AnyValue, and where it is a text, start of its cell and of itself; the end is the value's. */
  readonly valueStarts = new Int32Array(maxAttributes);
  readonly cellStarts = new Int32Array(maxAttributes);
  readonly textStarts = new Int32Array(maxAttributes);
  readonly valueEnds = new Int32Array(maxAttributes);
  /** Ints, doubles and bools. */
  readonly numbers = new Float64Array(maxAttributes);
  longestText = 0;
  /** Messages met so far, as the general decoder counts them; those in values of the type `other` are not among them. */
  messages = 0;
  private at = 0;

  setBody(body: Buffer, view: DataView): void {
    this.bytes = body;
    this.view = view;
  }

  private clear(): void {
    this.traceId = -1;
    this.spanId = -1;
    this.parentId = -1;
    // By hand: a call of `fill` costs more than the few numbers it writes.
    empty(this.traceState);
    empty(this.name);
    empty(this.message);
    this.times[0] = 0;
    this.times[1] = 0;
    this.times[2] = 0;
    this.times[3] = 0;
    this.kind = 0;
    this.code = 0;
    this.traceFlags = 0;
    this.droppedAttributes = 0;
    this.droppedEvents = 0;
    this.droppedLinks = 0;
    if (this.events.length > 0) this.events.length = 0;
    if (this.links.length > 0) this.links.length = 0;
    this.shape = ShapeTree.root;
    this.attributes = 0;
    this.longestText = 0;
    this.messages = 0;
  }

  /** False when the span is unusual in any way: then what was found of it means nothing. */
  scan(start: number, end: number, tree: ShapeTree): boolean {
    this.clear();
    const { bytes, view } = this;
    let at = start;
    while (at < end) {
      const tag = bytes[at++] ?? 0;
      switch (tag) {
        case 0x4a: {
          const next = this.scanAttributes(at, end, tree, tag);
          if (next < 0) return false;
          at = next;
          break;
        }
        case 0x0a:
          if (bytes[at] !== 16 || at + 17 > end) return false;
          this.traceId = at + 1;
          at += 17;
          break;
        case 0x12:
          if (bytes[at] !== 8 || at + 9 > end) return false;
          this.spanId = at + 1;
          at += 9;
          break;
        case 0x22: {
          const size = bytes[at];
          if ((size !== 8 && size !== 0) || at + 1 + size > end) return false;
          this.parentId = size === 8 ? at + 1 : -1;
          at += 1 + size;
          break;
        }
        case 0x39:
        case 0x41: {
          if (at + 8 > end) return false;
          const into = tag === 0x39 ? 0 : 2;
          this.times[into] = view.getUint32(at, true);
          this.times[into + 1] = view.getUint32(at + 4, true);
          at += 8;
          break;
        }
        case 0x1a:
        case 0x2a: {
          const next = this.scanText(at, end, tag === 0x1a ? this.traceState : this.name);
          if (next < 0) return false;
          at = next;
          break;
        }
        case 0x30:
        case 0x50:
        case 0x60:
        case 0x70: {
          this.at = at;
          const value = this.varint(end);
          if (value < 0) return false;
          if (tag === 0x30) this.kind = value;
          else if (tag === 0x50) this.droppedAttributes = value;
          else if (tag === 0x60) this.droppedEvents = value;
          else this.droppedLinks = value;
          at = this.at;
          break;
        }
        case 0x5a:
        case 0x6a: {
          this.at = at;
          const size = this.varint(end);
          if (size < 0 || this.at + size > end) return false;
          at = this.at + size;
          this.messages += 1;
          (tag === 0x5a ? this.events : this.links).push(this.at, at);
          break;
        }
        case 0x7a: {
          const next = this.scanStatus(at, end);
          if (next < 0) return false;
          at = next;
          break;
        }
        case 0x85:
          // Field 16 takes two bytes.
          if (bytes[at] !== 1 || at + 5 > end) return false;
          this.traceFlags = view.getUint32(at + 1, true);
          at += 5;
          break;
        default:
          return false;
      }
    }
    return at === end;
  }

  /** The same for one event: its name, time and attributes. */
  scanEvent(start: number, end: number, tree: ShapeTree): boolean {
    const { bytes, view } = this;
    empty(this.name);
    this.times[0] = 0;
    this.times[1] = 0;
    this.droppedAttributes = 0;
    this.shape = ShapeTree.eventRoot;
    this.attributes = 0;
    this.longestText = 0;
    this.messages = 0;
    let at = start;
    while (at < end) {
      const tag = bytes[at++] ?? 0;
      if (tag === 0x1a) at = this.scanAttributes(at, end, tree, tag);
      else if (tag === 0x12) at = this.scanText(at, end, this.name);
      else if (tag === 0x09 && at + 8 <= end) {
        this.times[0] = view.getUint32(at, true);
        this.times[1] = view.getUint32(at + 4, true);
        at += 8;
      } else if (tag === 0x20) {
        this.at = at;
        this.droppedAttributes = this.varint(end);
        at = this.droppedAttributes < 0 ? -1 : this.at;
      } else return false;
      if (at < 0) return false;
    }
    return at === end;
  }

  /** A number of up to four bytes, in its shortest form; -1 when it is another. Moves `at` behind it. */
  private varint(end: number): number {
    const { bytes } = this;
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      if (this.at >= end) return -1;
      const byte = bytes[this.at++] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) return byte === 0 && shift > 0 ? -1 : value;
    }
    return -1;
  }

  private scanText(at: number, end: number, into: Int32Array): number {
    this.at = at;
    const size = this.varint(end);
    const start = this.at;
    if (size < 0 || start + size > end || !this.isText(start, start + size)) return -1;
    into[0] = at;
    into[1] = start;
    into[2] = start + size;
    return start + size;
  }

  private scanStatus(at: number, end: number): number {
    this.at = at;
    const size = this.varint(end);
    const statusEnd = this.at + size;
    if (size < 0 || statusEnd > end) return -1;
    this.messages += 1;
    this.code = 0;
    empty(this.message);
    let position = this.at;
    while (position < statusEnd) {
      const tag = this.bytes[position++] ?? 0;
      if (tag === 0x12) {
        position = this.scanText(position, statusEnd, this.message);
        if (position < 0) return -1;
      } else if (tag === 0x18) {
        this.at = position;
        this.code = this.varint(statusEnd);
        if (this.code < 0) return -1;
        position = this.at;
      } else return -1;
    }
    return statusEnd;
  }

  /** Whether the bytes are UTF-8. */
  private isText(start: number, end: number): boolean {
    const count = end - start;
    const { view } = this;
    if (count >= longText) return isUtf8(this.bytes.subarray(start, end));
    let high = 0;
    if (count < 4) {
      for (let at = start; at < end; at += 1) high |= view.getUint8(at) << 24;
    } else {
      // The last four overlap with those before them.
      const last = end - 4;
      for (let at = start; at < last; at += 4) high |= view.getInt32(at);
      high |= view.getInt32(last);
    }
    return (high & 0x8080_8080) === 0 || isUtf8(this.bytes.subarray(start, end));
  }

  /**
   * The way of nearly every byte, all on locals: this attribute and those that follow it at once. Returns where the
   * last of them ends, -1 when one is unusual.
   * @param from behind the tag of the first, `tag`
   */
  private scanAttributes(from: number, end: number, tree: ShapeTree, tag: number): number {
    const { bytes, view } = this;
    const { nodes, keys } = tree;
    let index = this.attributes;
    let node = this.shape;
    let { messages } = this;
    let at = from;
    for (;;) {
      let size = bytes[at++] ?? 0;
      if (size > 127) {
        this.at = at - 1;
        size = this.varint(end);
        at = this.at;
      }
      const attributeEnd = at + size;
      // A key of up to 127 bytes stands first.
      if (size < 2 || attributeEnd > end || bytes[at] !== 0x0a || index === maxAttributes)
        return -1;
      const keySize = bytes[at + 1] ?? 0;
      const keyStart = at + 2;
      const keyEnd = keyStart + keySize;
      if (keySize > 127 || keyEnd > attributeEnd) return -1;
      messages += 1;
      // The key that stood here in the span before is only compared.
      const guess = nodes[node + nodeFields.last] ?? 0;
      let edge = nodes[guess + nodeFields.edge] ?? 0;
      const isGuessed =
        guess !== 0 &&
        nodes[guess + nodeFields.keySize] === keySize &&
        isSame(keys.words, nodes[guess + nodeFields.keyStart] ?? 0, view, keyStart, keySize);
      const key = isGuessed ? edge >> typeBits : tree.otherKey(node, bytes, view, keyStart, keyEnd);
      if (key < 0) return -1;
      let type: number = valueTypes.nothing;
      if (keyEnd < attributeEnd) {
        if (bytes[keyEnd] !== 0x12) return -1;
        let valueStart = keyEnd + 2;
        size = bytes[keyEnd + 1] ?? 0;
        if (size > 127) {
          this.at = keyEnd + 1;
          size = this.varint(end);
          valueStart = this.at;
        }
        if (size < 0 || valueStart + size !== attributeEnd) return -1;
        messages += 1;
        if (size > 0) {
          type = this.scanValue(index, valueStart, attributeEnd);
          if (type < 0) return -1;
        }
      }
      if (isGuessed && (edge & typeMask) === type) node = guess;
      else {
        edge = (key << typeBits) | type;
        node = tree.otherChild(node, edge, bytes, keyStart, keyEnd);
        if (node === ShapeTree.none) return -1;
      }
      index += 1;
      at = attributeEnd;
      if (at >= end || bytes[at] !== tag) break;
      at += 1;
    }
    this.attributes = index;
    this.shape = node;
    this.messages = messages;
    return at;
  }

  /** The value's type; -1 when it is unusual. It is not empty. */
  private scanValue(index: number, start: number, end: number): number {
    const { bytes } = this;
    this.valueStarts[index] = start;
    this.valueEnds[index] = end;
    const tag = bytes[start] ?? 0;
    if (tag === 0x0a) return this.scanTextValue(index, start + 1, end);
    if (tag === 0x18) return this.scanInt(index, start + 1, end);
    if (tag === 0x10) {
      if (end !== start + 2 || (bytes[start + 1] ?? 0) > 127) return -1;
      this.numbers[index] = bytes[start + 1] === 0 ? 0 : 1;
      return valueTypes.bool;
    }
    if (tag === 0x21) {
      if (end !== start + 9) return -1;
      this.numbers[index] = this.view.getFloat64(start + 1, true);
      return valueTypes.double;
    }
    if (tag !== 0x2a && tag !== 0x32 && tag !== 0x3a) return -1;
    this.at = start + 1;
    const size = this.varint(end);
    return size < 0 || this.at + size !== end ? -1 : valueTypes.other;
  }

  private scanTextValue(index: number, at: number, end: number): number {
    let start = at + 1;
    let size = this.bytes[at] ?? 0;
    if (size > 127) {
      this.at = at;
      size = this.varint(end);
      start = this.at;
    }
    if (size < 0 || start + size !== end) return -1;
    if (!this.isText(start, end)) return -1;
    this.cellStarts[index] = at;
    this.textStarts[index] = start;
    if (size > this.longestText) this.longestText = size;
    return size === 0 ? valueTypes.emptyText : valueTypes.text;
  }

  private scanInt(index: number, at: number, end: number): number {
    const { bytes } = this;
    const count = end - at;
    if (count < 1 || count > 10 || (bytes[end - 1] ?? 0) > 127) return -1;
    let low = 0;
    let factor = 1;
    let position = at;
    // Seven bytes hold 49 bits, exact in a double.
    const last = Math.min(end, at + 7);
    for (; position < last; position += 1) {
      const byte = bytes[position] ?? 0;
      low += (byte & 127) * factor;
      factor *= 128;
      if (byte < 128) break;
    }
    if (position === last) return this.scanLongInt(index, at, end);
    if (position !== end - 1) return -1;
    this.numbers[index] = low;
    return valueTypes.int;
  }

  /** Beyond 49 bits, and every negative one. */
  private scanLongInt(index: number, at: number, end: number): number {
    let value = 0n;
    for (let position = end - 1; position >= at; position -= 1) {
      const byte = this.bytes[position] ?? 0;
      if (position < end - 1 && byte < 128) return -1;
      value = (value << 7n) | BigInt(byte & 127);
    }
    const number = Number(BigInt.asIntN(64, value));
    if (!Number.isSafeInteger(number)) return valueTypes.other;
    this.numbers[index] = number;
    return valueTypes.int;
  }
}

function empty(text: Int32Array): void {
  text[0] = 0;
  text[1] = 0;
  text[2] = 0;
}
