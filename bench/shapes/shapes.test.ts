import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { OtlpSpan } from '../../examples/demo/otlp.ts';
import { createShape, shapeNames, type ShapeName } from './index.ts';
import type { Shape } from './shape.ts';

const options = { seed: 7, endUnixMs: Date.UTC(2026, 10, 21, 12) };

/** Spans, deepest level, roots, orphans, errors, running; levels are counted from parents that arrived. */
const figures: Record<ShapeName, string> = {
  'agents-1k': '1000 spans, 8 levels, 1 roots, 0 orphans, some errors, 0 running',
  'agents-10k': '10000 spans, 8 levels, 1 roots, 0 orphans, some errors, 0 running',
  'agents-100k': '100000 spans, 8 levels, 1 roots, 0 orphans, some errors, 0 running',
  'deep-120': '120 spans, 120 levels, 1 roots, 0 orphans, 0 errors, 0 running',
  'siblings-5000': '5001 spans, 2 levels, 1 roots, 0 orphans, 250 errors, 0 running',
  'idle-60h': '186 spans, 3 levels, 1 roots, 0 orphans, 0 errors, 0 running',
  orphans: '13 spans, 3 levels, 1 roots, 8 orphans, 0 errors, 0 running',
  'clock-skew': '7 spans, 4 levels, 1 roots, 0 orphans, 0 errors, 0 running',
  running: '8 spans, 3 levels, 1 roots, 0 orphans, 0 errors, 3 running',
  'all-errors': '62 spans, 3 levels, 1 roots, 0 orphans, 62 errors, 0 running',
  'message-1mb': '4 spans, 3 levels, 1 roots, 0 orphans, 0 errors, 0 running',
  'hostile-names': '18 spans, 2 levels, 1 roots, 0 orphans, 0 errors, 0 running',
  cycles: '15 spans, 3 levels, 1 roots, 0 orphans, 0 errors, 0 running',
  'several-roots': '15 spans, 3 levels, 3 roots, 0 orphans, 0 errors, 0 running',
  'no-service': '3 spans, 3 levels, 1 roots, 0 orphans, 0 errors, 0 running',
  'end-before-start': '3 spans, 2 levels, 1 roots, 0 orphans, 0 errors, 0 running',
  'bad-times': '5 spans, 2 levels, 1 roots, 0 orphans, 0 errors, 0 running',
};

test.each(shapeNames)('%s has the counts it promises, and its ids are unique', (name) => {
  const shape = createShape(name, options);
  const spans = toSpans(shape);
  expect(toFigures(name, spans)).toBe(figures[name]);
  expect(spans).toHaveLength(shape.spanCount);
  expect(new Set(spans.map((span) => span.spanId)).size).toBe(spans.length);
  expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([shape.traceId]));
  expect(shape.traceId).toMatch(/^[0-9a-f]{32}$/);
  for (const request of shape.requests) {
    expect(toSpans({ ...shape, requests: [request] }).length).toBeLessThanOrEqual(2000);
  }
});

test.each(shapeNames)(
  '%s is the same bytes for the same seed and end, and another trace for another seed',
  (name) => {
    expect(digest(createShape(name, options))).toBe(digest(createShape(name, options)));
    expect(createShape(name, { ...options, seed: 8 }).traceId).not.toBe(
      createShape(name, options).traceId,
    );
  },
);

test('shapes of one seed are different traces', () => {
  const ids = shapeNames.map((name) => createShape(name, options).traceId);
  expect(new Set(ids).size).toBe(shapeNames.length);
});

test('of sixty hours, less than one percent is work', () => {
  const spans = toSpans(createShape('idle-60h', options));
  const seconds = (span: OtlpSpan) =>
    Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e9;
  const total = Math.max(...spans.map(seconds));
  const work = spans.filter((span) => span.name.startsWith('invoke_agent')).map(seconds);
  expect(total).toBe(60 * 3600);
  expect(work.reduce((sum, each) => sum + each, 0) / total).toBe(0.01);
});

test('the trace ends where it was told to', () => {
  const ends = toSpans(createShape('agents-1k', options)).map((span) =>
    BigInt(span.endTimeUnixNano),
  );
  expect(ends.reduce((last, end) => (end > last ? end : last))).toBe(
    BigInt(options.endUnixMs) * 1_000_000n,
  );
});

test('the big message is in one attribute of more than a million characters', () => {
  const sizes = toSpans(createShape('message-1mb', options)).flatMap((span) =>
    span.attributes.map(({ value }) => ('stringValue' in value ? value.stringValue.length : 0)),
  );
  expect(sizes.filter((size) => size > 1 << 20)).toHaveLength(1);
});

test('hostile names are keys and values, and a sender without a name says nothing', () => {
  const keys = toSpans(createShape('hostile-names', options)).flatMap((span) =>
    span.attributes.map(({ key }) => key),
  );
  expect(keys).toContain('__proto__');
  const [request] = createShape('no-service', options).requests;
  expect(request?.resourceSpans[0]?.resource.attributes).toEqual([]);
});

function toSpans(shape: Shape): OtlpSpan[] {
  return shape.requests.flatMap((request) =>
    request.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
  );
}

function toFigures(name: ShapeName, spans: readonly OtlpSpan[]): string {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const roots = spans.filter((span) => span.parentSpanId === '').length;
  const orphans = spans.filter((s) => s.parentSpanId !== '' && !byId.has(s.parentSpanId)).length;
  const errors = spans.filter((span) => span.status.code === 2).length;
  const running = spans.filter((span) => span.endTimeUnixNano === '0').length;
  const levels = Math.max(...spans.map((span) => toLevel(span, byId)));
  const shown = name.startsWith('agents') && errors > 0 ? 'some' : errors;
  return `${spans.length} spans, ${levels} levels, ${roots} roots, ${orphans} orphans, ${shown} errors, ${running} running`;
}

/** A span in a ring has no level: 0. */
function toLevel(span: OtlpSpan, byId: ReadonlyMap<string, OtlpSpan>): number {
  const seen = new Set<OtlpSpan>();
  let at: OtlpSpan | undefined = span;
  while (at !== undefined && !seen.has(at)) {
    seen.add(at);
    at = byId.get(at.parentSpanId);
  }
  return at === undefined ? seen.size : 0;
}

function digest(shape: Shape): string {
  return createHash('sha256').update(JSON.stringify(shape.requests)).digest('hex');
}
