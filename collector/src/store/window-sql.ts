/** What alert rules hold against a threshold: the samples of a metric in a window, and what becomes of them. Pure text. */
import type { AlertAggregation } from '../contract.ts';
import type { MetricSource } from './metric-sources.ts';
import { fromRuns } from './runs-sql.ts';
import type { SqlFragment } from './store.ts';

/** Which samples, and what becomes of them. Nanoseconds since the epoch; conditions are on a row of `runs`. */
export type Measured = {
  readonly source: MetricSource;
  readonly conditions: readonly SqlFragment[];
  /** A running run has lasted until then. */
  readonly nowUnixNano: bigint;
  readonly groupBy: string;
  readonly aggregation: AlertAggregation;
};

export type Worst = {
  /** `above`: the highest values are the worst. */
  readonly direction: 'above' | 'below';
  /** Groups with fewer come after all others. */
  readonly minSamples: number;
  readonly limit: number;
  /** Groups that come before all others, however well they are now: somebody waits to hear of them. */
  readonly watched?: readonly string[];
};

export type WindowAsk = Measured &
  Worst & {
    readonly fromUnixNano: bigint;
    /** Excluded. */
    readonly toUnixNano: bigint;
  };

/** Samples of the window: `name`, `moment`, `sample`, `weight`, and what says whether it has a price where that matters. */
export function toWindowSamples(
  source: MetricSource,
  groupBy: string,
  scope: Pick<WindowAsk, 'conditions' | 'fromUnixNano' | 'toUnixNano' | 'nowUnixNano'>,
): string {
  const joined = toJoined(source, scope);
  if (source.shape === 'active') {
    return `SELECT ${groupOf(source, groupBy)} AS name, ${source.value} AS closed
FROM ${joined}
WHERE ${source.where} AND ${source.time} < {to:Int64} AND closed >= {from:Int64}`;
  }
  return `SELECT ${groupOf(source, groupBy)} AS name, ${source.time} AS moment, ${sampleColumns(source)}
FROM ${joined}
WHERE ${source.priced?.among ?? source.where}
  AND moment >= {from:Int64} AND moment < {to:Int64}`;
}

export function sampleColumns(source: MetricSource): string {
  const { value, weight = '1', where, priced } = source;
  const own = `${value} AS sample, ${weight} AS weight`;
  if (priced === undefined) return own;
  return `${own}, toUInt8(${where}) AS counted, ${priced.calls} AS calls, ${priced.known} AS known`;
}

export function groupOf({ groups }: MetricSource, groupBy: string): string {
  return `toString(${groups[groupBy] ?? "''"})`;
}

export function toJoined(
  { columns, join }: MetricSource,
  scope: Pick<WindowAsk, 'conditions' | 'fromUnixNano' | 'toUnixNano' | 'nowUnixNano'>,
): string {
  const runs = fromRuns([...new Set(columns)].join(', '), scope, 'lived');
  return join.length === 0 ? runs : `${runs}\nARRAY JOIN ${join.join(', ')}`;
}

/** Columns `samples`, `value`, `bad` and `priced` of a group of samples. */
export function toFigures(source: MetricSource, aggregation: AlertAggregation): string {
  const { bad, priced } = source;
  const badSum = `toUInt64(${over(source, 'sum', 'sample')})`;
  return `${over(source, 'count', '')} AS samples,
  if(samples = 0, NULL, toFloat64(${toValue(source, aggregation)})${divisorOf(source, aggregation)}) AS value,
  ${bad === undefined ? 'samples' : bad === 'numerator' ? badSum : `samples - ${badSum}`} AS bad,
  ${priced === undefined ? 'NULL' : 'if(sum(calls) = 0, NULL, sum(known) / sum(calls))'} AS priced`;
}

function divisorOf({ unit }: MetricSource, aggregation: AlertAggregation): string {
  return unit === 'ms' && aggregation !== 'samples' ? ' / 1e6' : '';
}

/** See nearest-ranks.ts. */
const levels = { p50: '0.5', p95: '0.05', p99: '0.01' } as const;

function toValue(source: MetricSource, aggregation: AlertAggregation): string {
  const each = toValueOfEach(source);
  switch (aggregation) {
    case 'value':
      if (source.shape === 'quantile') return toValue(source, source.headline ?? 'p95');
      if (source.shape === 'sum') return over(source, 'sum', 'sample');
      return `${over(source, 'sum', 'sample')}) / toFloat64(${over(source, 'sum', 'weight')}`;
    case 'p50':
    case 'p95':
    case 'p99':
      return `-${over(source, 'quantileExact', `-(${each})`, `(${levels[aggregation]})`)}`;
    case 'mean':
      return `${over(source, 'sum', widened(source, each))}) / toFloat64(samples`;
    case 'min':
    case 'max':
      return over(source, aggregation, each);
    case 'samples':
      return 'samples';
    default:
      return aggregation satisfies never;
  }
}

/** Of a sample alone. */
export function toValueOfEach({ shape }: MetricSource): string {
  return shape === 'ratio' ? 'toFloat64(sample) / toFloat64(weight)' : 'sample';
}

/** A sum of nanoseconds outgrows 64 bits after 292 years, which a million runs of a morning reach. */
function widened({ unit, shape }: MetricSource, each: string): string {
  return unit === 'ms' && shape === 'quantile' ? `toInt128(${each})` : each;
}

/** Where prices matter, samples without one are there too, and count for nothing else. */
function over({ priced }: MetricSource, name: string, value: string, levelsOf = ''): string {
  if (priced === undefined) return `${name}${levelsOf}(${value})`;
  return `${name}If${levelsOf}(${value}${value === '' ? '' : ', '}counted)`;
}
