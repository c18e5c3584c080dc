/** The points of the OTLP/HTTP checklist that concern metrics, in both encodings. */
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import {
  AggregationTemporality,
  AggregationType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { describe, expect, test } from 'vitest';
import { pointFlags } from '../metric-point.ts';
import { StoreUnavailableError } from '../store/store.ts';
import { delimited, encode, tag, varint, type Json } from './encode.testing.ts';
import { attribute, encodings, post, startIngest } from './ingest.testing.ts';
import { metricRequest, send, sendBody, time, type Sent } from './signals.testing.ts';

const point = (changes: Json = {}): Json => ({ timeUnixNano: time, asDouble: 1.5, ...changes });
const gauge = (dataPoints: readonly Json[], name = 'm'): Json => ({ name, gauge: { dataPoints } });

const histogramPoint: Json = {
  startTimeUnixNano: '1763690400000000000',
  timeUnixNano: time,
  count: '6',
  sum: 4.25,
  min: 0.1,
  max: 3,
  bucketCounts: ['1', '2', '3'],
  explicitBounds: [0.5, 1],
};

describe.each(encodings)('%s', (encoding) => {
  const sendAll = (metrics: readonly Json[]): Promise<Sent> =>
    send('metrics', metricRequest(metrics), encoding);
  const sendOne = async (metric: Json): Promise<Json> => {
    const { rows, status, told } = await sendAll([metric]);
    expect([status, told, rows.length]).toEqual([200, { rejected: 0, message: '' }, 1]);
    return rows[0] as Json;
  };
  const histogram = (changes: Json): Json => ({
    name: 'h',
    histogram: { aggregationTemporality: 2, dataPoints: [{ ...histogramPoint, ...changes }] },
  });

  test.each([{}, { resourceMetrics: [] }, { resourceMetrics: [{ scopeMetrics: [{}] }] }])(
    'D8 and D9: %j is a full success without a word',
    async (request) => {
      const response = await post(startIngest(), encode(request, encoding), {}, '/v1/metrics');
      const expected = encoding === 'application/json' ? '{}' : '';
      expect([response.status, await response.text()]).toEqual([200, expected]);
      expect(response.headers.get('content-type')).toBe(encoding);
    },
  );

  test('D9: a metric of no points, and one of a type not known yet, are nothing', async () => {
    const { rows, told } = await sendAll([{ name: 'a', gauge: {} }, { name: 'b' }]);
    expect([rows, told]).toEqual([[], { rejected: 0, message: '' }]);
  });

  test('D10: a point that means nothing is rejected alone, counted, and the reasons are told', async () => {
    const wrong = [
      { bucketCounts: ['1', '2'] },
      { explicitBounds: [1, 0.5] },
      { timeUnixNano: '0' },
    ];
    const { rows, status, told, refused } = await sendAll([
      gauge([point(), point({ timeUnixNano: '0' })]),
      gauge([point(), point()], ''),
      ...wrong.map(histogram),
      histogram({}),
    ]);
    expect([status, rows.length, refused]).toEqual([200, 2, [['invalid_data_point', 6]]]);
    expect(told).toEqual({
      rejected: 6,
      message:
        'Rejected 6 data points: timeUnixNano must be set; a metric must have a name; ' +
        'bucketCounts must be one more than explicitBounds; explicitBounds must rise.',
    });
  });

  test('D12 and D15: nothing is acknowledged that is not on disk; the sender shall come again', async () => {
    const commit = () => Promise.reject(new StoreUnavailableError('the disk is full'));
    const body = encode(metricRequest([gauge([point(), point()])]), encoding);
    const { status, refused } = await sendBody('metrics', body, { commit });
    expect([status, refused]).toEqual([503, [['unavailable', 2]]]);
  });

  test('D21: ints stay exact, and are doubles too', async () => {
    const { rows } = await sendAll([
      gauge([
        { timeUnixNano: time, asInt: '9007199254740993' },
        { timeUnixNano: time, asInt: '-9223372036854775808' },
        { timeUnixNano: time, asInt: '0' },
      ]),
    ]);
    const ints = rows.map((row) => BigInt.asIntN(64, row['value_int'] as bigint));
    expect(ints).toEqual([9_007_199_254_740_993n, -9_223_372_036_854_775_808n, 0n]);
    expect(rows.map((row) => row['value'])).toEqual([9_007_199_254_740_992, -(2 ** 63), 0]);
  });

  test.each([
    [0, undefined],
    [1, 1],
    [2, 2],
    [9, undefined],
  ])('D22: temporality %i is kept as %s', async (aggregationTemporality, expected) => {
    const row = await sendOne({
      name: 's',
      sum: { aggregationTemporality, dataPoints: [point()] },
    });
    expect(row['temporality']).toBe(expected);
  });

  test('D25: attributes may be anything', async () => {
    const attributes = [
      attribute('list', { arrayValue: { values: [{ intValue: '1' }, {}] } }),
      attribute('__proto__', { stringValue: 'polluted' }),
      attribute('twice', { boolValue: true }),
      attribute('twice', { boolValue: false }),
    ];
    expect(await sendOne(gauge([point({ attributes })]))).toMatchObject({
      attributes: [
        ['list', '[1,null]'],
        ['__proto__', 'polluted'],
        ['twice', 'false'],
      ],
      attribute_types: [
        ['list', 'array'],
        ['twice', 'bool'],
      ],
    });
  });

  test('D26 and D11: long texts are cut, flagged and told', async () => {
    const long = 'x'.repeat(100_000);
    const attributes = [attribute('note', { stringValue: long })];
    const { rows, told } = await sendAll([
      { ...gauge([point({ attributes })], long), description: long, unit: long },
    ]);
    const names = ['name', 'description', 'unit'].map((column) => String(rows[0]?.[column]).length);
    expect([names, rows[0]?.['flags']]).toEqual([[1_024, 1_024, 1_024], pointFlags.truncated]);
    expect(told.message).toContain('1 data points were cut to the limits');
  });

  test('D32: a resource without a name, and no resource or scope at all', async () => {
    const bare = { resourceMetrics: [{ scopeMetrics: [{ metrics: [gauge([point()])] }] }] };
    const { rows } = await send('metrics', bare, encoding);
    expect(rows[0]).toMatchObject({
      service_name: 'unknown_service',
      flags: pointFlags.noService,
    });
  });

  test.each([
    ['delta', 1, true],
    ['cumulative', 2, true],
    ['that may fall', 2, false],
  ])(
    'D34: a sum %s is kept as its sender counts',
    async (_, aggregationTemporality, isMonotonic) => {
      const started = { startTimeUnixNano: '1763690400000000000' };
      const sum = { aggregationTemporality, isMonotonic, dataPoints: [point(started)] };
      const row = await sendOne({ name: 's', unit: '{token}', description: 'Tokens', sum });
      expect(row).toMatchObject({
        type: 1,
        unit: '{token}',
        description: 'Tokens',
        temporality: aggregationTemporality,
        start_time: 1_763_690_400_000_000_000n,
        time: BigInt(time),
        value: 1.5,
      });
      expect(row['is_monotonic']).toBe(isMonotonic ? 1 : undefined);
    },
  );

  test('D34: a gauge is a value', async () => {
    const row = await sendOne(gauge([point()]));
    expect([row['value'], row['temporality'], row['type']]).toEqual([1.5, undefined, undefined]);
  });

  test('D34: a histogram with its bounds, least, greatest and exemplars', async () => {
    const exemplars = [
      {
        timeUnixNano: time,
        asDouble: 2.5,
        traceId: 'AB'.repeat(16),
        spanId: 'cd'.repeat(8),
        filteredAttributes: [attribute('user.id', { stringValue: 'ada' })],
      },
      { timeUnixNano: time, asInt: '-3', traceId: 'abcd', spanId: '' },
    ];
    expect(await sendOne(histogram({ exemplars }))).toMatchObject({
      type: 2,
      count: 6n,
      sum: 4.25,
      min: 0.1,
      max: 3,
      bucket_counts: [1n, 2n, 3n],
      explicit_bounds: [0.5, 1],
      exemplar_times: [BigInt(time), BigInt(time)],
      exemplar_values: [2.5, -3],
      exemplar_trace_ids: ['ab'.repeat(16), ''],
      exemplar_span_ids: ['cd'.repeat(8), ''],
      exemplar_attributes: ['{"user.id":"ada"}', ''],
    });
  });

  test('D34: a histogram without buckets has its count and sum', async () => {
    const row = await sendOne(
      histogram({ bucketCounts: [], explicitBounds: [], min: undefined, max: undefined }),
    );
    expect([row['count'], row['sum'], row['bucket_counts'], row['min']]).toEqual([
      6n,
      4.25,
      undefined,
      undefined,
    ]);
  });

  test('D34: an exponential histogram with both sides, also with negative scale and offset', async () => {
    const dataPoints = [
      {
        timeUnixNano: time,
        count: '9',
        sum: -2,
        scale: -3,
        zeroCount: '2',
        zeroThreshold: 0.001,
        positive: { offset: -5, bucketCounts: ['1', '0', '300'] },
        negative: { offset: 2_000_000, bucketCounts: ['18446744073709551615'] },
      },
    ];
    const metric = { name: 'e', exponentialHistogram: { aggregationTemporality: 1, dataPoints } };
    const row = await sendOne(metric);
    expect(row).toMatchObject({
      type: 3,
      temporality: 1,
      count: 9n,
      sum: -2,
      zero_count: 2n,
      zero_threshold: 0.001,
      positive_counts: [1n, 0n, 300n],
      negative_offset: 2_000_000,
      negative_counts: [18_446_744_073_709_551_615n],
    });
    expect([row['scale'], row['positive_offset']]).toEqual([-3, -5]);
  });

  test('D34: a summary is taken', async () => {
    const dataPoints = [
      {
        timeUnixNano: time,
        count: '4',
        sum: 10,
        quantileValues: [
          { quantile: 0.5, value: 2 },
          { quantile: 1, value: 5 },
        ],
      },
    ];
    expect(await sendOne({ name: 'q', summary: { dataPoints } })).toMatchObject({
      type: 4,
      count: 4n,
      sum: 10,
      quantiles: [0.5, 1],
      quantile_values: [2, 5],
    });
  });

  test('D34: a point may say that there is no value', async () => {
    const row = await sendOne(gauge([{ timeUnixNano: time, flags: 1 }]));
    expect([row['flags'], row['value']]).toEqual([pointFlags.noRecordedValue, undefined]);
  });

  test('a number that cannot be added is none, and spoils no other', async () => {
    const wild = [NaN, Infinity, -Infinity].map((value) =>
      point({ asDouble: encoding === 'application/json' ? String(value) : value }),
    );
    const { rows } = await sendAll([gauge([...wild, point()])]);
    expect(rows.map(({ value }) => value)).toEqual([undefined, undefined, undefined, 1.5]);
  });

  test('a request of more points than may come at once is refused whole', async () => {
    const body = encode(metricRequest([gauge([point(), point(), point()])]), encoding);
    const { status, rows, refused } = await sendBody('metrics', body, {
      limits: { recordsPerRequest: 2 },
    });
    expect([status, rows.length, refused]).toEqual([413, 0, [['too_large', 3]]]);
  });

  test('many points are taken in turns, all of them', async () => {
    const points = Array.from({ length: 5_000 }, (_, at) => point({ asDouble: at }));
    const { rows } = await sendAll([gauge(points)]);
    expect(rows.map(({ value }) => value)).toEqual(Array.from(points, (_, at) => at));
  });

  test('a point of more buckets than anybody draws is rejected', async () => {
    const counts = Array.from({ length: 10_001 }, () => '1');
    const bounds = Array.from({ length: 10_000 }, (_, at) => at);
    const { rows, told } = await sendAll([
      histogram({ bucketCounts: counts, explicitBounds: bounds }),
      histogram({}),
    ]);
    expect([rows.length, told.rejected]).toEqual([1, 1]);
  });
});

describe('JSON alone', () => {
  const sendJson = (metrics: unknown): Promise<Sent> =>
    sendBody('metrics', JSON.stringify(metricRequest(metrics as Json[])));

  test('D10: a point that cannot be read is rejected alone, and a metric whose head cannot be with all its points', async () => {
    const { rows, told, refused } = await sendJson([
      gauge([point(), point({ asDouble: 'much' }), point({ asInt: 'many' })]),
      { name: 7, sum: { dataPoints: [point(), point()] } },
      { name: 'h', histogram: { dataPoints: [{ timeUnixNano: time, count: '-1' }] } },
    ]);
    expect([rows.length, refused]).toEqual([1, [['invalid_data_point', 5]]]);
    expect(told).toEqual({
      rejected: 5,
      message:
        'Rejected 5 data points: asDouble must be a number; asInt must be an integer; ' +
        'a metric name must be a string; count is out of range.',
    });
  });

  test.each([
    ['no JSON', '{"resourceMetrics":['],
    ['a list', '[]'],
    ['a list that is none', '{"resourceMetrics":{}}'],
  ])('D14: a body that is %s is 400', async (_, body) => {
    const { status, refused } = await sendBody('metrics', body);
    expect([status, refused]).toEqual([400, [['malformed', 1]]]);
  });

  test('D21: ints come as numbers and in exponent notation, and may be too large', async () => {
    const ints = [7, '1e3', 1e300];
    const { rows } = await sendJson([gauge(ints.map((asInt) => ({ timeUnixNano: time, asInt })))]);
    expect(rows.map(({ value, value_int: int }) => [value, int])).toEqual([
      [7, 7n],
      [1_000, 1_000n],
      [1e300, undefined],
    ]);
  });

  test('D22 and D23: names of enums are understood, snake_case names and unknown fields are not', async () => {
    const sum = {
      aggregationTemporality: 'AGGREGATION_TEMPORALITY_DELTA',
      is_monotonic: true,
      future: [1],
      dataPoints: [point()],
    };
    const { rows, told } = await sendJson([{ name: 's', sum }]);
    expect([rows[0]?.['temporality'], rows[0]?.['is_monotonic'], told.message]).toEqual([
      1,
      undefined,
      '',
    ]);
  });

  test('D24 and D27: null is absent, also where JavaScript writes NaN', async () => {
    const nulls = { startTimeUnixNano: null, attributes: null, exemplars: null, flags: null };
    const { rows, told } = await sendJson([
      { ...gauge([point({ ...nulls, asDouble: null })]), description: null, sum: null },
    ]);
    expect([rows.length, rows[0]?.['value'], told.message]).toEqual([1, undefined, '']);
  });

  test('a million numbers in lists are refused before they are many objects', async () => {
    const bucketCounts = `[${'1,'.repeat(1_000_001)}1]`;
    const body = JSON.stringify(
      metricRequest([
        { name: 'h', histogram: { dataPoints: [{ ...histogramPoint, bucketCounts: [] }] } },
      ]),
    ).replace('"bucketCounts":[]', `"bucketCounts":${bucketCounts}`);
    const { status, refused } = await sendBody('metrics', body);
    expect([status, refused]).toEqual([413, [['too_large', 1]]]);
  });
});

describe('protobuf alone', () => {
  /** One metric called `m` whose data is field `kind` with one point of these fields. */
  const wrap = (kind: number, fields: Buffer): Uint8Array<ArrayBuffer> => {
    const metric = Buffer.concat([
      delimited(1, Buffer.from('m')),
      delimited(kind, delimited(1, fields)),
    ]);
    return Uint8Array.from(delimited(1, delimited(2, delimited(2, metric))));
  };
  const fixed64 = (values: readonly bigint[]): Buffer =>
    Buffer.from(BigUint64Array.from(values).buffer);
  const doubles = (values: readonly number[]): Buffer =>
    Buffer.from(Float64Array.from(values).buffer);
  const timed = Buffer.concat([tag(3, 1), fixed64([BigInt(time)])]);

  test('D35: numbers of lists come packed, and in parts', async () => {
    const packed = Buffer.concat([
      timed,
      delimited(6, fixed64([1n, 2n])),
      tag(6, 1),
      fixed64([3n]),
      delimited(7, doubles([0.5])),
      delimited(7, doubles([1])),
    ]);
    const { rows } = await sendBody('metrics', wrap(9, packed));
    expect(rows[0]).toMatchObject({ bucket_counts: [1n, 2n, 3n], explicit_bounds: [0.5, 1] });
    const counts = Buffer.concat([0n, 300n, 2n ** 64n - 1n].map(varint));
    const { rows: others } = await sendBody(
      'metrics',
      wrap(10, Buffer.concat([timed, delimited(8, delimited(2, counts))])),
    );
    expect(others[0]?.['positive_counts']).toEqual([0n, 300n, 2n ** 64n - 1n]);
  });

  test.each([
    ['fixed numbers', wrap(9, Buffer.concat([timed, delimited(6, Buffer.alloc(9))]))],
    ['doubles', wrap(9, Buffer.concat([timed, delimited(7, Buffer.alloc(7))]))],
    ['varints', wrap(10, Buffer.concat([timed, delimited(8, delimited(2, Buffer.from([0xff])))]))],
    ['a varint without end', wrap(10, delimited(8, delimited(2, Buffer.alloc(12, 0xff))))],
    ['a group', wrap(5, Buffer.concat([tag(12, 3), tag(12, 4)]))],
  ])('D35: %s that end in the middle are 400', async (_, body) => {
    expect((await sendBody('metrics', body)).status).toBe(400);
  });

  test('D35: unknown fields, types and metadata are skipped', async () => {
    const metric = Buffer.concat([
      delimited(1, Buffer.from('m')),
      delimited(12, delimited(1, Buffer.from('k'))),
      delimited(77, Buffer.from('new')),
      delimited(5, delimited(1, Buffer.concat([timed, delimited(50, Buffer.from('x'))]))),
    ]);
    const body = Uint8Array.from(delimited(1, delimited(2, delimited(2, metric))));
    const { status, rows } = await sendBody('metrics', body);
    expect([status, rows.length]).toEqual([200, 1]);
  });

  test('a million points and a million numbers are refused before they are many objects', async () => {
    const empty = Buffer.alloc(2 * 1_100_000);
    for (let at = 0; at < empty.length; at += 2) empty[at] = 10;
    const points = Buffer.concat([delimited(1, Buffer.from('m')), delimited(5, empty)]);
    const bodies = [
      Uint8Array.from(delimited(1, delimited(2, delimited(2, points)))),
      wrap(10, delimited(8, delimited(2, Buffer.alloc(1_100_000)))),
    ];
    for (const body of bodies) {
      const { status, refused } = await sendBody('metrics', body);
      expect([status, refused]).toEqual([413, [['too_large', 1]]]);
    }
  });
});

describe.each([AggregationTemporality.DELTA, AggregationTemporality.CUMULATIVE])(
  "D36: what OpenTelemetry's own SDK writes with temporality %i",
  (temporality) => {
    test('becomes equal rows from either encoding', async () => {
      const exporter = new InMemoryMetricExporter(temporality);
      const reader = new PeriodicExportingMetricReader({
        exporter,
        exportIntervalMillis: 3_600_000,
      });
      const exponential = { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const;
      const provider = new MeterProvider({
        readers: [reader],
        views: [{ instrumentName: 'exponential', aggregation: exponential }],
      });
      const meter = provider.getMeter('app', '1.2.3');
      meter.createCounter('tokens', { unit: '{token}' }).add(12, { type: 'input' });
      meter.createUpDownCounter('open').add(-2.5);
      meter.createGauge('heat').record(21.5, { room: 'a' });
      for (const value of [0.2, 3, 700]) meter.createHistogram('wait', { unit: 's' }).record(value);
      for (const value of [0.2, 3, 700]) meter.createHistogram('exponential').record(value);
      await provider.forceFlush();
      const [metrics] = exporter.getMetrics();
      await provider.shutdown();
      if (metrics === undefined) throw new Error('nothing was exported');
      const json = await sendBody(
        'metrics',
        Buffer.from(JsonMetricsSerializer.serializeRequest(metrics) ?? []).toString(),
      );
      const protobuf = await sendBody(
        'metrics',
        Uint8Array.from(ProtobufMetricsSerializer.serializeRequest(metrics) ?? []),
      );
      expect(json.rows.map(({ name, type }) => [name, type])).toEqual([
        ['exponential', 3],
        ['tokens', 1],
        ['open', 1],
        ['heat', undefined],
        ['wait', 2],
      ]);
      expect(json.rows.map(({ value, count }) => value ?? count)).toEqual([3n, 12, -2.5, 21.5, 3n]);
      expect(protobuf.rows).toEqual(json.rows);
    });
  },
);
