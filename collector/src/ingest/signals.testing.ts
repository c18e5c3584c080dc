/** Bodies of logs and metrics, and the rows they become, cell by cell, without an engine. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBlocks, type Rows } from '../store/native/read-blocks.testing.ts';
import { encode, type Json } from './encode.testing.ts';
import { named, post, startIngest, type Body, type TestIngest } from './ingest.testing.ts';
import { tagOf, wire, WireReader } from './otlp/wire-reader.ts';
import type { Encoding } from './replies.ts';

export type Signal = 'logs' | 'metrics';

const tables = { logs: 'logs', metrics: 'metric_points' } as const;

export type Told = { readonly rejected: number; readonly message: string };

export type Sent = {
  readonly rows: Rows;
  readonly status: number;
  /** Of JSON; empty for protobuf. */
  readonly reply: Json;
  /** What a sender is told of a request that was taken, in either encoding. */
  readonly told: Told;
  readonly refused: TestIngest['refused'];
};

/** As a sender would, in a collector of its own. */
export async function sendBody(
  signal: Signal,
  body: Body,
  options: Parameters<typeof startIngest>[0] = {},
): Promise<Sent> {
  const rows: Rows[number][] = [];
  const ingest = startIngest({
    ...options,
    commit: async (blocks) => {
      await options.commit?.(blocks);
      for (const row of readBlocks(blocks)[tables[signal]] ?? []) rows.push(withoutArrival(row));
    },
  });
  const response = await post(ingest, body, {}, `/v1/${signal}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  const reply = typeof body === 'string' ? (JSON.parse(bytes.toString()) as Json) : {};
  const told = typeof body === 'string' ? fromJson(reply) : fromProtobuf(bytes);
  return { rows, status: response.status, reply, told, refused: ingest.refused };
}

function fromJson(reply: Json): Told {
  const partial = (reply['partialSuccess'] ?? {}) as Json;
  const { errorMessage = '', ...counts } = partial;
  return { rejected: Number(Object.values(counts)[0] ?? 0), message: String(errorMessage) };
}

function fromProtobuf(bytes: Buffer): Told {
  const told = { rejected: 0, message: '' };
  const reader = new WireReader(bytes);
  if (!reader.next() || reader.tag !== tagOf(1, wire.bytes)) return told;
  for (const partial = reader.message(); partial.next();) {
    if (partial.tag === tagOf(1, wire.varint)) told.rejected = partial.uint32();
    else told.message = partial.text();
  }
  return told;
}

export function send(signal: Signal, request: Json, encoding: Encoding): Promise<Sent> {
  return sendBody(signal, encode(request, encoding));
}

/** When it came is no matter of the sender's. */
function withoutArrival(row: Rows[number]): Rows[number] {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'received_at'));
}

/** A request of one resource and one scope. */
export function logRequest(
  logRecords: readonly Json[],
  resource: readonly Json[] = [named('shop')],
): Json {
  return {
    resourceLogs: [
      { resource: { attributes: resource }, scopeLogs: [{ scope: { name: 'test' }, logRecords }] },
    ],
  };
}

export function metricRequest(metrics: readonly Json[]): Json {
  return {
    resourceMetrics: [
      {
        resource: { attributes: [named('shop')] },
        scopeMetrics: [{ scope: { name: 'test' }, metrics }],
      },
    ],
  };
}

export const time = '1763690400000000001';

const testdata = join(import.meta.dirname, '../../testdata');

/** Files below a folder of testdata that end so, by their path in testdata. */
export function findBodies(folder: string, end: string): string[] {
  return readdirSync(join(testdata, folder), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(end) && !file.endsWith('.golden.json'))
    .map((file) => join(folder, file))
    .sort();
}

export function readBody(file: string): Json {
  return JSON.parse(readFileSync(join(testdata, file), 'utf8')) as Json;
}

/** Of recordings of whole senders, too: what became of their logs lies with the logs. */
export function goldenOf(file: string, folder: string): string {
  const name = file.replace(/^[^/]+\//, '').replace(/(\.logs)?\.json$/, '.golden.json');
  return join(testdata, folder, name);
}

/** Rows for people to read. */
export function toGolden(rows: Rows): string {
  return `${JSON.stringify(rows, toPlain, 2)}\n`;
}

function toPlain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
