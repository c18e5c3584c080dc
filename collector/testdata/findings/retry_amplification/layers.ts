/** Tries within tries, as spans. */
import { times } from '../../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';

export type Layer = Pick<Sketch, 'kind' | 'toolName' | 'model'> & { readonly name: string };

const tryMs = 900;

/** `count` failed tries one after the other, ids `parent/0`, `parent/1` ... */
export function tries(parent: string, layer: Layer, count: number, at = 0): readonly Sketch[] {
  return times(count, (n) => ({
    ...layer,
    id: `${parent}/${n}`,
    parent,
    attempt: n + 1,
    at: at + 2 * tryMs * n,
    until: at + 2 * tryMs * n + tryMs,
    status: 'error' as const,
    errorType: 'Overloaded',
  }));
}

/** The first layer outside; `change` sees each span with its attempt, from 1, and its layer, from 0. */
export function nested(
  parent: string,
  layers: readonly Layer[],
  counts: readonly number[],
  change: (span: Sketch, attempt: number, depth: number) => Sketch = (span) => span,
  { at = 0, depth = 0 } = {},
): readonly Sketch[] {
  const [layer, ...inner] = layers;
  const [count = 1, ...rest] = counts;
  if (layer === undefined) return [];
  const width = (10_000 * 4) / 10 ** depth;
  return times(count, (n) => {
    const id = `${parent}/${n}`;
    const from = at + width * n;
    const span: Sketch = {
      ...layer,
      id,
      parent,
      attempt: n + 1,
      at: from,
      until: from + 0.9 * width,
      status: 'error',
      errorType: 'Overloaded',
    };
    return [
      change(span, n + 1, depth),
      ...nested(id, inner, rest, change, { at: from, depth: depth + 1 }),
    ];
  }).flat();
}

/** One call below a span, in its time. */
export function call(id: string, above: Sketch, layer: Layer, rest: Partial<Sketch>): Sketch {
  const at = above.at ?? 0;
  return { ...layer, parent: above.id, at, until: at + 800, status: 'error', ...rest, id };
}

export function retryEvents(count: number, at: number): NonNullable<Sketch['events']> {
  return times(count, (n) => ({
    name: 'orchescope.retry',
    at: at + 100 * (n + 1),
    attributes: { 'orchescope.retry.attempt': n + 1 },
  }));
}
