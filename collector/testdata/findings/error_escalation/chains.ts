/** Errors on their way up through agents. */
import type { Sketch } from '../../../src/run-spans.testing.ts';
import type { SpanKind } from '../../../src/span.ts';

export type Link = {
  readonly kind: SpanKind;
  readonly name: string;
  /** What it failed with; none = it did not fail. */
  readonly error?: string;
  readonly message?: string;
  readonly rest?: Partial<Sketch>;
};

/** One span within the other, the outermost first; each ends a little after the one in it. */
export function chain(
  links: readonly Link[],
  { prefix = '', parent = '', at = 0 } = {},
): readonly Sketch[] {
  return links.map(({ kind, name, error, message, rest }, depth) => ({
    id: `${prefix}${depth}`,
    parent: depth === 0 ? parent : `${prefix}${depth - 1}`,
    kind,
    name,
    ...(kind === 'agent' ? { agentName: name } : {}),
    ...(kind === 'tool' ? { toolName: name } : {}),
    at: at + 10 * depth,
    until: at + 1000 - 10 * depth,
    ...(error === undefined
      ? {}
      : { status: 'error' as const, errorType: error, statusMessage: message ?? '' }),
    ...rest,
  }));
}

export const agent = (name: string, error?: string, message?: string): Link => ({
  kind: 'agent',
  name,
  ...(error === undefined ? {} : { error }),
  ...(message === undefined ? {} : { message }),
});
export const tool = (name: string, error?: string, message?: string): Link => ({
  ...agent(name, error, message),
  kind: 'tool',
});
export const step = (name: string, error?: string): Link => ({
  ...agent(name, error),
  kind: 'step',
});
export const workflow = (name: string, error?: string): Link => ({
  ...agent(name, error),
  kind: 'workflow',
});
export const llm = (name: string, error?: string): Link => ({ ...agent(name, error), kind: 'llm' });
