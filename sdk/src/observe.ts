import { open, type LooseSpec } from './operation.ts';
import { execute } from './run.ts';
import { safely } from './safely.ts';
import type { AnySpec } from './spec.ts';

/**
 * Wraps a function so that every call is a span. Types, `this`, sync or async, generators and streams stay as they are.
 *
 * @example
 * const search = observe(
 *   async (query: string) => index.find(query),
 *   { kind: 'tool', name: 'search', in: (query) => ({ args: { query } }), out: (hits) => ({ result: hits }) },
 * );
 */
export const observe = <This, A extends unknown[], R>(
  fn: (this: This, ...args: A) => R,
  spec: AnySpec<NoInfer<A>, NoInfer<R>>,
): ((this: This, ...args: A) => R) => {
  const loose = spec as unknown as LooseSpec;
  const observed = function (this: This, ...args: A): R {
    return execute(loose, open(loose, args), () => fn.apply(this, args));
  };
  return safely('naming a function', () => named(observed, fn), observed);
};

/**
 * `observe` as a TC39 method decorator.
 *
 * @example
 * class Weather {
 *   \@traced({ kind: 'tool', name: 'forecast' })
 *   async forecast(city: string) { ... }
 * }
 */
export const traced =
  <This, A extends unknown[], R>(spec: AnySpec<NoInfer<A>, NoInfer<R>>) =>
  (
    method: (this: This, ...args: A) => R,
    _context: ClassMethodDecoratorContext<This>,
  ): ((this: This, ...args: A) => R) =>
    observe(method, spec);

/** The wrapper looks like the function: frameworks read a tool's name and its number of parameters. */
const named = <F extends object>(observed: F, fn: { name: string; length: number }): F =>
  Object.defineProperties(observed, {
    name: { value: fn.name, configurable: true },
    length: { value: fn.length, configurable: true },
  });
