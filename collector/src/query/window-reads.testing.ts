/** What an alert rule reads of a window, as its definition says it, over the runs themselves. */
import type { Reading } from '../alerts/reading.ts';
import type { AlertAggregation, MetricName } from '../contract.ts';
import type { ModelCall, Run } from '../run.ts';
import { metricSources, type MetricSource } from '../store/metric-sources.ts';
import { samplesOf, type Asked, type Sample } from './metrics.testing.ts';

export type AskedWindow = Asked & {
  readonly name: MetricName;
  readonly groupBy: string;
  readonly aggregation: AlertAggregation;
};

/** Of every group, by name. */
export function readingsOf(runs: readonly Run[], asked: AskedWindow): Map<string, Reading> {
  const { name, groupBy } = asked;
  const source: MetricSource = metricSources[name];
  const samples = runs
    .flatMap((run) => samplesOf(name, run, asked))
    .filter((sample) => isInside(sample, source, asked));
  const calls = source.priced === undefined ? [] : runs.flatMap((run) => callsOf(run, asked));
  const byGroup = Map.groupBy(samples, ({ groups }) => groups[groupBy] ?? '');
  const callsByGroup = Map.groupBy(calls, ({ groups }) => groups[groupBy] ?? '');
  const names = new Set([...byGroup.keys(), ...callsByGroup.keys()]);
  if (groupBy === 'none') names.add('');
  return new Map(
    Array.from(names, (group) => {
      const own = byGroup.get(group) ?? [];
      const pricedShare = shareOf(callsByGroup.get(group) ?? []);
      return [group, { ...toReading(own, source, asked), group, pricedShare }];
    }),
  );
}

function isInside({ at, value }: Sample, { shape }: MetricSource, { from, to }: Asked): boolean {
  return shape === 'active' ? at < to && value >= from : at >= from && at < to;
}

function toReading(
  samples: readonly Sample[],
  source: MetricSource,
  { aggregation, to }: AskedWindow,
): Pick<Reading, 'value' | 'samples' | 'bad'> {
  const { length } = samples;
  if (source.shape === 'active') {
    const open = samples.filter(({ value }) => value >= to).length;
    const value =
      aggregation === 'samples' ? length : aggregation === 'value' || length > 0 ? open : null;
    return { value, samples: length, bad: length };
  }
  const numerator = samples.reduce((sum, { value }) => sum + Number(value), 0);
  const bad =
    source.bad === undefined ? length : source.bad === 'numerator' ? numerator : length - numerator;
  return { value: toValue(samples, source, aggregation), samples: length, bad };
}

function toValue(
  samples: readonly Sample[],
  source: MetricSource,
  aggregation: AlertAggregation,
): number | null {
  const { length } = samples;
  if (aggregation === 'samples') return length;
  const values = samples.map(eachOf);
  if (aggregation === 'value' && source.shape === 'sum') return sumOf(samples);
  if (length === 0) return null;
  if (aggregation === 'value' && source.shape === 'ratio') {
    return sumOf(samples) / samples.reduce((sum, { weight = 1 }) => sum + weight, 0);
  }
  if (aggregation === 'mean') {
    return source.shape === 'ratio'
      ? values.reduce((sum, value) => sum + value, 0) / length
      : sumOf(samples) / length;
  }
  const sorted = values.toSorted((a, b) => a - b);
  if (aggregation === 'min') return sorted[0] ?? null;
  if (aggregation === 'max') return sorted.at(-1) ?? null;
  const headline = source.headline ?? 'p95';
  const level = Number((aggregation === 'value' ? headline : aggregation).slice(1));
  return sorted[Math.ceil((level * length) / 100) - 1] ?? null;
}

/** Money is whole trillionths. */
function eachOf({ value, weight = 1 }: Sample): number {
  return (typeof value === 'bigint' ? Number(value) / 1e12 : value) / weight;
}

function sumOf(samples: readonly Sample[]): number {
  const isMoney = samples.some(({ value }) => typeof value === 'bigint');
  if (!isMoney) return samples.reduce((sum, { value }) => sum + Number(value), 0);
  return Number(samples.reduce((sum, { value }) => sum + BigInt(value), 0n)) / 1e12;
}

type Call = { readonly groups: Readonly<Record<string, string>>; readonly isPriced: boolean };

/** Of the calls that a cost of the window is made of, or would be if they had a price. */
function callsOf(run: Run, asked: AskedWindow): Call[] {
  const isEnded = run.status !== 'running' && run.status !== 'suspended';
  const perCall = asked.name === 'cost';
  if (!perCall && !(isEnded && isWithin(run.endUnixNano, asked))) return [];
  return run.modelCalls
    .filter(({ startUnixNano }) => !perCall || isWithin(startUnixNano, asked))
    .map((call) => ({ groups: groupsOf(run, call), isPriced: call.costTrillionths !== null }));
}

function isWithin(at: bigint, { from, to }: Asked): boolean {
  return at >= from && at < to;
}

function groupsOf(run: Run, { agent, model }: ModelCall): Record<string, string> {
  const { workflow, environment, status, workflowVersion, serviceVersion } = run;
  const version = workflowVersion === '' ? serviceVersion : workflowVersion;
  return { workflow, environment, status, version, agent, model };
}

function shareOf(calls: readonly Call[]): number | null {
  if (calls.length === 0) return null;
  return calls.filter(({ isPriced }) => isPriced).length / calls.length;
}
