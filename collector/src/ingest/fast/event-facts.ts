/** Events of one span as cells, from their bytes. What is unusual about any of them is left to the general readers. */
import { ByteBuffer } from '../../store/native/byte-buffer.ts';
import type { TextTable } from '../../store/native/text-table.ts';
import { maxAttributeBytes, maxNameBytes } from '../to-span/limits.ts';
import { detailsEvent } from '../to-span/read-content.ts';
import { messageEventSlots } from '../to-span/rules.ts';
import { copyJsonText } from './json-text-bytes.ts';
import { valueTypes, type ShapeTree } from './shape-tree.ts';
import { SpanScan } from './span-scan.ts';

/** Events with the same keys. */
type EventShape = {
  /** `"<key>":` of each. */
  readonly names: readonly Buffer[];
  readonly types: Uint8Array;
  /** Places of what exceptions say; -1 = they do not. */
  readonly typeAt: number;
  readonly messageAt: number;
  readonly escapedAt: number;
};

const exceptionName = 'exception';

export class EventFacts {
  count = 0;
  /** Low and high half of each. */
  readonly times: number[] = [];
  /** Numbers of the text table. */
  readonly names: number[] = [];
  /** The attributes of each as JSON, one after the other, and where each ends. */
  readonly json = new ByteBuffer(16 * 1024);
  readonly ends: number[] = [];
  droppedAttributes = 0;
  messages = 0;
  /** Of the first exception. */
  hasException = false;
  isCaught = false;
  /** Number of the text table. */
  exceptionType = 0;
  /** Its cell, as start and end in the body; the end is 0 without one. */
  messageCell = 0;
  messageEnd = 0;
  private readonly scan = new SpanScan();
  private readonly tree: ShapeTree;
  private readonly texts: TextTable;
  private readonly shapes = new Map<number, EventShape | null>();
  /** Number of a name -> whether such events are content. */
  private readonly messageNames = new Map<number, boolean>();

  constructor(tree: ShapeTree, texts: TextTable) {
    this.tree = tree;
    this.texts = texts;
  }

  clear(): void {
    this.count = 0;
    this.hasException = false;
  }

  /** False when the general readers must look: then nothing of this means anything. @param bounds start and end of each */
  read(source: SpanScan, bounds: readonly number[]): boolean {
    const { scan } = this;
    scan.setBody(source.bytes, source.view);
    this.count = 0;
    this.times.length = 0;
    this.names.length = 0;
    this.ends.length = 0;
    this.json.length = 0;
    this.droppedAttributes = 0;
    this.messages = 0;
    this.hasException = false;
    for (let at = 0; at < bounds.length; at += 2) {
      if (!scan.scanEvent(bounds[at] ?? 0, bounds[at + 1] ?? 0, this.tree)) return false;
      if (!this.add()) return false;
    }
    this.count = bounds.length / 2;
    return true;
  }

  private add(): boolean {
    const { scan, texts } = this;
    const start = scan.name[1] ?? 0;
    const end = scan.name[2] ?? 0;
    if (end - start > maxNameBytes || scan.longestText > maxAttributeBytes) return false;
    const name = texts.numberOfBytes(scan.bytes, scan.view, start, end);
    const shape = this.shapeOf(scan.shape);
    if (shape === null || this.isMessage(name) || !this.writeJson(shape)) return false;
    this.names.push(name);
    this.times.push(scan.times[0] ?? 0, scan.times[1] ?? 0);
    this.ends.push(this.json.length);
    this.droppedAttributes += scan.droppedAttributes;
    this.messages += scan.messages;
    const isFirst = !this.hasException && texts.textOf(name) === exceptionName;
    return isFirst ? this.readException(shape) : true;
  }

  private writeJson({ names, types }: EventShape): boolean {
    const { json, scan } = this;
    if (names.length === 0) return true;
    for (let at = 0; at < names.length; at += 1) {
      json.byte(at === 0 ? 0x7b : 0x2c);
      const name = names[at];
      if (name !== undefined) json.copy(name, 0, name.length);
      const type = types[at];
      if (type === valueTypes.text || type === valueTypes.emptyText) {
        copyJsonText(json, scan.bytes, scan.textStarts[at] ?? 0, scan.valueEnds[at] ?? 0);
        continue;
      }
      const value = toJson(type ?? 0, scan.numbers[at] ?? 0);
      if (value === null) return false;
      json.ascii(value);
    }
    json.byte(0x7d);
    return true;
  }

  private readException({ types, typeAt, messageAt, escapedAt }: EventShape): boolean {
    const { scan } = this;
    this.hasException = true;
    this.isCaught = false;
    if (types[escapedAt] === valueTypes.bool) this.isCaught = scan.numbers[escapedAt] === 0;
    if (types[escapedAt] === valueTypes.text) {
      const word = scan.bytes.toString(
        'utf8',
        scan.textStarts[escapedAt],
        scan.valueEnds[escapedAt],
      );
      this.isCaught = word.toLowerCase() === 'false';
    }
    this.exceptionType = 0;
    if (types[typeAt] === valueTypes.text) {
      const start = scan.textStarts[typeAt] ?? 0;
      const end = scan.valueEnds[typeAt] ?? 0;
      if (end - start > maxNameBytes) return false;
      this.exceptionType = this.texts.numberOfBytes(scan.bytes, scan.view, start, end);
    }
    const hasMessage = types[messageAt] === valueTypes.text;
    this.messageCell = hasMessage ? (scan.cellStarts[messageAt] ?? 0) : 0;
    this.messageEnd = hasMessage ? (scan.valueEnds[messageAt] ?? 0) : 0;
    return true;
  }

  private isMessage(name: number): boolean {
    let is = this.messageNames.get(name);
    if (is === undefined) {
      const text = this.texts.textOf(name);
      is = text === detailsEvent || messageEventSlots.has(text);
      this.messageNames.set(name, is);
    }
    return is;
  }

  private shapeOf(node: number): EventShape | null {
    let shape = this.shapes.get(node);
    if (shape === undefined) {
      shape = this.readShape(node);
      this.shapes.set(node, shape);
    }
    return shape;
  }

  /** Null for what the general readers know better: a key twice, arrays and maps, and a name that looks like a tag. */
  private readShape(node: number): EventShape | null {
    const path = this.tree.pathTo(node);
    const keys = path.map(({ key }) => this.texts.textOf(key));
    if (new Set(keys).size < keys.length) return null;
    if (path.some(({ type }) => type === valueTypes.other)) return null;
    if (keys.length === 1 && keys[0]?.startsWith('$')) return null;
    return {
      names: keys.map((key) => Buffer.from(`${JSON.stringify(key)}:`)),
      types: Uint8Array.from(path, ({ type }) => type),
      typeAt: keys.indexOf('exception.type'),
      messageAt: keys.indexOf('exception.message'),
      escapedAt: keys.indexOf('exception.escaped'),
    };
  }
}

/** Null for numbers that JSON writes in a way of their own. */
function toJson(type: number, value: number): string | null {
  if (type === valueTypes.nothing) return 'null';
  if (type === valueTypes.bool) return value === 1 ? 'true' : 'false';
  const isPlain = Number.isSafeInteger(value) || !Number.isInteger(value);
  return isPlain && Number.isFinite(value) && !Object.is(value, -0) ? String(value) : null;
}
