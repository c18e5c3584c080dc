/** Where the spans of a protobuf body lie. What they share is read; the spans themselves are not touched yet. */
import { readScope, type Scope } from '../otlp/envelope-protobuf.ts';
import type { Losses } from '../otlp/request.ts';
import { tagOf, wire, WireReader } from '../otlp/wire-reader.ts';
import {
  readResource,
  readScope as toScope,
  type Resource,
  type Scope as SharedScope,
} from '../to-span/read-resource.ts';

/** Spans of one scope of one resource. */
export type SpanGroup = {
  readonly resource: Resource;
  readonly scope: SharedScope;
  /** Start and end of each span in the body, one after the other. */
  readonly bounds: readonly number[];
};

export type MessageBudget = { messages: number };

/**
 * A resource may stand behind its spans, and a scope too, so both are looked for first.
 * @throws MalformedBodyError, TooManyMessagesError
 */
export function readBounds(body: Buffer, budget: MessageBudget, losses: Losses): SpanGroup[] {
  const groups: SpanGroup[] = [];
  const reader = new WireReader(body, 0, body.length, budget);
  while (reader.next()) {
    if (reader.tag === tagOf(1, wire.bytes)) readResourceSpans(reader.message(), losses, groups);
    else reader.skip();
  }
  return groups;
}

function readResourceSpans(reader: WireReader, losses: Losses, groups: SpanGroup[]): void {
  let attributes: Scope['attributes'] = new Map();
  let schemaUrl = '';
  const scopes: Omit<SpanGroup, 'resource'>[] = [];
  while (reader.next()) {
    switch (reader.tag) {
      case tagOf(1, wire.bytes):
        attributes = readScope(reader.message(), 1, losses).attributes;
        break;
      case tagOf(2, wire.bytes):
        scopes.push(readScopeSpans(reader.message(), losses));
        break;
      case tagOf(3, wire.bytes):
        schemaUrl = reader.text();
        break;
      default:
        reader.skip();
    }
  }
  const resource = readResource({ attributes, schemaUrl });
  for (const scope of scopes) groups.push({ resource, ...scope });
}

function readScopeSpans(reader: WireReader, losses: Losses): Omit<SpanGroup, 'resource'> {
  let scope: Scope = { name: '', version: '', attributes: new Map() };
  let schemaUrl = '';
  const bounds: number[] = [];
  while (reader.next()) {
    switch (reader.tag) {
      case tagOf(1, wire.bytes):
        scope = readScope(reader.message(), 3, losses);
        break;
      case tagOf(2, wire.bytes):
        reader.pushBounds(bounds);
        break;
      case tagOf(3, wire.bytes):
        schemaUrl = reader.text();
        break;
      default:
        reader.skip();
    }
  }
  return { scope: toScope({ ...scope, schemaUrl, spans: [], unreadable: [] }), bounds };
}
