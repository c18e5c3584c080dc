/** Keys of attributes as protobuf writes them: tag, length, text. */
import { ByteBuffer } from '../../store/native/byte-buffer.ts';
import { textSize, writeSized } from './write-text.ts';

/** Senders may make up keys without end: beyond it all are forgotten. */
const maxKeys = 10_000;

export class KnownKeys {
  private readonly numbers = new Map<string, number>();
  private readonly texts: string[] = [];
  private readonly starts: number[] = [];
  private readonly sizes: number[] = [];
  /** Key -> the one that followed it last: comparing two texts costs less than looking one up. */
  private readonly followers: number[] = [];
  private readonly bytes = new ByteBuffer(16 * 1024);
  private last = 0;

  find(key: string): number {
    const guess = this.followers[this.last] ?? -1;
    const number = this.texts[guess] === key ? guess : this.lookUp(key);
    this.last = number;
    return number;
  }

  sizeOf(number: number): number {
    return this.sizes[number] ?? 0;
  }

  write(number: number, out: ByteBuffer): void {
    const start = this.starts[number] ?? 0;
    const end = start + (this.sizes[number] ?? 0);
    out.copyView(this.bytes.bytes, this.bytes.words, start, end);
  }

  private lookUp(key: string): number {
    const number = this.numbers.get(key) ?? this.add(key);
    this.followers[this.last] = number;
    return number;
  }

  private add(key: string): number {
    const number = this.texts.length;
    const start = this.bytes.length;
    this.bytes.byte(0x0a);
    writeSized(this.bytes, key, textSize(key));
    this.numbers.set(key, number);
    this.texts.push(key);
    this.starts.push(start);
    this.sizes.push(this.bytes.length - start);
    this.followers.push(-1);
    return number;
  }

  /** Call it when nobody holds a number. */
  forgetIfMany(): void {
    if (this.texts.length < maxKeys) return;
    this.numbers.clear();
    this.texts.length = 0;
    this.starts.length = 0;
    this.sizes.length = 0;
    this.followers.length = 0;
    this.bytes.length = 0;
    this.last = 0;
  }
}
