/** Points D19 to D32 and D35 of the OTLP/HTTP checklist for traces, in both encodings, over the real HTTP server. */
import { describe, expect, test } from 'vitest';
import { spanFlags, type AttributeValue } from '../span.ts';
import { listen } from './conformance.testing.ts';
import { encode, type Json } from './encode.testing.ts';
import { attribute, encodings, gzip, named, request, span } from './ingest.testing.ts';

describe.each(encodings)('%s', (encoding) => {
  async function send(sent: readonly Json[]) {
    const ingest = await listen();
    const response = await ingest.send(encode(request(sent), encoding));
    return { spans: ingest.spans, response };
  }

  test('D19: ids are hex in either case, kept in lower case', async () => {
    const { spans } = await send([span(1, { traceId: 'ABCDEF0123456789'.repeat(2) })]);
    expect(spans[0]?.traceId).toBe('abcdef0123456789'.repeat(2));
  });

  test.each([
    ['empty', ''],
    ['absent', undefined],
    ['all zero', '0'.repeat(16)],
  ])('D19: a parent id that is %s makes a root', async (_, parentSpanId) => {
    const { spans } = await send([span(1, { parentSpanId })]);
    expect(spans[0]?.parentSpanId).toBe('');
  });

  test.each([
    ['a short trace id', { traceId: 'abcd' }],
    ['a long trace id', { traceId: 'ab'.repeat(17) }],
    ['a trace id of zeros', { traceId: '0'.repeat(32) }],
    ['no trace id', { traceId: undefined }],
    ['a short span id', { spanId: 'abcd' }],
    ['a span id of zeros', { spanId: '0'.repeat(16) }],
    ['no span id', { spanId: '' }],
    ['a short parent id', { parentSpanId: 'abcd' }],
  ])('D20: %s rejects that span only', async (_, wrong) => {
    const { spans, response } = await send([span(1), span(2, wrong), span(3)]);
    expect(response.status).toBe(200);
    expect(spans.map(({ spanId }) => spanId.slice(-1))).toEqual(['1', '3']);
  });

  test('D21: nanoseconds and 64-bit integers stay exact', async () => {
    const times = {
      startTimeUnixNano: '1763690400123456789',
      endTimeUnixNano: '1763690400123456790',
    };
    const attributes = [
      attribute('small', { intValue: '-7' }),
      attribute('large', { intValue: '9223372036854775807' }),
      attribute('least', { intValue: '-9223372036854775808' }),
    ];
    const { spans } = await send([span(1, { ...times, attributes })]);
    expect(spans[0]?.startTimeUnixNano).toBe(1763690400123456789n);
    expect(spans[0]?.endTimeUnixNano).toBe(1763690400123456790n);
    expect([...(spans[0]?.attributes ?? [])]).toEqual([
      ['small', -7],
      ['large', 9223372036854775807n],
      ['least', -9223372036854775808n],
    ]);
  });

  test.each([
    [0, 0],
    [5, 5],
    [9, 0],
  ])('D22: span kind %i is kept as %i', async (kind, expected) => {
    const { spans } = await send([span(1, { kind })]);
    expect(spans[0]?.otelKind).toBe(expected);
  });

  test('D24 D25: every kind of value is kept in every place', async () => {
    const everything = [
      attribute('string', { stringValue: 'text' }),
      attribute('bool', { boolValue: false }),
      attribute('int', { intValue: '12' }),
      attribute('double', { doubleValue: 0.5 }),
      attribute('bytes', { bytesValue: '3q2+7w==' }),
      attribute('array', { arrayValue: { values: [{ stringValue: 'a' }, {}, { intValue: '1' }] } }),
      attribute('map', { kvlistValue: { values: [attribute('in', { boolValue: true })] } }),
      attribute('empty', {}),
      attribute('', { stringValue: 'no name' }),
    ];
    const expected = new Map<string, AttributeValue>([
      ['string', 'text'],
      ['bool', false],
      ['int', 12],
      ['double', 0.5],
      ['bytes', { bytes: '3q2+7w==' }],
      ['array', ['a', null, 1]],
      ['map', new Map([['in', true]])],
      ['empty', null],
      ['', 'no name'],
    ]);
    const events = [{ name: 'e', timeUnixNano: '5', attributes: everything }];
    const links = [{ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), attributes: everything }];
    const whole = {
      resourceSpans: [
        {
          resource: { attributes: everything },
          scopeSpans: [
            {
              scope: { name: 's', attributes: everything },
              spans: [span(1, { attributes: everything, events, links })],
            },
          ],
        },
      ],
    };
    const ingest = await listen();
    await ingest.send(encode(whole, encoding));
    const [stored] = ingest.spans;
    expect(stored?.attributes).toEqual(expected);
    expect(stored?.resourceAttributes).toEqual(expected);
    expect(stored?.scopeAttributes).toEqual(expected);
    expect(stored?.events).toEqual([{ name: 'e', timeUnixNano: 5n, attributes: expected }]);
    expect(stored?.links[0]?.attributes).toEqual(expected);
  });

  test('D26: of a repeated key the last value wins', async () => {
    const attributes = [1, 2, 3].map((n) => attribute('twice', { intValue: String(n) }));
    const { spans } = await send([span(1, { attributes })]);
    expect([...(spans[0]?.attributes ?? [])]).toEqual([['twice', 3]]);
  });

  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'D26: a key called %s is a key like any other, everywhere',
    async (key) => {
      const poison = attribute(key, {
        kvlistValue: { values: [attribute(key, { stringValue: 'polluted' })] },
      });
      const flat = attribute(`llm.input_messages.0.${key}`, { stringValue: 'polluted' });
      const message = { name: 'gen_ai.user.message', attributes: [poison] };
      const poisoned = span(1, {
        attributes: [poison, flat, attribute('gen_ai.input.messages', poison['value'] as Json)],
        events: [message],
        links: [{ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), attributes: [poison] }],
      });
      const ingest = await listen();
      const response = await ingest.send(encode(request([poisoned, span(2)], [poison]), encoding));
      expect([response.status, ingest.spans.length]).toEqual([200, 2]);
      const [stored] = ingest.spans;
      const expected = new Map([[key, new Map([[key, 'polluted']])]]);
      expect(stored?.attributes).toEqual(expected);
      expect(stored?.resourceAttributes).toEqual(expected);
      expect(stored?.events[0]?.attributes).toEqual(expected);
      expect(stored?.links[0]?.attributes).toEqual(expected);
      expect(stored?.content.map(({ body }) => body)).toEqual([
        `{"${key}":"polluted"}`,
        `{"llm.input_messages.0.${key}":"polluted"}`,
        `[{"event.name":"gen_ai.user.message","${key}":{"${key}":"polluted"}}]`,
      ]);
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
      expect(Reflect.ownKeys(Object.prototype)).not.toContain('polluted');
    },
  );

  test('D26: texts of 10 MB are cut and flagged, the neighbours are whole', async () => {
    const long = 'ä'.repeat(5 * 1024 * 1024);
    const huge = span(1, {
      name: long,
      attributes: [
        attribute('note', { stringValue: long }),
        attribute('gen_ai.input.messages', { stringValue: `["${long}"]` }),
        attribute('llm.input_messages.0.message.content', { stringValue: long }),
        attribute('list', {
          arrayValue: { values: [{ stringValue: long }, { stringValue: 'b' }] },
        }),
        attribute('after', { stringValue: 'kept' }),
      ],
    });
    const { send: sendBody, spans } = await listen();
    const response = await sendBody(gzip(encode(request([huge, span(2)]), encoding)), {
      'content-type': encoding,
      'content-encoding': 'gzip',
    });
    expect(response.status).toBe(200);
    expect(spans.map(({ flags }) => flags & spanFlags.truncated)).toEqual([8, 0]);
    const sizes = [...(spans[0]?.attributes ?? [])].map(([key, value]) => [
      key,
      typeof value === 'string' ? Buffer.byteLength(value) : value,
    ]);
    expect(sizes).toEqual([
      ['note', 64 * 1024],
      ['list', ['ä'.repeat(32 * 1024 - 4)]],
      ['after', 4],
    ]);
    expect(Buffer.byteLength(spans[0]?.name ?? '')).toBe(1024);
    const bodies = spans[0]?.content.map(({ format, body }) => [format, Buffer.byteLength(body)]);
    expect(bodies?.[0]).toEqual(['text', 1024 * 1024]);
    expect(bodies?.[1]?.[0]).toBe('flat');
    expect(() => JSON.parse(spans[0]?.content[1]?.body ?? '')).not.toThrow();
  });

  test('D26: attributes beyond 1,024 are dropped and counted', async () => {
    const attributes = Array.from({ length: 1_100 }, (_, n) =>
      attribute(`k${n}`, { boolValue: true }),
    );
    const { spans } = await send([span(1, { attributes, droppedAttributesCount: 5 })]);
    expect(spans[0]?.attributes.size).toBe(1_024);
    expect(spans[0]?.droppedAttributes).toBe(81);
    expect((spans[0]?.flags ?? 0) & spanFlags.truncated).toBe(spanFlags.truncated);
  });

  test('D28: kind, status, flags and trace state are kept', async () => {
    const changes = {
      kind: 4,
      flags: 0x1301,
      traceState: 'a=1,b=2',
      status: { code: 1, message: 'm' },
    };
    const { spans } = await send([span(1, changes)]);
    expect(spans[0]).toMatchObject({
      otelKind: 4,
      traceState: 'a=1,b=2',
      status: 'ok',
      statusMessage: 'm',
      attributes: new Map([['otlp.flags', 0x1301]]),
    });
  });

  test.each([
    [
      'end before start',
      { startTimeUnixNano: '20', endTimeUnixNano: '10' },
      spanFlags.endBeforeStart,
    ],
    ['start 0', { startTimeUnixNano: '0' }, spanFlags.badTime],
    [
      'a start in the year 2100',
      { startTimeUnixNano: '4102444800000000000', endTimeUnixNano: '0' },
      spanFlags.badTime | spanFlags.running,
    ],
    ['end 0', { endTimeUnixNano: '0' }, spanFlags.running],
    ['the largest time there is', { endTimeUnixNano: '18446744073709551615' }, 0],
  ])('D29: %s is taken and flagged', async (_, times, flags) => {
    const { spans } = await send([span(1, times)]);
    expect(spans.map((stored) => stored.flags)).toEqual([flags]);
  });

  test('D30: events, links, dropped counts and schema URLs are kept', async () => {
    const events = [{ name: 'tick', timeUnixNano: '7', droppedAttributesCount: 1 }];
    const rel = attribute('orchescope.link.rel', { stringValue: 'retries' });
    const links = [
      {
        traceId: 'AB'.repeat(16),
        spanId: 'cd'.repeat(8),
        attributes: [rel],
        droppedAttributesCount: 2,
      },
      { traceId: 'no', spanId: 'no' },
    ];
    const counts = { droppedAttributesCount: 3, droppedEventsCount: 4, droppedLinksCount: 5 };
    const spans = [span(1, { events, links, ...counts })];
    const scopeSpans = [{ scope: { name: 's', version: '1' }, schemaUrl: 'https://s/2', spans }];
    const ingest = await listen();
    const whole = { resourceSpans: [{ schemaUrl: 'https://s/1', scopeSpans }] };
    await ingest.send(encode(whole, encoding));
    expect(ingest.spans[0]).toMatchObject({
      events: [{ name: 'tick', timeUnixNano: 7n }],
      links: [{ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), rel: 'retries' }],
      droppedAttributes: 6,
      droppedEvents: 4,
      droppedLinks: 6,
      scopeName: 's',
      scopeVersion: '1',
      scopeAttributes: new Map([['otel.scope.schema_url', 'https://s/2']]),
      resourceAttributes: new Map([['otel.resource.schema_url', 'https://s/1']]),
    });
  });

  test('D31: children before parents, orphans, several roots and repeated spans are taken as they come', async () => {
    const child = span(2, { parentSpanId: '01'.padStart(16, '0') });
    const orphan = span(3, { parentSpanId: 'ff'.repeat(8) });
    const self = span(4, { parentSpanId: '04'.padStart(16, '0') });
    const { spans } = await send([child, span(1), orphan, self, span(5), span(5)]);
    expect(spans.map(({ spanId }) => spanId.slice(-1))).toEqual(['2', '1', '3', '4', '5', '5']);
  });

  test.each([
    ['no resource', { scopeSpans: [{ spans: [span(1)] }] }, 'unknown_service'],
    ['no name', { resource: {}, scopeSpans: [{ spans: [span(1)] }] }, 'unknown_service'],
    [
      'the name an SDK makes up',
      {
        resource: { attributes: [named('unknown_service:node')] },
        scopeSpans: [{ spans: [span(1)] }],
      },
      'unknown_service:node',
    ],
    [
      'a name that is no text',
      {
        resource: { attributes: [attribute('service.name', { intValue: '5' })] },
        scopeSpans: [{ spans: [span(1)] }],
      },
      'unknown_service',
    ],
  ])('D32: a service with %s is flagged', async (_, resourceSpans, serviceName) => {
    const ingest = await listen();
    await ingest.send(encode({ resourceSpans: [resourceSpans] }, encoding));
    expect(ingest.spans[0]).toMatchObject({
      serviceName,
      scopeName: '',
      flags: spanFlags.noService,
    });
  });

  test('D35: values nested deeper than 32 are emptied, flagged and told', async () => {
    let value: Json = { stringValue: 'the bottom' };
    for (let depth = 0; depth < 40; depth++) value = { arrayValue: { values: [value] } };
    const { spans, response } = await send([
      span(1, { attributes: [attribute('deep', value)] }),
      span(2),
    ]);
    expect(spans.map(({ flags }) => flags)).toEqual([spanFlags.truncated, 0]);
    let nested: unknown = spans[0]?.attributes.get('deep');
    let depth = 0;
    for (; Array.isArray(nested); depth++) nested = nested[0];
    expect([depth, nested]).toEqual([32, null]);
    expect(Buffer.from(await response.arrayBuffer()).toString()).toContain('nested deeper than 32');
  });
});
