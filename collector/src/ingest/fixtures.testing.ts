/** Recorded and hand-written bodies of collector/testdata/otlp, and their golden rows. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { Span } from '../span.ts';
import type { Json } from './encode.testing.ts';

export const fixturesDir = join(import.meta.dirname, '../../testdata/otlp');

const files = readdirSync(fixturesDir, { recursive: true }).map(String).sort();

/** `<dialect>/<name>` of every body of traces; log records of the same senders end in `.logs.json`. */
export const fixtureNames: readonly string[] = files
  .filter((file) => /^[^.]+\.json$/.test(file))
  .map((file) => file.slice(0, -'.json'.length));

/** Protobuf as an exporter sent it, gzipped where the name says so. */
export const sentBodies: readonly string[] = files.filter((file) => /\.binpb(\.gz)?$/.test(file));

export function readSentBody(file: string): Buffer<ArrayBuffer> {
  return Buffer.from(readFileSync(join(fixturesDir, file)));
}

export function inflateSentBody(file: string): Buffer<ArrayBuffer> {
  const bytes = readSentBody(file);
  return file.endsWith('.gz') ? Buffer.from(gunzipSync(bytes)) : bytes;
}

export function readFixture(name: string): Json {
  return JSON.parse(readFileSync(join(fixturesDir, `${name}.json`), 'utf8')) as Json;
}

/** The golden text where it says the same in another order, so that a golden file changes only with what it says. */
export function inGoldenOrder(rows: string, goldenFile: string): string {
  const golden = existsSync(goldenFile) ? readFileSync(goldenFile, 'utf8') : 'null';
  return isDeepStrictEqual(JSON.parse(golden), JSON.parse(rows)) ? golden : rows;
}

/** Rows for people to read: columns that say nothing are left out, maps are objects, bigints are strings. */
export function toGolden(spans: readonly Span[]): string {
  const rows = spans.map((span) =>
    Object.fromEntries(Object.entries(span).filter(([, value]) => !isEmpty(value))),
  );
  return `${JSON.stringify(rows, toPlain, 2)}\n`;
}

function isEmpty(value: unknown): boolean {
  if (value instanceof Map) return value.size === 0;
  return (
    value === '' ||
    value === 'none' ||
    value === null ||
    value === 0 ||
    (Array.isArray(value) && value.length === 0)
  );
}

function toPlain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Map ? Object.fromEntries(value) : value;
}
