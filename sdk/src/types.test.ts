import { expectTypeOf, test } from 'vitest';
import { observe, run, start, type AnySpec, type OrchEvent, type Spec } from './index.ts';

test('a wrapped function keeps its type', () => {
  const plain = observe((a: number, b?: string) => `${a}${b}`, { kind: 'tool', name: 't' });
  expectTypeOf<Parameters<typeof plain>>().toEqualTypeOf<[a: number, b?: string | undefined]>();
  expectTypeOf(plain).returns.toEqualTypeOf<string>();

  const stream = observe(
    async function* letters(from: string): AsyncGenerator<string, number, boolean> {
      yield from;
      return 1;
    },
    { kind: 'llm', name: 'l' },
  );
  expectTypeOf(stream).toExtend<(from: string) => AsyncGenerator<string, number, boolean>>();

  const generic = observe(<T>(value: T): T => value, { kind: 'tool', name: 't' });
  expectTypeOf(generic('x' as const)).toEqualTypeOf<'x'>();

  const method = observe(
    function area(this: { side: number }) {
      return this.side ** 2;
    },
    { kind: 'tool', name: 'area' },
  );
  expectTypeOf(method).thisParameter.toEqualTypeOf<{ side: number }>();
});

test('mappers know the arguments, the awaited result and the chunks', () => {
  observe(async (query: string, limit: number) => ({ rows: [query], limit }), {
    kind: 'tool',
    name: 'search',
    type: 'datastore',
    in: (query, limit) => {
      expectTypeOf({ query, limit }).toEqualTypeOf<{ query: string; limit: number }>();
      return { args: query };
    },
    out: (result) => {
      expectTypeOf(result).toEqualTypeOf<{ rows: string[]; limit: number }>();
      return { result: result.rows };
    },
    ok: ({ rows }) => rows.length > 0,
  });
  observe(
    async function* words() {
      yield { text: 'a' };
    },
    {
      kind: 'llm',
      name: 'l',
      chunks: (all) => {
        expectTypeOf(all).toEqualTypeOf<readonly { text: string }[]>();
        return { output: all[0]?.text };
      },
    },
  );
});

test('run gives its result and the operation of its kind', () => {
  const answer = run({ kind: 'agent', name: 'a' }, async (op) => {
    expectTypeOf(op.set).parameter(0).toExtend<{ role?: string }>();
    return 42;
  });
  expectTypeOf(answer).toEqualTypeOf<Promise<number>>();
  expectTypeOf(start({ kind: 'tool', name: 't' })).toExtend<Disposable>();
});

type Fits<Candidate> = Candidate extends AnySpec ? true : false;

test('a wrong fact is no spec', () => {
  expectTypeOf<Fits<{ kind: 'step'; name: 's'; type: 'stage' }>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<{ kind: 'step'; name: 's' }>>().toEqualTypeOf<false>();
  expectTypeOf<Fits<{ kind: 'step'; name: 's'; type: 'stroll' }>>().toEqualTypeOf<false>();
  expectTypeOf<
    Fits<{ kind: 'llm'; name: 'l'; usage: { inputTokens: '3' } }>
  >().toEqualTypeOf<false>();
  expectTypeOf<Fits<{ kind: 'send'; name: 's'; system: 'redis' }>>().toEqualTypeOf<false>();
  expectTypeOf<Fits<{ kind: 'wizard'; name: 'w' }>>().toEqualTypeOf<false>();
  expectTypeOf<Spec<'tool'>>().not.toHaveProperty('usage');
  expectTypeOf<Spec<'agent'>>().not.toHaveProperty('costUsd');
});

type Emits<Candidate> = Candidate extends OrchEvent ? true : false;

test('an event has the shape of its type', () => {
  expectTypeOf<Emits<{ type: 'breaker'; name: 'b'; state: 'open' }>>().toEqualTypeOf<true>();
  expectTypeOf<Emits<{ type: 'breaker'; name: 'b'; state: 'ajar' }>>().toEqualTypeOf<false>();
  expectTypeOf<Emits<{ type: 'fallback'; from: 'a' }>>().toEqualTypeOf<false>();
});
