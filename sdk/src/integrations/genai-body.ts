import type { GenaiApi, Merge } from './genai-api.ts';
import { parse } from './json.ts';
import { ServerSentEvents } from './server-sent-events.ts';

const largestParsed = 2 * 1024 * 1024;
const tailBytes = 8 * 1024;

/** What has come of an answer so far. */
export type Body = { readonly push: (bytes: Uint8Array) => void; readonly whole: () => unknown };

/**
 * JSON in one piece. Of a large one, such as vectors or pictures, only the end is kept and read: parsing all of it would
 * hold the program up, and the usage comes last.
 */
export class WholeBody implements Body {
  private chunks: Uint8Array[] = [];
  private size = 0;

  /** A copy, because handing the bytes on takes their buffer away. */
  push(bytes: Uint8Array): void {
    this.size += bytes.byteLength;
    this.chunks.push(bytes.slice(this.isLarge() ? -tailBytes : 0));
    if (this.isLarge()) this.keepTail();
  }

  whole(): unknown {
    const decoder = new TextDecoder();
    const text = this.chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('');
    return this.isLarge() ? lastMembers(text) : parse(text + decoder.decode());
  }

  private isLarge(): boolean {
    return this.size > largestParsed;
  }

  private keepTail(): void {
    let kept = 0;
    const from = this.chunks.findLastIndex((chunk) => (kept += chunk.byteLength) >= tailBytes);
    if (from > 0) this.chunks = this.chunks.slice(from);
  }
}

/** The last members of an object, from the model or the usage on, as an object of their own. */
const lastMembers = (text: string): unknown => {
  const starts = ['"model"', '"usage"', '"usageMetadata"'].map((name) => text.lastIndexOf(name));
  for (const start of starts.filter((at) => at !== -1).sort((a, b) => a - b)) {
    const members = parse(`{${text.slice(start)}`);
    if (members !== undefined) return members;
  }
  return undefined;
};

export class EventBody implements Body {
  private readonly events: ServerSentEvents;
  private readonly merge: Merge;

  constructor(api: GenaiApi, onFirst: () => void) {
    this.merge = api.merge();
    this.events = new ServerSentEvents((data) => {
      onFirst();
      const event = parse(data);
      if (event !== undefined) this.merge.add(event);
    });
  }

  push(bytes: Uint8Array): void {
    this.events.push(bytes);
  }

  whole(): unknown {
    this.events.end();
    return this.merge.body();
  }
}
