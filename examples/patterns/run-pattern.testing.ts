import { format } from 'node:util';
import { metricNames, orchescope } from '@orchescope/sdk/attributes';
import { record, type RecordedPoint, type RecordedSpan } from '@orchescope/sdk/testing';

/**
 * Runs an example in this process and tells all that it printed and recorded as one text. Ids become numbers in the
 * order of start; times and durations are left out.
 */
export async function runPattern(name: string): Promise<string> {
  process.env['ORCHESCOPE_LOG'] = 'off';
  const recording = record({ capture: 'metadata' });
  const printed: string[] = [];
  const log = console.log;
  console.log = (...args: unknown[]) => void printed.push(format(...args));
  try {
    await import(new URL(`${name}.ts`, import.meta.url).href);
    return toGolden(printed, recording.spans(), await recording.metrics());
  } finally {
    console.log = log;
    await recording.stop();
  }
}

export const toGolden = (
  printed: readonly string[],
  spans: readonly RecordedSpan[],
  metrics: ReadonlyMap<string, readonly RecordedPoint[]>,
): string =>
  [
    ...section('printed', printed),
    ...section('spans', toSpanLines(spans)),
    ...section('metrics', toMetricLines(metrics)),
  ].join('\n');

const section = (title: string, lines: readonly string[]): string[] => [`# ${title}`, ...lines, ''];

function toSpanLines(spans: readonly RecordedSpan[]): string[] {
  const numbers = new Map(spans.map(({ spanId }, i) => [spanId, i + 1]));
  const nameRun = createRunNames();
  const lines: string[] = [];
  const draw = (span: RecordedSpan, indent: string, outerRun: unknown) => {
    const ownRun = span.attributes[orchescope.runId];
    const runNamed = ownRun === outerRun ? '' : `  (${nameRun(ownRun)})`;
    const failed = span.status === 'error' ? `  ! ${span.message ?? ''}`.trimEnd() : '';
    lines.push(`${indent}${numbers.get(span.spanId)} ${span.name}${failed}${runNamed}`);
    for (const line of [...toFacts(span, nameRun), ...toEvents(span), ...toLinks(span, numbers)])
      lines.push(`${indent}    ${line}`);
    for (const child of spans)
      if (child.parentSpanId === span.spanId) draw(child, `${indent}    `, ownRun);
  };
  for (const span of spans) if (!numbers.has(span.parentSpanId ?? '')) draw(span, '', undefined);
  return lines;
}

/** Run ids are random: the first one seen becomes `run 1`. One that the example chose stays. */
function createRunNames(): (id: unknown) => string {
  const names = new Map<unknown, string>();
  return (id) => {
    if (id === undefined) return 'no run';
    if (!/^[\da-f]{8}-[\da-f-]{27}$/.test(String(id))) return String(id);
    if (!names.has(id)) names.set(id, `run ${names.size + 1}`);
    return names.get(id) ?? '';
  };
}

function toFacts({ attributes }: RecordedSpan, nameRun: (id: unknown) => string): string[] {
  const { [orchescope.runId]: _, [orchescope.runParentId]: parentRun, ...others } = attributes;
  if (parentRun === undefined) return toPairs(others);
  return toPairs({ ...others, [orchescope.runParentId]: nameRun(parentRun) });
}

const toEvents = ({ events }: RecordedSpan): string[] =>
  events.map(({ name, attributes }) => `* ${[name, ...toPairs(attributes)].join('  ')}`);

const toLinks = ({ links }: RecordedSpan, numbers: ReadonlyMap<string, number>): string[] =>
  links.map(({ rel, spanId }) => `-> ${rel} ${numbers.get(spanId) ?? 'a span unknown here'}`);

const timed = /stacktrace$|time_to_first_chunk$/;

const toPairs = (attributes: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(attributes)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name} = ${timed.test(name) ? '...' : JSON.stringify(value)}`);

function toMetricLines(metrics: ReadonlyMap<string, readonly RecordedPoint[]>): string[] {
  const lines = [...metrics].flatMap(([metric, points]) =>
    points.map(
      ({ attributes, value }) =>
        `${[metric, ...toPairs(attributes)].join('  ')}  : ${toMeasured(metric, value)}`,
    ),
  );
  return lines.toSorted();
}

/** A histogram tells how often something was measured, and the sum where that is no time. */
function toMeasured(metric: string, value: unknown): string {
  if (typeof value === 'number') return String(value);
  const { count, sum } = value as { readonly count: number; readonly sum?: number };
  return metric === metricNames.tokenUsage ? `${count} x, sum ${sum}` : `${count} x`;
}
