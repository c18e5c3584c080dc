/** Points D14 and D21 to D27 of the OTLP/HTTP checklist: what only JSON can say. */
import { describe, expect, test } from 'vitest';
import type { AttributeValue } from '../span.ts';
import type { Json } from './encode.testing.ts';
import { attribute, ingestSpans, post, request, span, startIngest } from './ingest.testing.ts';

async function ingestJson(text: string) {
  const ingest = startIngest();
  const response = await post(ingest, text);
  return { ...ingest, status: response.status, reply: await response.text() };
}

/** The value of one attribute, sent as JSON text. */
async function readJsonValue(value: string): Promise<AttributeValue | undefined> {
  const json = JSON.stringify(request([span(1, { attributes: ['VALUE'] })]));
  const { spans } = await ingestJson(json.replace('"VALUE"', `{"key":"a","value":${value}}`));
  return spans[0]?.attributes.get('a');
}

describe('JSON', () => {
  test.each([
    ['"1763690400123456789"', 1763690400123456789n],
    ['1763690400123456789', 1763690400123456789n],
    [' 1763690400123456789', 1763690400123456789n],
    ['"1e3"', 1000n],
    ['1e3', 1000n],
    ['1.5', 1n],
    ['0', 0n],
    ['null', 0n],
    ['""', 0n],
  ])('D21: the time %s is read exactly', async (text, expected) => {
    const json = JSON.stringify(request([span(1, { startTimeUnixNano: 'TIME' })]));
    const { spans } = await ingestJson(json.replace('"TIME"', text));
    expect(spans[0]?.startTimeUnixNano).toBe(expected);
  });

  test.each(['"soon"', '-5', '"-5"', 'true', '{}', '[1]', '"99999999999999999999999"', '1e400'])(
    'D21: the time %s rejects that span only',
    async (text) => {
      const json = JSON.stringify(request([span(1, { endTimeUnixNano: 'TIME' }), span(2)]));
      const { spans, status, reply } = await ingestJson(json.replace('"TIME"', text));
      expect([status, spans.length]).toEqual([200, 1]);
      expect(reply).toContain('endTimeUnixNano');
    },
  );

  test.each<[string, AttributeValue]>([
    ['{"intValue":"12"}', 12],
    ['{"intValue":12}', 12],
    ['{"intValue":9007199254740993}', 9007199254740993n],
    ['{"intValue":"-9223372036854775808"}', -9223372036854775808n],
    ['{"intValue":1e+300}', 1e300],
    ['{"intValue":"18446744073709551615"}', 18446744073709552000],
    ['{"doubleValue":1}', 1],
    ['{"doubleValue":"0.25"}', 0.25],
    ['{"doubleValue":null}', null],
    ['{"doubleValue":"NaN"}', Number.NaN],
    ['{"doubleValue":"Infinity"}', Infinity],
    ['{"doubleValue":"-Infinity"}', -Infinity],
    ['{"doubleValue":12345678901234567890}', 12345678901234567000],
    ['{"stringValue":""}', ''],
    ['{"stringValue":"\\ud800 half a pair"}', '\ufffd half a pair'],
    ['{"boolValue":false}', false],
    ['{"bytesValue":"3q2-7w"}', { bytes: '3q2+7w==' }],
    ['{"arrayValue":{}}', []],
    ['{"arrayValue":null}', null],
    ['{"kvlistValue":{"values":[{"key":"a"}]}}', new Map([['a', null]])],
    ['{}', null],
    ['null', null],
    ['{"newValue":"from the future"}', null],
    ['{"string_value":"snake"}', null],
  ])('D24: the value %s is read', async (text, expected) => {
    expect(await readJsonValue(text)).toEqual(expected);
  });

  test.each(['{"stringValue":5}', '{"boolValue":"yes"}', '{"intValue":"many"}', '[]', '"text"'])(
    'D24: the value %s rejects that span only',
    async (text) => {
      const json = JSON.stringify(request([span(1, { attributes: ['VALUE'] }), span(2)]));
      const { spans } = await ingestJson(json.replace('"VALUE"', `{"key":"a","value":${text}}`));
      expect(spans.map(({ spanId }) => spanId.slice(-1))).toEqual(['2']);
    },
  );

  test('D24: references into a string table are empty, and the sender is told', async () => {
    const attributes = [
      { keyStrindex: 3, value: { stringValue: 'v' } },
      { key: 'k', value: { stringValueStrindex: 4 } },
    ];
    const { spans, reply } = await ingestJson(JSON.stringify(request([span(1, { attributes })])));
    expect(spans[0]?.attributes).toEqual(
      new Map([
        ['', 'v'],
        ['k', null],
      ]),
    );
    expect(JSON.parse(reply)).toEqual({
      partialSuccess: {
        rejectedSpans: '0',
        errorMessage: 'Attributes that refer to a string table were read as empty.',
      },
    });
  });

  test.each([
    ['a trace id', { traceId: 'g'.repeat(32) }],
    ['a trace id in base64', { traceId: 'W47/95gDgQPSabYzgT/GDA==' }],
    ['a span id', { spanId: 'not hex at all!!' }],
    ['a parent id', { parentSpanId: 'z'.repeat(16) }],
  ])('D20: %s that is no hex rejects that span only', async (_, wrong) => {
    const { spans } = await ingestSpans([span(1, wrong), span(2)]);
    expect(spans.map(({ spanId }) => spanId.slice(-1))).toEqual(['2']);
  });

  test.each<[unknown, number]>([
    [3, 3],
    ['3', 3],
    ['SPAN_KIND_CLIENT', 3],
    ['SPAN_KIND_FUTURE', 0],
    [null, 0],
    [-1, 0],
    [2 ** 40, 0],
  ])('D22: the kind %j is read as %i', async (kind, expected) => {
    const { spans } = await ingestSpans([span(1, { kind })]);
    expect(spans[0]?.otelKind).toBe(expected);
  });

  test('D22: a status may be named', async () => {
    const { spans } = await ingestSpans([span(1, { status: { code: 'STATUS_CODE_ERROR' } })]);
    expect(spans[0]?.status).toBe('error');
  });

  test('D23: unknown fields are ignored at every level, snake_case names with them', async () => {
    const unknown = { future: { a: [1] }, trace_id: 'x', start_time_unix_nano: '1' };
    const body = {
      ...unknown,
      resourceSpans: [
        {
          ...unknown,
          resource: {
            ...unknown,
            attributes: [{ ...attribute('service.name', { stringValue: 's' }), ...unknown }],
          },
          scopeSpans: [
            { ...unknown, scope: unknown, spans: [span(1, { ...unknown, status: unknown })] },
          ],
        },
      ],
    };
    const { spans, reply } = await ingestJson(JSON.stringify(body));
    expect(reply).toBe('{}');
    expect(spans[0]).toMatchObject({ serviceName: 's', startTimeUnixNano: 1763690400000000001n });
  });

  test('D27: null is absent for every optional message and list', async () => {
    const nothing = {
      parentSpanId: null,
      traceState: null,
      kind: null,
      attributes: null,
      events: null,
      links: null,
      status: null,
      flags: null,
      droppedAttributesCount: null,
    };
    const scopeSpans = [{ scope: null, schemaUrl: null, spans: [span(1, nothing)] }];
    const body = { resourceSpans: [{ resource: null, schemaUrl: null, scopeSpans }, null] };
    const { spans, status, reply } = await ingestJson(JSON.stringify(body));
    expect([status, reply, spans.length]).toEqual([200, '{}', 1]);
  });

  test.each([
    '',
    'null',
    '[]',
    '"text"',
    '17',
    '{"resourceSpans":',
    '{"resourceSpans":{}}',
    '{"resourceSpans":[5]}',
    '{"resourceSpans":[{"scopeSpans":"x"}]}',
    '{"resourceSpans":[{"scopeSpans":[{"spans":7}]}]}',
    '{"resourceSpans":[{"resource":{"attributes":5}}]}',
    `${'['.repeat(200_000)}`,
    `{"a":${'['.repeat(200_000)}12345678901234567890${']'.repeat(200_000)}}`,
  ])('D14: %.60j is 400', async (text) => {
    const { status, spans, refused } = await ingestJson(text);
    expect([status, spans, refused]).toEqual([400, [], [['malformed', 1]]]);
  });

  test.each([
    [5],
    ['text'],
    [[]],
    [{ traceId: 5 }],
    [{ name: {} }],
    [{ events: [5] }],
    [{ links: 'x' }],
  ])('D14: the span %j is rejected alone', async (wrong) => {
    const isChange = typeof wrong === 'object' && !Array.isArray(wrong);
    const broken = isChange ? span(2, wrong) : wrong;
    const { spans } = await ingestJson(JSON.stringify(request([span(1), broken as Json, span(3)])));
    expect(spans.map(({ spanId }) => spanId.slice(-1))).toEqual(['1', '3']);
  });

  test('a body called __proto__ is no request', async () => {
    const { spans, reply } = await ingestJson(
      `{"__proto__":${JSON.stringify(request([span(1)]))}}`,
    );
    expect([spans, reply]).toEqual([[], '{}']);
  });
});
