/** Log records or points of a body on their way to disk, and what their sender is told about them. */
import type { Batch, Stamp } from '../store/native/batch.ts';
import { beginTurn } from '../turn.ts';
import { toStoreRefusal } from './refusal.ts';
import { releaseBytes } from './release-bytes.ts';
import type { Outcome } from './replies.ts';
import type { SpanParts } from './take-spans.ts';
import { maxAttributeBytes, maxAttributes, maxContentBytes } from './to-span/limits.ts';
import { assertRecordCount } from './too-large.ts';

export type RecordParts = Pick<SpanParts, 'writer' | 'priceFor' | 'limits' | 'retentionOf'>;

/** What became of the records so far. */
export type Tally = {
  accepted: number;
  /** Reason -> how many. */
  readonly rejected: Map<string, number>;
  cut: number;
};

export type DecodedRecords = {
  /** In words, for sentences. */
  readonly noun: string;
  readonly count: number;
  readonly warnings: ReadonlySet<string>;
  /** Adds them one after the other; yields where it may rest. */
  readonly addTo: (batch: Batch, stamp: Stamp, tally: Tally) => Generator<void>;
};

/** More would keep everybody waiting: they become rows in turns. */
const atOnce = 2_000;

/**
 * Resolves when every record that can be taken is on disk.
 * @param body released as soon as they are rows
 */
export async function takeRecords(
  body: Buffer,
  decode: () => DecodedRecords,
  projectId: string,
  { writer, limits, retentionOf }: RecordParts,
): Promise<Outcome> {
  const startedMs = performance.now();
  const records = decode();
  assertRecordCount(records.count, limits.recordsPerRequest);
  const stamp = toStamp(retentionOf(projectId));
  let decodeMs = performance.now() - startedMs;
  try {
    const tally = await (records.count <= atOnce
      ? writer.write((batch) => {
          const fillMs = performance.now();
          const filled = fillAtOnce(records, batch, stamp);
          releaseBytes(body);
          decodeMs += performance.now() - fillMs;
          return filled;
        })
      : writer.writeApart(async (batch) => {
          const filled = await fillInTurns(records, batch, stamp);
          releaseBytes(body);
          return filled;
        }));
    const rejected = countRejected(tally);
    return { accepted: tally.accepted, rejected, message: describe(records, tally), decodeMs };
  } catch (error) {
    throw toStoreRefusal(error, records.noun, records.count) ?? error;
  }
}

function toStamp({ spanDays, contentDays }: ReturnType<RecordParts['retentionOf']>): Stamp {
  return {
    receivedUnixSeconds: Math.floor(Date.now() / 1_000),
    retentionDays: spanDays,
    contentRetentionDays: contentDays,
  };
}

function fillAtOnce(records: DecodedRecords, batch: Batch, stamp: Stamp): Tally {
  const tally: Tally = { accepted: 0, rejected: new Map(), cut: 0 };
  for (const _ of records.addTo(batch, stamp, tally)) continue;
  return tally;
}

async function fillInTurns(records: DecodedRecords, batch: Batch, stamp: Stamp): Promise<Tally> {
  const tally: Tally = { accepted: 0, rejected: new Map(), cut: 0 };
  const turn = beginTurn();
  for (const _ of records.addTo(batch, stamp, tally)) if (turn.isOver()) await turn.next();
  return tally;
}

export function reject(tally: Tally, reason: string): void {
  tally.rejected.set(reason, (tally.rejected.get(reason) ?? 0) + 1);
}

function countRejected({ rejected }: Tally): number {
  let count = 0;
  for (const one of rejected.values()) count += one;
  return count;
}

function describe({ noun, warnings }: DecodedRecords, tally: Tally): string {
  const sentences = [...warnings];
  const rejected = countRejected(tally);
  if (rejected > 0) {
    const reasons = [...tally.rejected.keys()].join('; ');
    sentences.unshift(`Rejected ${rejected} ${noun}: ${reasons}.`);
  }
  if (tally.cut > 0) {
    sentences.push(
      `${tally.cut} ${noun} were cut to the limits: ${maxAttributes} attributes, ${maxAttributeBytes} bytes a value, ` +
        `${maxContentBytes} bytes a message body.`,
    );
  }
  return sentences.join(' ');
}
