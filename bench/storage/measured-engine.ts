import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  readRows,
  startTestEngine,
  type TestEngine,
} from '../../collector/src/store/engine/testing-engine.ts';

/** The embedded engine in a directory of its own, and what a table costs it. */
export type MeasuredEngine = {
  readonly client: ReturnType<TestEngine['connect']>;
  /** User and system time of the engine process so far, seconds. */
  readonly cpuSeconds: () => number;
  readonly rows: (sql: string) => Promise<Readonly<Record<string, unknown>>[]>;
  /** Milliseconds it took. */
  readonly insert: (table: string, pieces: readonly Uint8Array[]) => Promise<number>;
  /** Until no merge has run for two seconds. */
  readonly mergesEnd: () => Promise<void>;
  /** Until the engine has made one part of the table. */
  readonly partitionRests: (table: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

export async function startMeasuredEngine(): Promise<MeasuredEngine> {
  const running = await startTestEngine();
  const client = running.connect({ request_timeout: 600_000 });
  const rows = async (sql: string): Promise<Readonly<Record<string, unknown>>[]> =>
    (await readRows(client, sql)) as Readonly<Record<string, unknown>>[];
  return {
    client,
    rows,
    cpuSeconds: () => readCpuSeconds(running.engine.pid() ?? 0),
    insert: async (table, pieces) => {
      const startedAt = performance.now();
      const { stream } = await client.exec({
        query: `INSERT INTO ${table} FORMAT Native`,
        values: Readable.from([Buffer.concat(pieces)], { objectMode: false }),
        clickhouse_settings: { async_insert: 0, optimize_on_insert: 0 },
      });
      for await (const _ of stream) continue;
      return performance.now() - startedAt;
    },
    mergesEnd: async () => {
      for (let quiet = 0; quiet < 10;) {
        const [row] = await rows('SELECT toInt32(count()) AS n FROM system.merges');
        quiet = row?.['n'] === 0 ? quiet + 1 : 0;
        await sleep(200);
      }
    },
    partitionRests: async (table) => {
      while ((await readSize({ rows }, table)).parts > 1) await sleep(200);
    },
    close: running.close,
  };
}

const ticksPerSecond = 100;

function readCpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

export type TableSize = { readonly rows: number; readonly bytes: number; readonly parts: number };

export async function readSize(
  { rows }: Pick<MeasuredEngine, 'rows'>,
  table: string,
): Promise<TableSize> {
  const [row] = await rows(
    `SELECT toInt64(sum(rows)) AS n, toInt64(sum(bytes_on_disk)) AS bytes, toInt32(count()) AS parts
     FROM system.parts WHERE active AND table = '${table}' AND database = currentDatabase()`,
  );
  return { rows: Number(row?.['n']), bytes: Number(row?.['bytes']), parts: Number(row?.['parts']) };
}
