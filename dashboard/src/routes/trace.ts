import {
  readOneOf,
  readText,
  scopeOf,
  withQuery,
  type Address,
  type Kept,
  type Scope,
} from './address.ts';

export const spanTabs = [
  'summary',
  'content',
  'attributes',
  'events',
  'logs',
  'links',
  'raw',
] as const;
export type SpanTab = (typeof spanTabs)[number];

export type TraceRoute = Scope & {
  readonly page: 'trace';
  readonly traceId: string;
  /** Span shown in the panel; empty = none. */
  readonly span: string;
  readonly tab: SpanTab;
  /** What the waterfall shows: time window, idle compression, colours. Only the waterfall reads it. */
  readonly z: string;
  /** Which run of the trace; empty = the first. */
  readonly run: string;
  /** The highlighted finding, as `findingKey` makes it; empty = none. */
  readonly finding: string;
};

type Shown = Omit<Kept<TraceRoute>, 'traceId'>;
const defaults: Shown = { span: '', tab: 'summary', run: '', finding: '', z: '' };

export function traceRoute(
  scope: Scope,
  traceId: string,
  options: Partial<Shown> = {},
): TraceRoute {
  return { page: 'trace', ...scopeOf(scope), traceId, ...defaults, ...options };
}

export function toTraceUrl(route: TraceRoute): string {
  return withQuery(`/traces/${encodeURIComponent(route.traceId)}`, route, defaults);
}

export function parseTrace(address: Address): TraceRoute | null {
  const traceId = /^\/traces\/([0-9a-f]{32})$/i.exec(address.path)?.[1];
  if (traceId === undefined) return null;
  return traceRoute(address.scope, traceId.toLowerCase(), {
    span: toSpanId(readText(address, 'span')),
    tab: readOneOf(address, 'tab', spanTabs, defaults.tab),
    run: readText(address, 'run'),
    finding: readText(address, 'finding'),
    z: readText(address, 'z'),
  });
}

function toSpanId(text: string): string {
  return /^[0-9a-f]{16}$/i.test(text) ? text.toLowerCase() : '';
}
