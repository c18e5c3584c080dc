import { logFlags } from '../log-record.ts';
import type { Batch, Stamp } from '../store/native/batch.ts';
import { decodeJsonLogs } from './otlp/decode-logs-json.ts';
import { decodeProtobufLogs } from './otlp/decode-logs-protobuf.ts';
import type { DecodedLog } from './otlp/decoded-logs.ts';
import type { DecodedEnvelope } from './otlp/envelope.ts';
import type { Encoding, Outcome } from './replies.ts';
import {
  reject,
  takeRecords,
  type DecodedRecords,
  type RecordParts,
  type Tally,
} from './take-records.ts';
import { toLog } from './to-log/to-log.ts';
import { readResource, readScope } from './to-span/read-resource.ts';

/**
 * Resolves when every readable record of the body is on disk; the outcome counts the others.
 * @param body released as soon as they are rows
 */
export function takeLogs(
  body: Buffer,
  encoding: Encoding,
  projectId: string,
  parts: RecordParts,
): Promise<Outcome> {
  return takeRecords(body, () => decode(body, encoding, projectId, parts), projectId, parts);
}

function decode(
  body: Buffer,
  encoding: Encoding,
  projectId: string,
  { priceFor }: RecordParts,
): DecodedRecords {
  const request = encoding === 'application/json' ? decodeJsonLogs(body) : decodeProtobufLogs(body);
  const receivedUnixNano = BigInt(Date.now()) * 1_000_000n;
  const shared = { projectId, receivedUnixNano, price: priceFor(projectId) };
  return {
    noun: 'log records',
    count: countLogs(request),
    warnings: request.warnings,
    addTo: (batch, stamp, tally) => addAll(request, shared, batch, stamp, tally),
  };
}

type Shared = Omit<Parameters<typeof toLog>[2], 'resource' | 'scope'>;

function* addAll(
  request: DecodedEnvelope<DecodedLog>,
  shared: Shared,
  batch: Batch,
  stamp: Stamp,
  tally: Tally,
): Generator<void> {
  let position = 0;
  for (const { scopes, ...decodedResource } of request.resources) {
    const resource = readResource(decodedResource);
    for (const decodedScope of scopes) {
      for (const reason of decodedScope.unreadable) reject(tally, reason);
      const scope = readScope({ ...decodedScope, spans: [] });
      for (const decoded of decodedScope.records) {
        const record = toLog(decoded, position++, { ...shared, resource, scope });
        batch.addLog(record, stamp);
        tally.accepted += 1;
        if ((record.flags & logFlags.truncated) !== 0) tally.cut += 1;
        if (position % 32 === 0) yield;
      }
    }
  }
}

function countLogs({ resources }: DecodedEnvelope<DecodedLog>): number {
  let count = 0;
  for (const { scopes } of resources)
    for (const { records, unreadable } of scopes) count += records.length + unreadable.length;
  return count;
}
