/** What is behind a value that alerts: the worst runs of a group, and what they have that other runs have not. */
import { readRows, type Reader } from './read-rows.ts';
import { toScopeParams } from './runs-sql.ts';
import type { SqlFragment } from './store.ts';
import { groupOf, toJoined, toValueOfEach, type WindowAsk } from './window-sql.ts';

export type BehindAsk = Omit<WindowAsk, 'limit' | 'minSamples' | 'aggregation'> & {
  /** Name of the group; of `none` it does not matter. */
  readonly group: string;
};

export type Exemplar = {
  readonly runId: string;
  readonly traceId: string;
  readonly workflow: string;
  readonly startUnixNano: string;
  /** Of the worst sample of the run, in the unit of the metric; null of runs that are open. */
  readonly value: number | null;
};

const maxExemplars = 5;

/** Worst first; of equal ones the newest. */
export async function readExemplars(
  reader: Reader,
  projectId: string,
  ask: BehindAsk,
): Promise<Exemplar[]> {
  const order = ask.direction === 'above' ? 'DESC' : 'ASC';
  const sql = `SELECT run_id, root_trace_id, workflow, toString(started) AS begun, number
FROM (
${toSamplesOfRuns(ask, ['root_trace_id'])}
)
WHERE name = {group:String}
ORDER BY number ${order}, started DESC, run_id
LIMIT 1 BY run_id
LIMIT ${maxExemplars}`;
  const rows = await readRows(reader, projectId, { sql, params: toParams(ask) });
  const divisor = ask.source.unit === 'ms' ? 1e6 : 1;
  return rows.map((row) => ({
    runId: String(row['run_id']),
    traceId: String(row['root_trace_id']),
    workflow: String(row['workflow']),
    startUnixNano: String(row['begun']),
    value: ask.source.shape === 'active' ? null : Number(row['number']) / divisor,
  }));
}

/** A row a sample of the window: `name`, `number` (of open stretches their age) and columns of its run. */
function toSamplesOfRuns(ask: BehindAsk, columns: readonly string[]): string {
  const { source, groupBy } = ask;
  const wider = { ...source, columns: [...source.columns, 'run_id', ...columns] };
  const own = ['run_id', 'workflow', 'started', ...columns].filter(
    (column, at, all) => all.indexOf(column) === at,
  );
  const isActive = source.shape === 'active';
  const number = isActive ? `{to:Int64} - ${source.time}` : toValueOfEach(source);
  const inWindow = isActive
    ? `${source.time} < {to:Int64} AND sample >= {to:Int64}`
    : `${source.time} >= {from:Int64} AND ${source.time} < {to:Int64}`;
  return `SELECT ${groupOf(source, groupBy)} AS name, ${own.join(', ')}, ${source.value} AS sample,
  ${source.weight ?? '1'} AS weight, toFloat64(${number}) AS number
FROM ${toJoined(wider, ask)}
WHERE ${source.where} AND ${inWindow}`;
}

function toParams(ask: BehindAsk): Record<string, unknown> {
  return { ...toScopeParams(ask), group: ask.groupBy === 'none' ? '' : ask.group };
}

export type DifferingFact = {
  /** Of the filter language. */
  readonly field: string;
  readonly value: string;
  /** Shares of the runs. */
  readonly inside: number;
  readonly outside: number;
};

export type DifferingAsk = BehindAsk & {
  /** In the unit of the metric: a run is inside when a sample of it is beyond; null = any sample of the group. */
  readonly beyond: number | null;
};

/** Fields of the filter language as arrays of their values. */
const facts = {
  model: 'models',
  agent: 'agents',
  tool: 'tools',
  tag: 'tags',
  finding: 'finding_kinds',
  version: '[version_name]',
  environment: '[environment]',
  workflow: '[workflow]',
  error: '[error_type]',
  pattern: '[pattern]',
  user: '[user_id]',
} as const;

const factsSql = `arrayConcat([('', '')], ${Object.entries(facts)
  .map(
    ([field, values]) =>
      `arrayMap(value -> ('${field}', toString(value)), arrayFilter(value -> value != '', arrayDistinct(${values})))`,
  )
  .join(', ')})`;

/** Fewer runs prove nothing. */
const leastRuns = 3;
/** A share that differs by less is not worth a look, however certain it is. */
const leastDifference = 0.1;
/** In standard errors. */
const leastScore = 2;
const maxFacts = 8;

/**
 * What runs of the group that are beyond have more often than all other runs of the window; by how many standard errors
 * the two shares differ, the most certain first.
 */
export async function readDiffering(
  reader: Reader,
  projectId: string,
  ask: DifferingAsk,
): Promise<DifferingFact[]> {
  const rows = await readRows(reader, projectId, toDifferingSql(ask));
  const counted = rows.map((row) => ({
    field: String(row['field']),
    value: String(row['value']),
    inside: Number(row['inside']),
    outside: Number(row['outside']),
  }));
  const all = counted.find(({ field }) => field === '');
  if (all === undefined || all.inside < leastRuns || all.outside < leastRuns) return [];
  return counted
    .filter(({ field, value, inside }) => {
      const isGroup = field === ask.groupBy && value === ask.group;
      return field !== '' && !isGroup && inside >= leastRuns;
    })
    .map(({ field, value, inside, outside }) => ({
      fact: { field, value, inside: inside / all.inside, outside: outside / all.outside },
      score: toScore(inside, all.inside, outside, all.outside),
    }))
    .filter(
      ({ fact, score }) => fact.inside - fact.outside >= leastDifference && score >= leastScore,
    )
    .toSorted((a, b) => b.score - a.score || compare(a.fact, b.fact))
    .slice(0, maxFacts)
    .map(({ fact }) => fact);
}

function toDifferingSql(ask: DifferingAsk): SqlFragment {
  const comparison = ask.direction === 'above' ? '>' : '<';
  const isBeyond = ask.beyond === null ? '1' : `number ${comparison} {beyond:Float64}`;
  const scale = ask.source.unit === 'ms' ? 1e6 : 1;
  const columns = [
    'models',
    'agents',
    'tools',
    'tags',
    'finding_kinds',
    'version_name',
    'environment',
    'error_type',
    'pattern',
    'user_id',
  ];
  const known = new Set(['version_name', 'environment', ...ask.source.columns]);
  const wider = {
    ...ask,
    source: {
      ...ask.source,
      columns: [...ask.source.columns, ...columns.filter((column) => !known.has(column))],
    },
  };
  const sql = `SELECT tupleElement(fact, 1) AS field, tupleElement(fact, 2) AS value,
  countIf(is_inside) AS inside, countIf(NOT is_inside) AS outside
FROM (
SELECT max(name = {group:String} AND ${isBeyond}) AS is_inside, any(${factsSql}) AS own
FROM (
${toSamplesOfRuns(wider, columns)}
)
GROUP BY run_id
)
ARRAY JOIN own AS fact
GROUP BY fact
ORDER BY inside DESC, field, value
LIMIT 2000`;
  return { sql, params: { ...toParams(ask), beyond: (ask.beyond ?? 0) * scale } };
}

function toScore(inside: number, insideAll: number, outside: number, outsideAll: number): number {
  const pooled = (inside + outside) / (insideAll + outsideAll);
  const variance = pooled * (1 - pooled) * (1 / insideAll + 1 / outsideAll);
  return variance === 0 ? 0 : (inside / insideAll - outside / outsideAll) / Math.sqrt(variance);
}

function compare(a: DifferingFact, b: DifferingFact): number {
  if (a.field !== b.field) return a.field < b.field ? -1 : 1;
  return a.value < b.value ? -1 : 1;
}
