/** Files of days that are over, one a project and day, written where the operator wants them: each once, none left out. */
import { setTimeout as wait } from 'node:timers/promises';
import { costExportQuery, type CostExportQuery, type ExportFormat } from '../../contract.ts';
import { toRunScope } from '../../query/run-scope.ts';
import { readSpentDays } from '../../store/costs/read-spent-days.ts';
import { readProjects } from '../../store/read-projects.ts';
import type { Reader } from '../../store/read-rows.ts';
import { openFile, type ExportPrices } from '../open-file.ts';
import { toDueDays, toNextDueMs } from './due-days.ts';
import { ExportFailed, type ExportTarget } from './target.ts';

export type ExportsOptions = ExportPrices & {
  readonly client: Reader['client'];
  readonly target: ExportTarget;
  readonly format: ExportFormat;
  /** After midnight in UTC, when the day before is due. */
  readonly afterMidnightMs: number;
  readonly nowMs?: () => number;
  readonly info: Log;
  readonly warn: Log;
};
type Log = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

export type ExportsStatus = {
  readonly written: number;
  readonly failures: number;
  /** Due, and not where they belong after the last round. */
  readonly missing: number;
  /** Null before the first. */
  readonly lastWrittenAtMs: number | null;
};

export type Exports = {
  readonly status: () => ExportsStatus;
  /** Resolves when what is due was tried once more. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** What failed is tried again then. */
const againMs = 3_600_000;
/** Held whole, since it is signed and sent whole. */
const mostBytes = 256 * 1024 * 1024;

export function startExports(options: ExportsOptions): Exports {
  const { target, afterMidnightMs, warn, nowMs = Date.now } = options;
  const stopping = new AbortController();
  const reader: Reader = { client: options.client, signal: stopping.signal };
  /** Of this process: what is there needs not be asked for again. */
  const done = new Set<string>();
  const status = { written: 0, failures: 0, missing: 0, lastWrittenAtMs: null as number | null };

  async function runRound(): Promise<void> {
    let missing = 0;
    const fail = (message: string, fields: Readonly<Record<string, unknown>>): void => {
      if (stopping.signal.aborted) return;
      status.failures += 1;
      warn(message, fields);
    };
    try {
      const days = toDueDays(nowMs(), afterMidnightMs);
      for (const { id } of await readProjects(reader)) {
        for (const day of await readDaysWithCalls(reader, id, days)) {
          const name = toName(id, day, options.format);
          if (done.has(name) || stopping.signal.aborted) continue;
          try {
            await provide(id, day, name);
            done.add(name);
          } catch (error) {
            missing += 1;
            const message = error instanceof Error ? error.message : String(error);
            fail('a file of costs was not written, and is tried again in an hour', {
              message,
              name,
            });
          }
        }
      }
    } catch (error) {
      fail('files of costs were not looked for, and are in an hour', { error });
    }
    status.missing = missing;
  }

  async function provide(projectId: string, day: string, name: string): Promise<void> {
    if (await target.has(name, stopping.signal)) return;
    const { pieces } = await openFile(reader, toQuery(projectId, day, options.format), options);
    await target.put(name, await gather(pieces), stopping.signal);
    status.written += 1;
    status.lastWrittenAtMs = nowMs();
    options.info('wrote a file of costs', { name, place: target.place });
  }

  let round = runRound();
  const turns = (async () => {
    while (!stopping.signal.aborted) {
      await round;
      const ms = Math.min(againMs, toNextDueMs(nowMs(), afterMidnightMs));
      // Ends early when the server stops.
      await wait(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
      if (!stopping.signal.aborted) round = round.then(runRound);
    }
  })();

  return {
    status: () => ({ ...status }),
    settled: () => {
      round = round.then(runRound);
      return round;
    },
    close: async () => {
      stopping.abort();
      await turns;
      await round;
    },
  };
}

/** Where nothing was called, there is nothing to write. */
async function readDaysWithCalls(
  reader: Reader,
  projectId: string,
  days: readonly string[],
): Promise<string[]> {
  const [first = '', last = ''] = [days[0], days.at(-1)];
  const { scope } = toRunScope({ from: toStart(first), to: toStart(dayAfter(last)), q: '' });
  const spent = await readSpentDays(reader, projectId, scope, 'UTC');
  return spent.map(({ day }) => day);
}

function toQuery(project: string, day: string, format: ExportFormat): CostExportQuery {
  const range = { from: toStart(day), to: toStart(dayAfter(day)) };
  return costExportQuery.parse({ project, format, by: 'workflow,model', ...range });
}

/** The same for the same day for ever; no two projects share one. */
export function toName(projectId: string, day: string, format: ExportFormat): string {
  const folder = encodeURIComponent(projectId).replace(/^\./, '%2E').replaceAll('*', '%2A');
  if (format === 'focus') return `${folder}/focus_${day}.csv`;
  return `${folder}/cost_${day}_workflow-model.${format}`;
}

function toStart(day: string): string {
  return `${day}T00:00:00Z`;
}

function dayAfter(day: string): string {
  return new Date(Date.parse(toStart(day)) + 86_400_000).toISOString().slice(0, 10);
}

async function gather(pieces: AsyncGenerator<string | Uint8Array>): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    const chunk = typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece);
    size += chunk.length;
    if (size > mostBytes) {
      throw new ExportFailed(`The file has more than ${mostBytes} bytes. Export it over the API.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
