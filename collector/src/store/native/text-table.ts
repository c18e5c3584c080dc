/**
 * Texts that repeat (names, models, attribute keys), each once and by a number. Columns of low cardinality refer to
 * these numbers, and so does whoever reads bytes: a text that was seen before is never decoded again.
 */
import { randomInt } from 'node:crypto';
import { ByteBuffer, viewOf } from './byte-buffer.ts';
import { isSame } from './same-bytes.ts';

/** Senders may make up names without end: beyond either, the table is emptied as soon as nobody refers to it. */
const maxTexts = 65_536;
const maxBytes = 16 * 1024 * 1024;

const firstSlots = 8_192;

export class TextTable {
  /** The empty text. */
  static readonly empty = 0;
  /** Grows when the table is emptied: numbers from before mean nothing then. */
  generation = 0;
  size = 0;
  private slots = new Int32Array(firstSlots);
  private starts = new Int32Array(firstSlots);
  private ends = new Int32Array(firstSlots);
  private hashes = new Int32Array(firstSlots);
  private texts: (string | undefined)[] = [];
  private numbers = new Map<string, number>();
  private readonly stored = new ByteBuffer(64 * 1024);

  constructor() {
    this.clear();
  }

  numberOf(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const bytes = Buffer.from(text);
    const number = this.numberOfBytes(bytes, viewOf(bytes), 0, bytes.length);
    this.numbers.set(text, number);
    return number;
  }

  /** @param view of the bytes, which must be UTF-8: the caller has looked */
  numberOfBytes(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    if (start === end) return TextTable.empty;
    const hash = hashOf(view, start, end);
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const number = (this.slots[slot] ?? 0) - 1;
      if (number < 0) break;
      if (this.hashes[number] === hash && this.isInView(number, view, start, end)) return number;
      slot = (slot + 1) & mask;
    }
    return this.add(bytes, start, end, hash, slot);
  }

  /** Whether the number stands for these bytes: cheaper than asking for their number. @param view of the bytes */
  isInView(number: number, view: DataView, start: number, end: number): boolean {
    const from = this.starts[number] ?? 0;
    const count = end - start;
    if ((this.ends[number] ?? 0) - from !== count) return false;
    return isSame(this.stored.words, from, view, start, count);
  }

  textOf(number: number): string {
    const known = this.texts[number];
    if (known !== undefined) return known;
    const text = this.stored.bytes.toString('utf8', this.starts[number], this.ends[number]);
    this.texts[number] = text;
    return text;
  }

  /** Appends the text as a String cell. */
  writeTo(into: ByteBuffer, number: number): void {
    const start = this.starts[number] ?? 0;
    const end = this.ends[number] ?? 0;
    into.varint(end - start);
    into.copy(this.stored.bytes, start, end);
  }

  /** Call it when nobody holds a number. */
  clearIfLarge(): void {
    if (this.size > maxTexts || this.stored.length > maxBytes) this.clear();
  }

  private clear(): void {
    this.generation += 1;
    this.slots = new Int32Array(firstSlots);
    this.starts = new Int32Array(firstSlots);
    this.ends = new Int32Array(firstSlots);
    this.hashes = new Int32Array(firstSlots);
    this.size = 1;
    this.texts = [''];
    this.numbers = new Map([['', TextTable.empty]]);
    this.stored.length = 0;
  }

  private add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const number = this.size;
    if (number === this.starts.length) this.growTexts();
    this.size = number + 1;
    this.starts[number] = this.stored.length;
    this.stored.copy(bytes, start, end);
    this.ends[number] = this.stored.length;
    this.hashes[number] = hash;
    this.texts.push(undefined);
    this.slots[slot] = number + 1;
    if (number * 2 > this.slots.length) this.growSlots();
    return number;
  }

  private growTexts(): void {
    this.starts = toLonger(this.starts);
    this.ends = toLonger(this.ends);
    this.hashes = toLonger(this.hashes);
  }

  private growSlots(): void {
    const slots = new Int32Array(this.slots.length * 4);
    const mask = slots.length - 1;
    for (let number = 1; number < this.size; number += 1) {
      let slot = (this.hashes[number] ?? 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.slots = slots;
  }
}

function toLonger(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(numbers.length * 2);
  longer.set(numbers);
  return longer;
}

/** So that nobody can choose texts that all fall into one slot. */
const seed = randomInt(2 ** 31);

/** Four bytes at a step: each step waits for the one before it. */
function hashOf(view: DataView, start: number, end: number): number {
  let hash = seed ^ (end - start);
  let at = start;
  for (const last = end - 3; at < last; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x01000193);
    hash ^= hash >>> 15;
  }
  for (; at < end; at += 1) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193);
  return (hash ^ (hash >>> 15)) & 0x7fff_ffff;
}
