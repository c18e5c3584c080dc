/// <reference lib="esnext.disposable" preserve="true" />
import { context } from '@opentelemetry/api';
import { Ending } from './ending.ts';
import type { Kind } from './facts.ts';
import { open, type LooseSpec, type Operation } from './operation.ts';
import type { Op, Spec } from './spec.ts';
import { follow } from './stream.ts';

/** A query builder, say: it can be awaited, though its `then` is no promise's. */
type Thenable = { then(...args: never[]): unknown };

/**
 * Runs `fn` inside a span of its own and returns what it returns. `fn` receives the running operation; where it does,
 * a mapper such as `ok` must say what type it takes, since TypeScript reads it first.
 *
 * @example
 * const answer = await run({ kind: 'llm', name: 'draft', provider: 'openai', model: 'gpt-6' }, async (op) => {
 *   const reply = await client.chat(messages);
 *   op.set({ usage: { inputTokens: reply.in, outputTokens: reply.out } });
 *   return reply.text;
 * });
 */
export const run = <K extends Kind, R, M = R>(
  // The mappers have a type of their own: else reading them would settle R before `fn` is looked at.
  spec: Spec<K, readonly [], M>,
  fn: (op: Op<K>) => R & (M | PromiseLike<M> | Thenable),
): R => {
  const loose = spec as unknown as LooseSpec;
  const operation = open(loose, undefined);
  return execute(loose, operation, () => fn(operation as unknown as Op<K>));
};

/**
 * Starts an operation that you end yourself, for work that no single function spans. It is not made active:
 * use `context.with(op.context, ...)` or `parent: op.carrier()` to put spans below it.
 *
 * @example
 * using op = start({ kind: 'step', name: 'wait for approval', type: 'review' });
 */
export const start = <K extends Kind>(spec: Spec<K>): Op<K> & Disposable =>
  open(spec as unknown as LooseSpec, undefined) as Op<Kind> as unknown as Op<K> & Disposable;

/** Calls the user's function inside the span. Its result or its error, the very same object, comes back. */
export const execute = <R>(spec: LooseSpec, operation: Operation, call: () => R): R => {
  let result: R;
  try {
    result = context.with(operation.context, call);
  } catch (error) {
    operation.fail(error);
    throw error;
  }
  return follow(result, new Ending(operation, spec));
};
