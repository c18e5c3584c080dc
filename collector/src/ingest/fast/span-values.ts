/** Values of the attributes of the span that was scanned last, as the general way would hand them to a rule. */
import { toAttributeCell } from '../../store/native/attribute-cell.ts';
import { TextTable } from '../../store/native/text-table.ts';
import type { AttributeValue } from '../../span.ts';
import { readValue } from '../otlp/protobuf-values.ts';
import { maxMessages, type Losses } from '../otlp/request.ts';
import { WireReader } from '../otlp/wire-reader.ts';
import { looksLikeJson } from '../to-span/read-content.ts';
import { valueTypes } from './shape-tree.ts';
import type { SpanScan } from './span-scan.ts';

/** An array, a map, bytes or a large int. */
export type OtherValue = {
  readonly value: AttributeValue;
  /** As a cell of the attributes. */
  readonly text: string;
  readonly typeNumber: number;
  /** Messages inside, which count like all others. */
  readonly messages: number;
};

/** What is longer is seldom sent twice. */
const maxRemembered = 256;
const quote = 0x22;
/** How many characters of the end may be space before it is no longer looked at. */
const tailLength = 16;

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

export class SpanValues {
  /** A value was too deep to be kept whole, or refers to what it did not bring. Whoever looks sets it back. */
  isUnusual = false;
  /** Of the bytes of values; what rules made of them is remembered by it. */
  readonly known = new TextTable();
  private others: (OtherValue | undefined)[] = [];
  private readonly scan: SpanScan;
  private readonly texts: TextTable;

  constructor(scan: SpanScan, texts: TextTable) {
    this.scan = scan;
    this.texts = texts;
  }

  /** A number for the bytes of the value, -1 when it is too long to be remembered. */
  numberOf(position: number): number {
    const { valueStarts, valueEnds, bytes, view } = this.scan;
    const start = valueStarts[position] ?? 0;
    const end = valueEnds[position] ?? 0;
    return end - start > maxRemembered ? -1 : this.known.numberOfBytes(bytes, view, start, end);
  }

  /** Call it between bodies, and forget what was remembered by numbers when `known` has a new generation. */
  forgetIfMany(): void {
    const { generation } = this.known;
    this.known.clearIfLarge();
    if (this.known.generation !== generation) this.others = [];
  }

  valueOf(position: number, type: number): AttributeValue {
    switch (type) {
      case valueTypes.text:
        return this.textOf(position);
      case valueTypes.emptyText:
        return '';
      case valueTypes.int:
      case valueTypes.double:
        return this.scan.numbers[position] ?? 0;
      case valueTypes.bool:
        return this.scan.numbers[position] === 1;
      case valueTypes.other:
        return this.otherOf(position).value;
      default:
        return null;
    }
  }

  textOf(position: number): string {
    const { textStarts, valueEnds, bytes } = this.scan;
    return bytes.toString('utf8', textStarts[position], valueEnds[position]);
  }

  /** By the two ends of the text alone; only where others than ASCII stand there, it is decoded for it. */
  looksLikeJson(position: number): boolean {
    const { textStarts, valueEnds, bytes } = this.scan;
    const from = textStarts[position] ?? 0;
    const to = valueEnds[position] ?? 0;
    let start = from;
    while (start < to && isSpace(bytes[start] ?? 0)) start += 1;
    let end = to - 1;
    const least = Math.max(from, to - tailLength);
    while (end > least && isSpace(bytes[end] ?? 0)) end -= 1;
    const first = bytes[start] ?? 0;
    const last = bytes[end] ?? 0;
    if (first > 127 || last > 127) return looksLikeJson(this.textOf(position));
    if (start === to) return false;
    const opens = first === 0x7b || first === 0x5b || first === quote;
    return opens && (last === 0x7d || last === 0x5d || last === quote);
  }

  otherOf(position: number): OtherValue {
    const number = this.numberOf(position);
    const known = this.others[number];
    if (known !== undefined) return known;
    const other = this.readOther(position);
    if (number >= 0 && !this.isUnusual) this.others[number] = other;
    return other;
  }

  private readOther(position: number): OtherValue {
    const start = this.scan.valueStarts[position] ?? 0;
    const end = this.scan.valueEnds[position] ?? 0;
    const losses: Losses = { warnings: new Set(), cuts: 0 };
    const budget = { messages: maxMessages };
    const value = readValue(new WireReader(this.scan.bytes, start, end, budget), losses, 0);
    if (losses.warnings.size > 0) this.isUnusual = true;
    const { text, type } = toAttributeCell(value);
    const typeNumber = this.texts.numberOf(type);
    return { value, text, typeNumber, messages: maxMessages - budget.messages };
  }
}
