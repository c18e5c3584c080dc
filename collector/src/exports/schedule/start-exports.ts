/**
 * Files of days that are over, one a project and day, written where the operator wants them: none left out, and again
 * when the calls of the day changed.
 */
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { costExportQuery, type CostExportQuery, type ExportFormat } from '../../contract.ts';
import { readDaysOf } from '../../query/costs/days-of.ts';
import { toRunScope } from '../../query/run-scope.ts';
import { readDayDigests } from '../../store/costs/day-digests.ts';
import { readSpentDays, type SpentDay } from '../../store/costs/read-spent-days.ts';
import { readProjects } from '../../store/read-projects.ts';
import type { Reader } from '../../store/read-rows.ts';
import { openFile, type ExportPrices } from '../open-file.ts';
import { toDueDays, toNextDueMs } from './due-days.ts';
import { readWrittenFiles, writeWrittenFile, type WrittenFile } from './export-log.ts';
import { toFingerprint } from './fingerprint.ts';
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

type Due = {
  readonly projectId: string;
  readonly day: string;
  readonly name: string;
  readonly calls: number;
  readonly fingerprint: string;
};

/** What failed is tried again then. */
const againMs = 3_600_000;
/** Held whole, since it is signed and sent whole. */
const mostBytes = 256 * 1024 * 1024;

export function startExports(options: ExportsOptions): Exports {
  const { target, afterMidnightMs, warn, nowMs = Date.now } = options;
  const stopping = new AbortController();
  const reader: Reader = { client: options.client, signal: stopping.signal };
  /** Of this process: names that were seen where they belong, with what they are of. */
  const known = new Map<string, string>();
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
      // Before anything is read: what changes from here on is seen by the next round.
      const digests = await readDayDigests(reader);
      for (const { id } of await readProjects(reader)) {
        const written = await readWrittenFiles(reader, id);
        for (const { day, calls } of await readDaysWithCalls(reader, id, days)) {
          const name = toName(id, day, options.format);
          const fingerprint = toFingerprint(digests, day);
          if (known.get(name) === fingerprint || stopping.signal.aborted) continue;
          try {
            await provide({ projectId: id, day, name, calls, fingerprint }, written.get(name));
            known.set(name, fingerprint);
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

  async function provide(due: Due, last: WrittenFile | undefined): Promise<void> {
    const { projectId, name, calls, fingerprint } = due;
    const { place } = target;
    const isThere = await target.has(name, stopping.signal);
    const before = isThere && last?.place === place ? last : undefined;
    if (before?.fingerprint === fingerprint) return;
    if (before !== undefined && calls < before.calls) {
      options.info('a file of costs has calls that are in the store no more, and stays', { name });
      return;
    }
    const { pieces } = await openFile(reader, toQuery(projectId, due.day, options.format), options);
    const body = await gather(pieces);
    const sha256 = createHash('sha256').update(body).digest('hex');
    // Parts were merged, or runs of other projects changed.
    if (before?.sha256 !== sha256) await put(name, body);
    await writeWrittenFile(reader.client, projectId, name, { place, fingerprint, sha256, calls });
  }

  async function put(name: string, body: Uint8Array): Promise<void> {
    await target.put(name, body, stopping.signal);
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
): Promise<SpentDay[]> {
  const [first = '', last = ''] = [days[0], days.at(-1)];
  const { scope } = toRunScope({ from: toStart(first), to: toStart(dayAfter(last)), q: '' });
  const made = await readDaysOf(reader, '', scope);
  return readSpentDays(reader, projectId, scope, 'UTC', made);
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
