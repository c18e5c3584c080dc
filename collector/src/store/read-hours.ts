/** The past of a metric hour by hour, up to eight weeks: what relative rules are held against. */
import { readRows, type Reader } from './read-rows.ts';
import { readSliding } from './read-sliding.ts';
import { toScopeParams } from './runs-sql.ts';
import type { SqlFragment } from './store.ts';
import { toFigures, toWindowSamples, type Measured } from './window-sql.ts';

export type HoursAsk = Measured & {
  /** Start of the first hour. */
  readonly fromUnixNano: bigint;
  readonly hours: number;
  /** Groups at most, those with most samples. */
  readonly limit: number;
};

export type HourRead = {
  /** Start of the hour, milliseconds since the epoch. */
  readonly atMs: number;
  readonly value: number | null;
  readonly samples: number;
};

const hourNs = 3_600_000_000_000n;

/** By group: hours that have samples, oldest first. */
export async function readHours(
  reader: Reader,
  projectId: string,
  ask: HoursAsk,
): Promise<Map<string, HourRead[]>> {
  const { source } = ask;
  // What is open at the end of each hour counts in it: that is no sum of samples.
  if (source.shape === 'active' || source.open !== undefined) return slide(reader, projectId, ask);
  const rows = await readRows(reader, projectId, toHoursSql(ask));
  const byGroup = new Map<string, HourRead[]>();
  for (const row of rows) {
    const group = String(row['name']);
    const hours = byGroup.get(group) ?? [];
    byGroup.set(group, hours);
    const value = row['value'] === null ? null : Number(row['value']);
    hours.push({ atMs: toMs(ask, Number(row['at'])), value, samples: Number(row['samples']) });
  }
  return byGroup;
}

function toMs({ fromUnixNano }: HoursAsk, hour: number): number {
  return Number(fromUnixNano / 1_000_000n) + hour * 3_600_000;
}

export function toHoursSql(ask: HoursAsk): SqlFragment {
  const { source, groupBy, aggregation, fromUnixNano, hours } = ask;
  const scope = { ...ask, toUnixNano: fromUnixNano + BigInt(hours) * hourNs };
  const sql = `SELECT name, at, samples, value
FROM (
SELECT name, toUInt32(intDiv(moment - {from:Int64}, ${hourNs})) AS at, ${toFigures(source, aggregation)},
  sum(samples) OVER (PARTITION BY name) AS in_all
FROM (
${toWindowSamples(source, groupBy, scope)}
)
GROUP BY name, at
)
WHERE samples > 0
ORDER BY in_all DESC, name, at
LIMIT ${hours} BY name
LIMIT {limit:UInt64}`;
  return { sql, params: { ...toScopeParams(scope), limit: ask.limit * hours } };
}

async function slide(
  reader: Reader,
  projectId: string,
  ask: HoursAsk,
): Promise<Map<string, HourRead[]>> {
  const { groups } = await readSliding(reader, projectId, {
    ...ask,
    direction: 'above',
    minSamples: 0,
    firstEndUnixNano: ask.fromUnixNano + hourNs,
    stepNs: hourNs,
    windowNs: hourNs,
    count: ask.hours,
  });
  return new Map(
    groups.map(({ group, value, samples }) => [
      group,
      value
        .map((one, at) => ({ atMs: toMs(ask, at), value: one, samples: samples[at] ?? 0 }))
        .filter((hour) => hour.samples > 0),
    ]),
  );
}
