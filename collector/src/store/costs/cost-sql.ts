/** What was spent in a range, by one or two dimensions, as queries. Pure text. */
import { toScopeParams, type RunScope } from '../runs-sql.ts';
import type { SqlFragment } from '../store.ts';
import { groupBy, toBothSources, type CallsPart } from './both-sources.ts';
import {
  dimensionColumns,
  fromCalls,
  isPerCall,
  type CallDimension,
  type CallsAsk,
  type PerCall,
} from './call-rows.ts';
import { callSums, placeOfSet, runSums, summedColumns, sumNames } from './call-sums.ts';
import { withoutEnded } from './cut-range.ts';
import { dayNs, withoutSums, withUsersAlone, type MadeDay } from './made-days.ts';
import { toPeriodSql, type PricePeriods } from './price-periods.ts';

export type CostAsk = {
  readonly scope: RunScope;
  readonly by: readonly CallDimension[];
  /** Whose calls need not all be read. */
  readonly days: readonly MadeDay[];
};

/** Days have no sums of them, but of users with one thing more. */
const unsummed: ReadonlySet<CallDimension> = new Set(['user', 'session', 'tag']);

const usd = (expression: string): string => `toString(${expression})`;
const names = (by: readonly CallDimension[]): string[] => by.map((_, at) => `k${at}`);
const keys = (by: readonly CallDimension[]): string[] =>
  by.map((dimension, at) => `${dimensionColumns[dimension].sql} AS k${at}`);

type Sums = {
  readonly table: 'cost_days' | 'cost_user_days';
  readonly days: readonly MadeDay[];
  readonly condition: string;
};

function sumsOf({ by, days }: CostAsk): Sums {
  const isOfUsers = by.includes('user');
  const isSummed = !by.some((dimension) => dimension !== 'user' && unsummed.has(dimension));
  const known = isOfUsers ? withUsersAlone(days) : days;
  return {
    table: isOfUsers ? 'cost_user_days' : 'cost_days',
    days: isSummed ? known : withoutSums(days),
    condition: isOfUsers ? `split = '${by.find(isPerCall) ?? 'run'}'` : 'true',
  };
}

function toBoth(
  ask: CostAsk,
  group: readonly string[],
  ofCalls: CallsPart,
  ofDays: { readonly select: readonly string[]; readonly group?: readonly string[] },
): string {
  const { days, ...sums } = sumsOf(ask);
  const calls = { select: ofCalls.select, ask: { by: ask.by, ...ofCalls.ask } };
  return toBothSources({ scope: ask.scope, days }, group, calls, { ...sums, ...ofDays });
}

const runNames = ['runs', 'successful_runs', 'handoffs'] as const;

export type CellAsk = CostAsk & {
  /** What is told of caches is told apart by them, since prices are not known here. */
  readonly periods: PricePeriods;
};

/** Of what prices have to be asked for: provider, model, period, and tokens read, written and sent again. */
const usesOfGroup = `if(sum_cached_read + sum_cached_written + sum_uncached > 0,
    [(toString(provider), toString(model), price_day, sum_cached_read, sum_cached_written, sum_uncached)], []) AS uses_of`;

/** A row a combination of values; one row in all when nothing is asked apart. */
export function toCostSql(ask: CellAsk): SqlFragment {
  const set = ask.by.filter(isPerCall);
  const isOfUsers = ask.by.includes('user');
  const group = [...names(ask.by), 'provider', 'model', 'price_day'];
  const ofCalls = [
    ...keys(ask.by),
    `${toPeriodSql('toDate(call_start)', ask.periods)} AS price_day`,
    ...sumNames.map((name) => `${callSums[name]} AS sum_${name}`),
    ...runNames.map((name) => `${runSums[name]('nth')} AS sum_${name}`),
    ...runNames.map((name) => `${runSums[name]('nth_of_all')} AS all_${name}`),
    usesOfGroup,
  ];
  const ofDays = {
    select: [
      ...keys(ask.by),
      `${toPeriodSql('call_day', ask.periods)} AS price_day`,
      ...sumNames.map((name) => `sum(${name}) AS sum_${name}`),
      ...(isOfUsers ? runsOfUsers : runsOfDays(set)),
    ],
    group: isOfUsers ? [...names(ask.by), 'price_day'] : group,
  };
  const callsAsk: CallsAsk = {
    calls: [...summedColumns, 'provider', 'model'],
    runs: ['succeeded', 'handoff_count'],
    nth: { nth: set, nth_of_all: [] },
  };
  const sql = `SELECT ${[...names(ask.by).map((name) => `toString(${name}) AS ${name}`), figures].join(',\n  ')}
FROM (
${toBoth(ask, group, { select: ofCalls, ask: callsAsk }, ofDays)}
)${groupBy(names(ask.by))}`;
  return { sql, params: toScopeParams(ask.scope) };
}

function runsOfDays(set: readonly PerCall[]): string[] {
  return [
    ...runNames.map((name) => `sum(${name}[${placeOfSet(set)}]) AS sum_${name}`),
    ...runNames.map((name) => `sum(${name}[1]) AS all_${name}`),
    usesOfGroup,
  ];
}

const [providerOfUse, modelOfUse] = [1, 2].map(
  (at) => String.raw`splitByChar('\n', toString(name))[${at}]`,
);
const summedUses = 'sumMap(use_models, use_reads, use_writes, use_uncached)';
const runsOfUsers = [
  ...runNames.map((name) => `sum(${name}) AS sum_${name}`),
  ...runNames.map((name) => `sum(all_${name}) AS all_${name}`),
  `arrayMap((name, read, written, resent) -> (${providerOfUse}, ${modelOfUse}, price_day, read, written, resent),
    ${summedUses}.1, ${summedUses}.2, ${summedUses}.3, ${summedUses}.4) AS uses_of`,
];

/** Names are those of `CostCell`. */
const figures = [
  ...sumNames.map((name) =>
    callSums[name].includes('toUInt64') || callSums[name].startsWith('count')
      ? `sum(sum_${name}) AS ${name}`
      : `${usd(`sum(sum_${name})`)} AS ${name}`,
  ),
  ...runNames.map((name) => `sum(sum_${name}) AS ${name}`),
  ...runNames.map((name) => `sum(all_${name}) AS all_${name}`),
  'groupArrayArray(uses_of) AS uses',
].join(',\n  ');

/** The same combinations with nothing but what they cost: of the range before. Such that cost nothing are left out. */
export function toCostAloneSql(ask: CostAsk): SqlFragment {
  const ofCalls = {
    select: [...keys(ask.by), `${callSums.cost} AS spent`],
    ask: { calls: ['cost'] } as const,
  };
  const sql = `SELECT ${[...names(ask.by).map((name) => `toString(${name}) AS ${name}`), `${usd('sum(spent)')} AS cost`].join(', ')}
FROM (
${toBoth(ask, names(ask.by), ofCalls, { select: [...keys(ask.by), 'sum(cost) AS spent'] })}
)${groupBy(names(ask.by))}
HAVING sum(spent) != 0`;
  return { sql, params: toScopeParams(ask.scope) };
}

/** How many users there are behind each combination: nothing that could be added up. */
export function toUsersSql({ scope, by, days }: CostAsk): SqlFragment {
  const sql = `SELECT ${[...names(by).map((name) => `toString(${name}) AS ${name}`), 'users'].join(', ')}
FROM (
SELECT ${[...keys(by), "uniqExactIf(user_id, user_id != '') AS users"].join(', ')}
FROM ${fromCalls(withoutEnded(scope, days), { by, calls: [], runs: ['user_id'] })}${groupBy(names(by))}
)`;
  return { sql, params: toScopeParams(scope) };
}

export type SeriesAsk = CostAsk & {
  readonly originUnixNano: bigint;
  readonly stepNs: bigint;
  /** Values of the dimensions of the rows that are shown, joined by `keySeparator`. */
  readonly shown: readonly string[];
};

/** Between two values of a row, which may hold anything but a NUL. */
export const keySeparator = '\u0000';

/** What each of the shown rows cost in every window, and all others together: those have no name. */
export function toSeriesSql(ask: SeriesAsk): SqlFragment {
  const { scope, by, originUnixNano, stepNs, shown } = ask;
  const text = names(by).map((name) => `toString(${name})`);
  const name = text.length < 2 ? (text[0] ?? "''") : `concat(${text.join(", '\\0', ")})`;
  const group = [...names(by), 'at'];
  const at = (moment: string): string => `intDiv(${moment} - {origin:Int64}, {step:Int64}) AS at`;
  const ofCalls = {
    select: [...keys(by), at('toUnixTimestamp64Nano(call_start)'), `${callSums.cost} AS spent`],
    ask: { calls: ['cost'] } as const,
  };
  const ofDays = [...keys(by), at(`toInt64(toUInt16(call_day)) * ${dayNs}`), 'sum(cost) AS spent'];
  // A day of sums lies in one window, or knows not how much of it does.
  const days = stepNs % dayNs === 0n ? ask.days : withoutSums(ask.days);
  const sql = `SELECT has({shown:Array(String)}, ${name}) AS is_shown, if(is_shown, ${name}, '') AS name,
  toInt32(at) AS at, toFloat64(sum(spent)) AS cost
FROM (
${toBoth({ scope, by, days }, group, ofCalls, { select: ofDays })}
)
GROUP BY is_shown, name, at
HAVING sum(spent) != 0
ORDER BY is_shown, name, at`;
  const params = {
    ...toScopeParams(scope),
    origin: originUnixNano.toString(),
    step: stepNs.toString(),
    shown: [...shown],
  };
  return { sql, params };
}
