import type { GenaiApi, Merge } from './genai-api.ts';
import { parse } from './json.ts';
import { ServerSentEvents } from './server-sent-events.ts';

const largestBody = 32 * 1024 * 1024;

/** What has come of an answer so far. */
export type Body = { readonly push: (bytes: Uint8Array) => void; readonly whole: () => unknown };

/** JSON in one piece. What is too large to keep is not read at all. */
export class WholeBody implements Body {
  private readonly chunks: Uint8Array[] = [];
  private size = 0;

  push(bytes: Uint8Array): void {
    this.size += bytes.byteLength;
    if (this.size <= largestBody) this.chunks.push(bytes.slice());
    else this.chunks.length = 0;
  }

  whole(): unknown {
    const decoder = new TextDecoder();
    const text = this.chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('');
    return text === '' ? undefined : parse(text + decoder.decode());
  }
}

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
