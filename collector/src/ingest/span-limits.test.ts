/** The limits of a span as an operator sets them: what is longer is cut, told and flagged, never refused. */
import { beforeEach, describe, expect, test } from 'vitest';
import { spanFlags, type Span } from '../span.ts';
import { encode, type Json } from './encode.testing.ts';
import {
  attribute,
  encodings,
  post,
  request,
  span,
  startIngest,
  type TestIngest,
} from './ingest.testing.ts';

describe.each(encodings)('%s', (encoding) => {
  let ingest: TestIngest;
  beforeEach(() => {
    ingest = startIngest({
      limits: {
        attributes: 3,
        attributeBytes: 100,
        contentBytes: 200,
        nameBytes: 64,
        valueDepth: 2,
      },
    });
  });

  async function take(changes: Json): Promise<{ stored: Span; told: string }> {
    const response = await post(ingest, encode(request([span(1, changes)]), encoding));
    const told = Buffer.from(await response.arrayBuffer()).toString();
    expect(response.status).toBe(200);
    const [stored] = ingest.spans;
    if (stored === undefined) throw new Error('nothing was stored');
    return { stored, told };
  }

  const text = (key: string, length: number): Json =>
    attribute(key, { stringValue: 'x'.repeat(length) });

  test('attributes beyond the limit are dropped and counted', async () => {
    const attributes = Array.from({ length: 5 }, (_, n) => text(`key${n}`, 1));
    const { stored, told } = await take({ attributes });
    expect([...stored.attributes.keys()]).toEqual(['key0', 'key1', 'key2']);
    expect(stored.droppedAttributes).toBe(2);
    expect(stored.flags & spanFlags.truncated).not.toBe(0);
    expect(told).toContain('cut to the limits: 3 attributes, 100 bytes a value, 200 bytes a');
  });

  test('as many as may be are kept, and nobody is told', async () => {
    const attributes = Array.from({ length: 3 }, (_, n) => text(`key${n}`, 100));
    const { stored, told } = await take({ attributes, name: 'n'.repeat(64) });
    expect([...stored.attributes.values()].map((value) => String(value).length)).toEqual([
      100, 100, 100,
    ]);
    expect(stored.flags & spanFlags.truncated).toBe(0);
    expect(told).not.toContain('cut to the limits');
  });

  test('a value, a name and a message are cut to their bytes', async () => {
    const { stored } = await take({
      name: 'n'.repeat(65),
      attributes: [text('long', 101), text('gen_ai.input.messages', 201)],
    });
    expect(stored.name).toHaveLength(64);
    expect(String(stored.attributes.get('long'))).toHaveLength(100);
    expect(stored.content.map(({ body }) => Buffer.byteLength(body))).toEqual([200]);
    expect(stored.flags & spanFlags.truncated).not.toBe(0);
  });

  test('what is nested deeper is emptied, and the sender is told', async () => {
    const nest = (depth: number): Json =>
      depth === 0 ? { stringValue: 'deep' } : { arrayValue: { values: [nest(depth - 1)] } };
    const { stored, told } = await take({ attributes: [attribute('deep', nest(3))] });
    expect(stored.attributes.get('deep')).toEqual([[null]]);
    expect(told).toContain('Values nested deeper than 2 were emptied.');
  });
});
