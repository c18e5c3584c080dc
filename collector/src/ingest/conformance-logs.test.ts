/** The points of the OTLP/HTTP checklist that concern log records, in both encodings. */
import type { Attributes } from '@opentelemetry/api';
import { JsonLogsSerializer, ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import { describe, expect, test } from 'vitest';
import { logFlags } from '../log-record.ts';
import { StoreUnavailableError } from '../store/store.ts';
import { delimited, encode, tag, type Json } from './encode.testing.ts';
import { attribute, encodings, gzip, named, post, startIngest } from './ingest.testing.ts';
import { logRequest, send, sendBody, time, type Sent } from './signals.testing.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

function record(changes: Json = {}): Json {
  return { timeUnixNano: time, body: { stringValue: 'hello' }, traceId, spanId, ...changes };
}

/** One level of an AnyValue for each of `depth`. */
function nest(depth: number): Json {
  let value: Json = { stringValue: 'deep' };
  for (let level = 0; level < depth; level += 1) value = { arrayValue: { values: [value] } };
  return value;
}

describe.each(encodings)('%s', (encoding) => {
  const sendAll = (records: readonly Json[]): Promise<Sent> =>
    send('logs', logRequest(records), encoding);
  const sendOne = async (changes: Json): Promise<Json> => {
    const { rows, status, told } = await sendAll([record(changes)]);
    expect([status, told, rows.length]).toEqual([200, { rejected: 0, message: '' }, 1]);
    return rows[0] as Json;
  };

  test.each([{}, { resourceLogs: [] }, { resourceLogs: [{ scopeLogs: [{}] }] }])(
    'D8 and D9: %j is a full success without a word',
    async (request) => {
      const response = await post(startIngest(), encode(request, encoding), {}, '/v1/logs');
      const expected = encoding === 'application/json' ? '{}' : '';
      expect([response.status, await response.text()]).toEqual([200, expected]);
      expect(response.headers.get('content-type')).toBe(encoding);
    },
  );

  test('D4: gzip is taken', async () => {
    const body = gzip(encode(logRequest([record()]), encoding));
    const ingest = startIngest();
    const headers = { 'content-encoding': 'gzip', 'content-type': encoding };
    expect((await post(ingest, body, headers, '/v1/logs')).status).toBe(200);
  });

  test('D12 and D15: nothing is acknowledged that is not on disk; the sender shall come again', async () => {
    const commit = () => Promise.reject(new StoreUnavailableError('the disk is full'));
    const { status, refused } = await sendBody(
      'logs',
      encode(logRequest([record(), record()]), encoding),
      { commit },
    );
    expect([status, refused]).toEqual([503, [['unavailable', 2]]]);
  });

  test('D19: ids are kept in lower case', async () => {
    const row = await sendOne({ traceId: traceId.toUpperCase(), spanId: spanId.toUpperCase() });
    expect([row['trace_id'], row['span_id']]).toEqual([traceId, spanId]);
  });

  test.each([
    ['absent', undefined, undefined],
    ['empty', '', ''],
    ['zeros', '0'.repeat(32), spanId],
    ['too short', 'abcd', spanId],
    ['too long', 'ab'.repeat(17), spanId],
  ])(
    'D20: a trace id that is %s belongs to no trace, and the record is taken',
    async (_, id, span) => {
      const row = await sendOne({ traceId: id, spanId: span });
      expect([row['trace_id'], row['span_id'], row['body']]).toEqual([
        undefined,
        undefined,
        'hello',
      ]);
    },
  );

  test('D20: a wrong span id leaves the record with its trace', async () => {
    const row = await sendOne({ spanId: 'abcd' });
    expect([row['trace_id'], row['span_id']]).toEqual([traceId, undefined]);
  });

  test('D21: nanoseconds and 64-bit integers stay exact', async () => {
    const row = await sendOne({
      timeUnixNano: '1763690400123456789',
      body: { intValue: '9223372036854775807' },
      attributes: [attribute('least', { intValue: '-9223372036854775808' })],
    });
    expect(row).toMatchObject({
      time: 1763690400123456789n,
      body: '9223372036854775807',
      body_type: 'int',
      attributes: [['least', '-9223372036854775808']],
    });
  });

  test.each([
    [0, undefined],
    [9, 9],
    [24, 24],
    [77, 77],
  ])('D22: severity %i is kept', async (severityNumber, expected) => {
    expect((await sendOne({ severityNumber }))['severity_number']).toBe(expected);
  });

  test('D24 and D25: a body may be anything, and so may every attribute', async () => {
    const everything = [
      attribute('bool', { boolValue: false }),
      attribute('double', { doubleValue: 0.5 }),
      attribute('bytes', { bytesValue: '3q2+7w==' }),
      attribute('array', { arrayValue: { values: [{ stringValue: 'a' }, {}, { intValue: '1' }] } }),
      attribute('empty', {}),
      attribute('', { stringValue: 'no name' }),
    ];
    const row = await sendOne({
      body: { kvlistValue: { values: everything } },
      attributes: everything,
    });
    expect(row).toMatchObject({
      body: '{"bool":false,"double":0.5,"bytes":{"$bytes":"3q2+7w=="},"array":["a",null,1],"empty":null,"":"no name"}',
      body_type: 'map',
      attributes: [
        ['bool', 'false'],
        ['double', '0.5'],
        ['bytes', '3q2+7w=='],
        ['array', '["a",null,1]'],
        ['empty', ''],
        ['', 'no name'],
      ],
      attribute_types: [
        ['bool', 'bool'],
        ['double', 'double'],
        ['bytes', 'bytes'],
        ['array', 'array'],
        ['empty', 'empty'],
      ],
    });
  });

  test('D24: numbers that are none keep their names', async () => {
    const doubles = [NaN, Infinity, -Infinity];
    const attributes = doubles.map((value) =>
      attribute(String(value), {
        doubleValue: encoding === 'application/json' ? String(value) : value,
      }),
    );
    const row = await sendOne({ attributes });
    expect(row['attributes']).toEqual(doubles.map((value) => [String(value), String(value)]));
  });

  test('D26: of a repeated key the last value wins', async () => {
    const attributes = [1, 2, 3].map((n) => attribute('twice', { intValue: String(n) }));
    expect((await sendOne({ attributes }))['attributes']).toEqual([['twice', '3']]);
  });

  test.each(['__proto__', 'constructor', 'prototype', 'toString'])(
    'D26: a key called %s is a key like any other, everywhere',
    async (key) => {
      const poison = attribute(key, {
        kvlistValue: { values: [attribute(key, { stringValue: 'polluted' })] },
      });
      const poisoned = record({
        eventName: 'gen_ai.user.message',
        attributes: [poison],
        body: { kvlistValue: { values: [poison] } },
      });
      const { rows } = await send('logs', logRequest([poisoned], [poison]), encoding);
      expect(rows[0]).toMatchObject({
        attributes: [[key, `{"${key}":"polluted"}`]],
        body: `{"${key}":{"${key}":"polluted"}}`,
        resource_attributes: [[key, `{"${key}":"polluted"}`]],
      });
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
    },
  );

  test('D26 and D11: texts of 10 MB are cut, flagged and told, the neighbours are whole', async () => {
    const long = 'ä'.repeat(512 * 1024);
    const huge = record({
      body: { stringValue: 'ä'.repeat(5 * 1024 * 1024) },
      eventName: long,
      severityText: long,
      attributes: [
        attribute('note', { stringValue: long }),
        attribute('gen_ai.evaluation.explanation', { stringValue: long }),
      ],
    });
    const { rows, told, refused } = await sendAll([huge, record()]);
    const [cut, whole] = rows as [Json, Json];
    const lengths = ['body', 'event_name', 'severity_text'].map((name) =>
      Buffer.byteLength(String(cut[name])),
    );
    expect(lengths).toEqual([1_048_576, 1_024, 1_024]);
    expect(Number(cut['flags']) & logFlags.truncated).toBe(logFlags.truncated);
    expect([whole['flags'], whole['body'], refused]).toEqual([undefined, 'hello', []]);
    expect(told).toMatchObject({
      rejected: 0,
      message: expect.stringContaining('1 log records were cut to the limits') as string,
    });
  });

  test('D26: a message may be as long as a message of a span', async () => {
    const content = 'a'.repeat(300_000);
    const attributes = [attribute('gen_ai.input.messages', { stringValue: content })];
    const details = await sendOne({
      eventName: 'gen_ai.client.inference.operation.details',
      attributes,
    });
    expect([details['flags'], details['content_bodies']]).toEqual([undefined, [content]]);
    const old = await sendOne({
      eventName: 'gen_ai.user.message',
      body: {},
      attributes: [attribute('content', { stringValue: content })],
    });
    expect([old['flags'], old['attributes']]).toEqual([undefined, [['content', content]]]);
  });

  test('D26: of a thousand attributes and more, the first thousand are kept', async () => {
    const attributes = Array.from({ length: 1_500 }, (_, at) =>
      attribute(`key ${at}`, { intValue: String(at) }),
    );
    const { rows } = await sendAll([record({ attributes })]);
    expect(rows[0]?.['attributes']).toHaveLength(1_024);
    expect([rows[0]?.['dropped_attributes'], rows[0]?.['flags']]).toEqual([
      476,
      logFlags.truncated,
    ]);
  });

  test('D29: a record of the future is taken and flagged', async () => {
    const row = await sendOne({ timeUnixNano: '4000000000000000000' });
    expect(Number(row['flags']) & logFlags.badTime).toBe(logFlags.badTime);
    const late = await sendOne({ timeUnixNano: '18446744073709551615' });
    expect(late['time']).toBe(4_294_967_295_999_999_999n);
  });

  test('D30: what was dropped before us, trace flags and schema urls are kept', async () => {
    const request = logRequest([record({ droppedAttributesCount: 3, flags: 257 })]);
    const [resource] = request['resourceLogs'] as Json[];
    const [scope] = (resource?.['scopeLogs'] ?? []) as Json[];
    const { rows } = await send(
      'logs',
      {
        resourceLogs: [
          {
            ...resource,
            schemaUrl: 'https://r',
            scopeLogs: [{ ...scope, schemaUrl: 'https://s' }],
          },
        ],
      },
      encoding,
    );
    expect(rows[0]).toMatchObject({ dropped_attributes: 3, trace_flags: 257 });
    expect(rows[0]?.['resource_attributes']).toContainEqual([
      'otel.resource.schema_url',
      'https://r',
    ]);
    expect(rows[0]?.['scope_attributes']).toEqual([['otel.scope.schema_url', 'https://s']]);
  });

  test('D32: a resource without a name, and no resource or scope at all', async () => {
    const none = { resourceLogs: [{ scopeLogs: [{ logRecords: [record()] }] }] };
    for (const request of [logRequest([record()], []), none]) {
      const { rows } = await send('logs', request, encoding);
      expect(rows[0]).toMatchObject({
        service_name: 'unknown_service',
        flags: logFlags.noService,
      });
    }
  });

  test.each([
    ['field 12', { eventName: 'shop.sold' }],
    ['the attribute', { attributes: [attribute('event.name', { stringValue: 'shop.sold' })] }],
    [
      'field 12 before the attribute',
      {
        eventName: 'shop.sold',
        attributes: [attribute('event.name', { stringValue: 'older' })],
      },
    ],
    [
      'the attribute before a place in source code',
      {
        eventName: 'event src/main.rs:12',
        attributes: [attribute('event.name', { stringValue: 'shop.sold' })],
      },
    ],
  ])('D33: the name of an event is read of %s', async (_, changes) => {
    expect((await sendOne(changes))['event_name']).toBe('shop.sold');
  });

  test('D33: without a time it is the time it was observed, else the time it came', async () => {
    const observed = await sendOne({ timeUnixNano: '0', observedTimeUnixNano: time });
    expect(observed).toMatchObject({ time: BigInt(time), flags: logFlags.noTime });
    const before = BigInt(Date.now()) * 1_000_000n;
    const neither = await sendOne({ timeUnixNano: undefined });
    expect(neither['flags']).toBe(logFlags.noTime);
    expect(Number((neither['time'] as bigint) - before)).toBeGreaterThanOrEqual(0);
    expect(neither['observed_time']).toBeUndefined();
  });

  test('D33: a record of nothing at all is a record', async () => {
    const { rows, reply } = await sendAll([{}]);
    expect([rows.length, reply]).toEqual([1, {}]);
  });

  test('D35: deep values are emptied, and the sender is told', async () => {
    const { rows, told } = await sendAll([record({ body: nest(40) }), record({ body: nest(5) })]);
    expect(rows.map(({ flags }) => flags)).toEqual([logFlags.truncated, undefined]);
    expect(told.message).toContain('nested deeper');
  });

  test('a request of more records than may come at once is refused whole', async () => {
    const body = encode(logRequest([record(), record(), record()]), encoding);
    const { status, rows, refused } = await sendBody('logs', body, {
      limits: { recordsPerRequest: 2 },
    });
    expect([status, rows.length, refused]).toEqual([413, 0, [['too_large', 3]]]);
  });

  test('many records are taken in turns, all of them, in order', async () => {
    const records = Array.from({ length: 5_000 }, (_, at) =>
      record({ body: { intValue: String(at) } }),
    );
    const { rows } = await sendAll(records);
    expect(rows.map(({ body }) => Number(body))).toEqual(Array.from(records, (_, at) => at));
  });

  test('two projects may send the same ids', async () => {
    const request = encode(logRequest([record()]), encoding);
    const ingest = startIngest();
    for (const project of ['a', 'b']) {
      const headers = { 'orchescope-project': project };
      expect((await post(ingest, request, headers, '/v1/logs')).status).toBe(200);
    }
  });
});

describe('JSON alone', () => {
  const sendJson = (records: readonly Json[]): Promise<Sent> =>
    sendBody('logs', JSON.stringify(logRequest(records)));

  test('D10: a record that cannot be read is rejected alone, counted, and the reason is told', async () => {
    const { rows, status, reply, refused } = await sendJson([
      record(),
      record({ timeUnixNano: 'yesterday' }),
      record({ attributes: 'none' }),
      record(),
    ]);
    expect([status, rows.length]).toEqual([200, 2]);
    expect(reply).toEqual({
      partialSuccess: {
        rejectedLogRecords: '2',
        errorMessage:
          'Rejected 2 log records: timeUnixNano must be an integer; attributes must be an array.',
      },
    });
    expect(refused).toEqual([['invalid_log_record', 2]]);
  });

  test.each([
    ['no JSON', '{"resourceLogs":['],
    ['a list', '[]'],
    ['null', 'null'],
    ['a list that is none', '{"resourceLogs":{}}'],
    ['records that are none', '{"resourceLogs":[{"scopeLogs":[{"logRecords":7}]}]}'],
  ])('D14: a body that is %s is 400', async (_, body) => {
    const { status, reply, refused } = await sendBody('logs', body);
    expect([status, typeof reply['message'], refused]).toEqual([400, 'string', [['malformed', 1]]]);
  });

  test('D20: ids that are no hex belong to no trace', async () => {
    const { rows } = await sendJson([record({ traceId: 'CvdlGRbNQ92ESOshHIAxnA==' })]);
    expect(rows[0]?.['trace_id']).toBeUndefined();
  });

  test('D21: integers come as strings, numbers and in exponent notation, and may be too large', async () => {
    const ints = ['7', 7, 7.0, '1e3', 1e300, '9007199254740993'];
    const attributes = ints.map((intValue, at) => attribute(`n${at}`, { intValue }));
    const { rows } = await sendJson([record({ timeUnixNano: 1763690400000000000, attributes })]);
    expect(rows[0]?.['attributes']).toEqual([
      ['n0', '7'],
      ['n1', '7'],
      ['n2', '7'],
      ['n3', '1000'],
      ['n4', '1e+300'],
      ['n5', '9007199254740993'],
    ]);
  });

  test('D22: the names of severities are understood too, and unknown ones are none', async () => {
    const { rows } = await sendJson([
      record({ severityNumber: 'SEVERITY_NUMBER_WARN2' }),
      record({ severityNumber: 'SEVERITY_NUMBER_WHATEVER' }),
    ]);
    expect(rows.map((row) => row['severity_number'])).toEqual([14, undefined]);
  });

  test('D23: unknown fields and snake_case names say nothing', async () => {
    const { rows, reply } = await sendJson([
      record({ timeUnixNano: '0', time_unix_nano: time, severity_number: 9, future: { a: [1] } }),
    ]);
    expect(reply).toEqual({});
    expect([rows[0]?.['severity_number'], rows[0]?.['flags']]).toEqual([
      undefined,
      logFlags.noTime,
    ]);
  });

  test('D24: an empty value, also as JavaScript writes NaN', async () => {
    const values: readonly Json[] = [{}, { doubleValue: null }, { stringValue: null }];
    const attributes = values.map((value, at) => attribute(`v${at}`, value));
    const { rows } = await sendJson([record({ body: {}, attributes })]);
    expect([rows[0]?.['body'], rows[0]?.['body_type']]).toEqual([undefined, 'empty']);
    expect(rows[0]?.['attribute_types']).toEqual(values.map((_, at) => [`v${at}`, 'empty']));
  });

  test('D24 and D11: references to a table of strings are empty, and the sender is told', async () => {
    const attributes = [{ keyStrindex: 1, value: { stringValueStrindex: 2 } }];
    const { reply } = await sendJson([record({ attributes })]);
    expect(reply).toMatchObject({ partialSuccess: { rejectedLogRecords: '0' } });
  });

  test('D35: a thousand levels crash nobody', async () => {
    const { status, rows } = await sendJson([record({ body: nest(1_000) })]);
    expect([status, rows[0]?.['flags']]).toEqual([200, logFlags.truncated]);
  });

  test('D27: null is absent wherever it stands', async () => {
    const nothing = Object.fromEntries(Object.keys(record()).map((name) => [name, null]));
    const nulls = { ...nothing, attributes: null, eventName: null, flags: null };
    const { rows, reply } = await sendBody(
      'logs',
      JSON.stringify({
        resourceLogs: [
          { resource: null, scopeLogs: null },
          { resource: { attributes: null }, scopeLogs: [{ scope: null, logRecords: [nulls] }] },
        ],
      }),
    );
    expect([rows.length, reply]).toEqual([1, {}]);
  });

  test('D27: halves of surrogate pairs are replaced', async () => {
    const body = JSON.stringify(logRequest([record()])).replace('hello', 'a\\ud800b');
    const { rows } = await sendBody('logs', body);
    expect(rows[0]?.['body']).toBe('a\ufffdb');
  });
});

describe('protobuf alone', () => {
  const wrap = (fields: Buffer): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(delimited(1, delimited(2, delimited(2, fields))));

  test('D14: a body that ends too early is 400', async () => {
    const whole = encode(
      logRequest([record()]),
      'application/x-protobuf',
    ) as Uint8Array<ArrayBuffer>;
    for (const length of [1, 10, whole.length - 1]) {
      expect((await sendBody('logs', whole.slice(0, length))).status).toBe(400);
    }
  });

  test('D35: groups are 400, unknown fields and wire types are skipped', async () => {
    const group = Buffer.concat([tag(13, 3), tag(13, 4)]);
    expect((await sendBody('logs', wrap(group))).status).toBe(400);
    const unknown = Buffer.concat([delimited(99, Buffer.from('x')), tag(1, 0), Buffer.from([5])]);
    const { status, rows } = await sendBody('logs', wrap(unknown));
    expect([status, rows.length, rows[0]?.['flags']]).toEqual([
      200,
      1,
      logFlags.noTime | logFlags.noService,
    ]);
  });

  test('D35: a thousand levels crash nobody', async () => {
    let value = delimited(1, Buffer.from('deep'));
    for (let level = 0; level < 1_000; level += 1) value = delimited(5, delimited(1, value));
    const { status, rows } = await sendBody('logs', wrap(delimited(5, value)));
    expect([status, Number(rows[0]?.['flags']) & logFlags.truncated]).toEqual([200, 8]);
  });

  test('D35: text that is no UTF-8 does not kill the batch', async () => {
    const body = delimited(5, delimited(1, Buffer.from([0x61, 0xff, 0x62])));
    const { rows } = await sendBody('logs', wrap(body));
    expect(rows[0]?.['body']).toBe('a\ufffdb');
  });

  test('D35: a million empty records are refused before they are many objects', async () => {
    const records = Buffer.alloc(2 * 1_100_000);
    for (let at = 0; at < records.length; at += 2) records[at] = 18;
    const body = Uint8Array.from(delimited(1, delimited(2, records)));
    const { status, refused } = await sendBody('logs', body);
    expect([status, refused]).toEqual([413, [['too_large', 1]]]);
  });
});

test("D36: what OpenTelemetry's own serialisers write in either encoding becomes equal rows", async () => {
  const exporter = new InMemoryLogRecordExporter();
  const processors = [new SimpleLogRecordProcessor({ exporter })];
  const logger = new LoggerProvider({ processors }).getLogger('app', '1.2.3');
  const attributes: Attributes = { whole: 1, half: 0.5, list: ['a', 'b'], yes: true };
  logger.emit({
    eventName: 'gen_ai.choice',
    severityNumber: 9,
    severityText: 'INFO',
    timestamp: [1_763_690_400, 5],
    observedTimestamp: [1_763_690_400, 7],
    body: {
      index: 0,
      message: { role: 'assistant', content: 'hi', extra: [1, null, { a: 0.25 }] },
    },
    attributes,
  });
  logger.emit({
    body: 'plain',
    timestamp: [1_763_690_401, 0],
    observedTimestamp: [1_763_690_401, 0],
  });
  const records = exporter.getFinishedLogRecords();
  const json = await sendBody(
    'logs',
    Buffer.from(JsonLogsSerializer.serializeRequest(records) ?? []).toString(),
  );
  const protobuf = await sendBody(
    'logs',
    Uint8Array.from(ProtobufLogsSerializer.serializeRequest(records) ?? []),
  );
  expect(json.rows).toHaveLength(2);
  expect(json.rows[0]).toMatchObject({
    time: 1_763_690_400_000_000_005n,
    observed_time: 1_763_690_400_000_000_007n,
    event_name: 'gen_ai.choice',
    fact: 1,
    message_slot: 'output_messages',
    body: '{"index":0,"message":{"role":"assistant","content":"hi","extra":[1,null,{"a":0.25}]}}',
    scope_name: 'app',
    scope_version: '1.2.3',
  });
  expect(protobuf.rows).toEqual(json.rows);
});

test('a resource may say its name once for many records', async () => {
  const { rows } = await send(
    'logs',
    logRequest([record(), record()], [named('till')]),
    'application/json',
  );
  expect(rows.map((row) => row['service_name'])).toEqual(['till', 'till']);
});
