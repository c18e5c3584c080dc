/**
 * Metric families in Prometheus' text format, version 0.0.4. A library for it would hold the numbers as well, in a
 * registry shared by the whole process; ours are kept where they arise and asked for when somebody looks.
 */
import type { Histogram } from '../store/wal/histogram.ts';

export type Labels = Readonly<Record<string, string>>;
export type Sample = { readonly labels: Labels; readonly value: number };

export type Family =
  | {
      readonly type: 'counter' | 'gauge';
      readonly name: string;
      readonly help: string;
      readonly samples: readonly Sample[];
    }
  | {
      readonly type: 'histogram';
      readonly name: string;
      readonly help: string;
      readonly series: readonly { readonly labels: Labels; readonly durations: Histogram }[];
    };

export const prometheusContentType = 'text/plain; version=0.0.4; charset=utf-8';

/** A family without samples is left out. */
export function toPrometheusText(families: readonly Family[]): string {
  return families.map(toText).join('');
}

function toText(family: Family): string {
  const lines =
    family.type === 'histogram'
      ? family.series.flatMap(({ labels, durations }) => toBuckets(family.name, labels, durations))
      : family.samples.map(({ labels, value }) => toLine(family.name, labels, value));
  if (lines.length === 0) return '';
  const help = family.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  const head = [`# HELP ${family.name} ${help}`, `# TYPE ${family.name} ${family.type}`];
  return `${[...head, ...lines].join('\n')}\n`;
}

/** Each bucket counts all that is not above it, in seconds, as Prometheus wants it. */
function toBuckets(name: string, labels: Labels, { boundsMs, counts, sumMs }: Histogram): string[] {
  let seen = 0;
  const buckets = [...boundsMs, Number.POSITIVE_INFINITY].map((bound, place) => {
    seen += counts[place] ?? 0;
    return toLine(`${name}_bucket`, { ...labels, le: toNumber(bound / 1000) }, seen);
  });
  return [
    ...buckets,
    toLine(`${name}_sum`, labels, sumMs / 1000),
    toLine(`${name}_count`, labels, seen),
  ];
}

function toLine(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${toNumber(value)}`;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function toNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}
