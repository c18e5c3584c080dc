/** Spans of JSON bodies, written as bytes first, give what the general way gives. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBatch } from '../../store/native/batch.ts';
import type { Json } from '../encode.testing.ts';
import { fixtureNames, readFixture } from '../fixtures.testing.ts';
import { contentRules, fieldRules, kindKeys } from '../to-span/rules.ts';
import { generalWay, onePass } from './both-ways.testing.ts';

const batch = createBatch();
const json = 'application/json';

test.each(fixtureNames)('%s', (name) => {
  const body = Buffer.from(JSON.stringify(readFixture(name)));
  expect(onePass(body, batch, json)).toEqual(generalWay(body, json));
});

const odd = fc.constantFrom<unknown>(
  null,
  undefined,
  '',
  'x',
  0,
  -1,
  1.5,
  true,
  {},
  [],
  2 ** 60,
  '1e3',
);
/** Now and then something else. */
const mostly = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 40, arbitrary: usual }, { weight: 1, arbitrary: odd });

const text = fc.oneof(
  fc.constantFrom(
    'chat',
    'stop',
    'gpt-4o',
    '{"a":1}',
    '',
    'größe\u2028"\\',
    '\ud800',
    'x'.repeat(130),
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
const integer = fc.oneof(
  fc.nat(5_000),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  fc.constantFrom('12', '-7', 2 ** 31, 2 ** 32, 2 ** 49, -1, '9007199254740993', 1e21, '007'),
);

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: mostly(
    fc.oneof(
      { maxDepth: 4 },
      { weight: 8, arbitrary: fc.record({ stringValue: mostly(text) }) },
      { weight: 3, arbitrary: fc.record({ intValue: mostly(integer) }) },
      { weight: 2, arbitrary: fc.record({ doubleValue: mostly(fc.double()) }) },
      {
        weight: 1,
        arbitrary: fc.record({ doubleValue: fc.constantFrom('NaN', 'Infinity', 2, -0) }),
      },
      { weight: 1, arbitrary: fc.record({ boolValue: mostly(fc.boolean()) }) },
      { weight: 1, arbitrary: fc.record({ bytesValue: fc.base64String({ maxLength: 8 }) }) },
      { weight: 1, arbitrary: fc.record({ stringValueStrindex: fc.nat(3) }) },
      { weight: 1, arbitrary: fc.record({ stringValue: text, intValue: integer }) },
      {
        weight: 2,
        arbitrary: fc.record({
          arrayValue: mostly(
            fc.record({ values: mostly(fc.array(tie('value'), { maxLength: 3 })) }),
          ),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kvlistValue: fc.record({
            values: fc.array(fc.record({ key: text, value: tie('value') }), { maxLength: 3 }),
          }),
        }),
      },
    ),
  ),
}));

const keys = [
  ...fieldRules.keys(),
  ...contentRules.keys(),
  ...kindKeys.map(({ key }) => key),
  '__proto__',
];
const attributes = (maxLength: number): fc.Arbitrary<unknown> =>
  mostly(
    fc.array(
      mostly(
        fc.record({ key: mostly(fc.constantFrom(...keys)), value }, { requiredKeys: ['key'] }),
      ),
      { maxLength },
    ),
  );
const id = (digits: number): fc.Arbitrary<unknown> =>
  mostly(
    fc.string({
      unit: fc.constantFrom(...'0123456789abcdefABCDEF'),
      minLength: digits,
      maxLength: digits,
    }),
  );
const time = mostly(
  fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n }).map(String),
    fc.bigInt({ min: 10n ** 18n, max: 2n * 10n ** 18n }).map(String),
  ),
);
const count = mostly(fc.nat(2 ** 32));

const span = fc.record(
  {
    traceId: id(32),
    spanId: id(16),
    parentSpanId: fc.oneof(fc.constant(''), id(16)),
    traceState: mostly(text),
    name: mostly(text),
    kind: mostly(fc.nat(7)),
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    attributes: attributes(8),
    droppedAttributesCount: count,
    events: mostly(
      fc.array(
        mostly(
          fc.record({
            timeUnixNano: time,
            name: mostly(fc.constantFrom('exception', 'plain', 'gen_ai.choice')),
            attributes: attributes(3),
            droppedAttributesCount: count,
          }),
        ),
        { maxLength: 2 },
      ),
    ),
    links: mostly(
      fc.array(mostly(fc.record({ traceId: id(32), spanId: id(16), attributes: attributes(2) })), {
        maxLength: 1,
      }),
    ),
    status: mostly(fc.record({ code: mostly(fc.nat(3)), message: mostly(text) })),
    flags: count,
  },
  { requiredKeys: ['traceId', 'spanId', 'name'] },
);

const requests = fc
  .record({
    resource: fc.record({ attributes: attributes(2) }),
    spans: fc.array(mostly(span), { minLength: 1, maxLength: 4 }),
    name: mostly(fc.constantFrom('ai', 'openinference.instrumentation.openai', '')),
  })
  .map(({ resource, spans, name }): Json => ({
    resourceSpans: [{ resource, scopeSpans: [{ scope: { name }, spans: [...spans, spans[0]] }] }],
  }));

test('bodies aimed at the encoding', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(requests, (request) => {
      const body = Buffer.from(JSON.stringify(request));
      expect(onePass(body, batch, json)).toEqual(generalWay(body, json));
    }),
    { numRuns: Number(process.env['FAST_RUNS'] ?? 400) },
  );
});
