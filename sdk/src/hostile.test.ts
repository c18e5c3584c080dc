import { afterEach, beforeEach, expect, test } from 'vitest';
import { emit, observe, run, within, type AnySpec, type OrchEvent } from './index.ts';
import { record, type Recording } from './testing.ts';

let recording: Recording;

beforeEach(() => {
  recording = record({ capture: 'full' });
});
afterEach(() => recording.stop());

const refuse = (): never => {
  throw new Error('not yours to touch');
};
const circle: unknown[] = [];
circle.push(circle);

const hostile: readonly (readonly [string, unknown])[] = [
  ['a circle', circle],
  ['a big integer', 2n ** 200n],
  ['a getter that throws', Object.defineProperty({}, 'x', { enumerable: true, get: refuse })],
  ['25 MB in one text', 'x'.repeat(25_000_000)],
  [
    '25 MB in many objects',
    Array.from({ length: 250_000 }, (_, i) => ({ i, text: 'y'.repeat(80) })),
  ],
  [
    'a proxy that refuses everything',
    new Proxy(
      {},
      {
        get: refuse,
        has: refuse,
        ownKeys: refuse,
        getOwnPropertyDescriptor: refuse,
        getPrototypeOf: refuse,
      },
    ),
  ],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
  ['toJSON that throws', { toJSON: refuse }],
  ['a symbol', Symbol('s')],
  ['something very deep', Array.from({ length: 20_000 }).reduce<unknown>((inner) => [inner], 1)],
];

test.each(hostile)('%s comes out of a watched tool as it went in', (_, value) => {
  const echo = observe((one: unknown) => one, {
    kind: 'tool',
    name: 'echo',
    in: (args) => ({ args }),
    out: (result) => ({ result }),
  });
  const results = run({ kind: 'workflow', name: 'w' }, () => [
    echo(value),
    echo(value),
    echo(value),
  ]);
  for (const result of results) expect(Object.is(result, value)).toBe(true);
  const calls = recording.spans().filter((span) => span.kind === 'tool');
  expect(calls).toHaveLength(3);
  for (const { attributes } of calls)
    for (const attribute of Object.values(attributes))
      expect(Buffer.byteLength(String(attribute))).toBeLessThanOrEqual(16 * 1024);
});

test('thrown as an error, it is the same error', () => {
  for (const [, value] of hostile) {
    const thrown = { value: undefined as unknown };
    try {
      run({ kind: 'tool', name: 't' }, () => {
        throw value;
      });
    } catch (error) {
      thrown.value = error;
    }
    expect(Object.is(thrown.value, value)).toBe(true);
  }
  expect(recording.spans()).toHaveLength(hostile.length);
});

test('10,000 events on one span: the first are kept, all are counted', async () => {
  run({ kind: 'agent', name: 'a' }, () => {
    for (let i = 0; i < 10_000; i += 1) emit({ type: 'queue', name: 'jobs', depth: i });
  });
  expect(recording.span('invoke_agent a').events.length).toBeLessThanOrEqual(128);
  expect(await recording.points('orchescope.events')).toMatchObject([{ value: 10_000 }]);
});

test.each<[string, unknown]>([
  ['an unknown kind', { kind: 'wizard', name: 'n' }],
  ['no name', { kind: 'tool' }],
  ['a carrier that is none', { kind: 'tool', name: 'n', parent: { traceparent: 7 } }],
  ['a parent that is a number', { kind: 'tool', name: 'n', parent: 7 }],
  ['links that are none', { kind: 'tool', name: 'n', links: [null, { to: {}, rel: 'x' }] }],
  ['a time that is none', { kind: 'tool', name: 'n', startTime: new Date(Number.NaN) }],
  ['nothing at all', undefined],
])('%s: the function runs all the same', (_, spec) => {
  expect(run(spec as AnySpec as never, () => 42)).toBe(42);
});

test('an event that is none, and meta that is none, change nothing', () => {
  for (const event of [undefined, {}, { type: 'storm' }, { type: 'breaker' }])
    expect(emit(event as unknown as OrchEvent)).toBeUndefined();
  expect(within(undefined as never, () => 42)).toBe(42);
});
