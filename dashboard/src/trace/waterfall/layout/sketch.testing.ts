/** Skeletons for tests, from spans written as a person thinks of them. Times in milliseconds. */
import type { SpanKind, TraceSkeleton } from 'orchescope/contract';
import { kindNames } from './kinds.ts';

export type Sketch = {
  readonly name: string;
  /** Index into the list; absent = root; 'lost' = a parent that was not received. */
  readonly parent?: number | 'lost';
  readonly kind?: SpanKind;
  readonly at: number;
  /** Absent = still running. */
  readonly took?: number;
  readonly error?: string;
  readonly agent?: string;
  readonly model?: string;
  readonly attempt?: number;
  readonly iteration?: number;
  readonly wait?: boolean;
  readonly costMicroUsd?: number;
};

export type SketchLink = { readonly from: number; readonly to: number };

const nsPerMs = 1e6;

export function sketchTrace(
  spans: readonly Sketch[],
  links: readonly SketchLink[] = [],
): TraceSkeleton {
  const strings: string[] = [];
  const numberOf = new Map<string, number>();
  const intern = (text: string | undefined): number => {
    if (text === undefined) return -1;
    const known = numberOf.get(text);
    if (known !== undefined) return known;
    numberOf.set(text, strings.length);
    strings.push(text);
    return strings.length - 1;
  };
  const ends = spans.map(({ at, took }) => at + (took ?? 0));
  const lastMs = ends.reduce((max, end) => Math.max(max, end), 0);
  return {
    traceId: 'a'.repeat(32),
    projectId: 'default',
    startTimeUnixNano: '1000000000000000000',
    endTimeUnixNano: String(1_000_000_000_000_000_000n + BigInt(Math.round(lastMs * nsPerMs))),
    kinds: [...kindNames],
    strings,
    spanIds: spans.map((_, i) => (i + 1).toString(16).padStart(16, '0')).join(''),
    columns: {
      parent: spans.map(({ parent }) => (parent === 'lost' ? -2 : (parent ?? -1))),
      name: spans.map(({ name }) => intern(name)),
      kind: spans.map(({ kind }) => kindNames.indexOf(kind ?? 'other')),
      agent: spans.map(({ agent }) => intern(agent)),
      model: spans.map(({ model }) => intern(model)),
      service: spans.map(() => intern('shop')),
      errorType: spans.map(({ error }) => intern(error)),
      start: spans.map(({ at }) => at * nsPerMs),
      duration: spans.map(({ took }) => (took === undefined ? -1 : took * nsPerMs)),
      status: spans.map(({ error }) => (error === undefined ? 1 : 2)),
      inputTokens: spans.map(() => -1),
      outputTokens: spans.map(() => -1),
      costMicroUsd: spans.map(({ costMicroUsd }) => costMicroUsd ?? -1),
      attempt: spans.map(({ attempt }) => attempt ?? 0),
      loopIteration: spans.map(({ iteration }) => iteration ?? 0),
      flags: spans.map(({ took, wait }) => (took === undefined ? 1 : 0) | (wait === true ? 16 : 0)),
    },
    events: { row: [], time: [], name: [] },
    links: {
      from: links.map(({ from }) => from),
      to: links.map(({ to }) => to),
      rel: links.map(() => -1),
    },
    totals: {
      spans: spans.length,
      errors: spans.filter(({ error }) => error !== undefined).length,
      llmCalls: 0,
      toolCalls: 0,
      inputTokens: null,
      outputTokens: null,
      costUsd: null,
      unpricedCalls: 0,
      agents: [],
    },
    omitted: { parent: [], count: [], durationNs: [], costMicroUsd: [] },
    notices: [],
  };
}
