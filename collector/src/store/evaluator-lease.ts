/**
 * Who may do what one process at a time does: evaluate, or work on history. Each holder takes a term, higher than any before: of two that insert the same term the store keeps
 * the first, since the term is the deduplication token of its insert. Nobody is trusted to know that he lost: what he
 * writes bears his term, and readers prefer the higher one.
 */
import type { ClickHouseClient } from '@clickhouse/client';

export type LeaseOptions = {
  readonly client: ClickHouseClient;
  /** What it is about, as its tables are called; usually the evaluator. */
  readonly about?: LeaseMatter;
  /** Of this process and no other. */
  readonly holder: string;
  /** Alone with its store, as the lock of the data directory makes it: a term is taken at once and never lost. */
  readonly exclusive: boolean;
  readonly ttlMs?: number;
  readonly renewMs?: number;
  /** Of a clock that nobody sets. */
  readonly nowMs?: () => number;
};

type LeaseMatter = 'evaluator' | 'history';

export type EvaluatorLease = {
  /** The term while this process holds it, null while another does. Takes it when it is free, renews it in time. */
  readonly hold: () => Promise<number | null>;
  /** The term while it can still be ours, without asking. */
  readonly held: () => number | null;
  /** Renews it while it can still be ours, and never takes it: what takes long goes on under its term, or not at all. */
  readonly renew: () => Promise<void>;
  /** Whoever comes next takes it at once, with a higher term. */
  readonly release: () => Promise<void>;
};

export const defaultLeaseTimes = { ttlMs: 15_000, renewMs: 5_000 } as const;

export function createEvaluatorLease(options: LeaseOptions): EvaluatorLease {
  const { holder, exclusive, nowMs = () => performance.now() } = options;
  const terms = createTerms(options.client, options.about ?? 'evaluator');
  const { ttlMs, renewMs } = { ...defaultLeaseTimes, ...options };
  let term: number | null = null;
  /** Asked for before, so that ours ends before the store says so. */
  let renewedMs = 0;

  const held = (): number | null => (exclusive || nowMs() - renewedMs < ttlMs ? term : null);

  async function renew(mine: number): Promise<number | null> {
    const askedMs = nowMs();
    // What is renewed may have been taken meanwhile, which the look afterwards tells.
    await terms.insertRenewal(mine);
    const { term: newest } = await terms.read();
    if (newest !== mine) return (term = null);
    renewedMs = Math.max(renewedMs, askedMs);
    return held();
  }

  async function take(): Promise<number | null> {
    const askedMs = nowMs();
    const newest = await terms.read();
    if (!exclusive && newest.holder !== '' && newest.idleMs < ttlMs) return null;
    const next = newest.term + 1;
    await terms.insert(next, holder);
    const [winner, after] = await Promise.all([terms.readHolder(next), terms.read()]);
    if (winner !== holder || after.term !== next) return exclusive ? take() : null;
    renewedMs = askedMs;
    return (term = next);
  }

  return {
    held,
    hold: async () => {
      const mine = held();
      if (mine === null) {
        term = null;
        return take();
      }
      return exclusive || nowMs() - renewedMs < renewMs ? mine : renew(mine);
    },
    renew: async () => {
      const mine = held();
      if (mine !== null && !exclusive) await renew(mine);
    },
    release: async () => {
      const mine = term;
      term = null;
      // Without a holder it is free. Where another has it already, this changes nothing.
      if (mine !== null && !exclusive) await terms.insert(mine + 1, '');
    },
  };
}

type Term = {
  readonly term: number;
  /** Empty = given back. */
  readonly holder: string;
  /** Since it was taken or renewed, by the clock of the store. */
  readonly idleMs: number;
};

function createTerms(client: ClickHouseClient, about: LeaseMatter) {
  return {
    read: async (): Promise<Term> => {
      const answer = await client.query({ query: toTermSql(about), format: 'JSONEachRow' });
      const [row] = await answer.json<{ term: number; holder: string; idle: number }>();
      return { term: row?.term ?? 0, holder: row?.holder ?? '', idleMs: row?.idle ?? 0 };
    },
    readHolder: async (term: number): Promise<string | null> => {
      const answer = await client.query({
        query: `SELECT holder FROM ${about}_terms WHERE term = {term:UInt64} ORDER BY taken_at, holder LIMIT 1`,
        query_params: { term },
        format: 'JSONEachRow',
      });
      const [row] = await answer.json<{ holder: string }>();
      return row?.holder ?? null;
    },
    insert: async (term: number, holder: string): Promise<void> => {
      await client.insert({
        table: `${about}_terms`,
        columns: ['term', 'holder'],
        values: [{ term, holder }],
        format: 'JSONEachRow',
        clickhouse_settings: { async_insert: 0, insert_deduplication_token: `term-${term}` },
      });
    },
    insertRenewal: async (term: number): Promise<void> => {
      await client.insert({
        table: `${about}_renewals`,
        columns: ['term'],
        values: [{ term }],
        format: 'JSONEachRow',
        clickhouse_settings: { async_insert: 0 },
      });
    },
  };
}

/** A store whose clock was set back would keep a dead holder for as long: what lies ahead counts as old. */
const toTermSql = (about: LeaseMatter): string => `SELECT toFloat64(term) AS term, holder,
  toFloat64(abs(toUnixTimestamp64Milli(now64(3)) - toUnixTimestamp64Milli(greatest(taken_at, renewals.latest)))) AS idle
FROM ${about}_terms
LEFT JOIN (SELECT term, max(renewed_at) AS latest FROM ${about}_renewals GROUP BY term) AS renewals USING term
ORDER BY term DESC, taken_at, holder
LIMIT 1`;
