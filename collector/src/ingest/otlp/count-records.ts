/** How many records a request of the other two signals holds; nothing else of it is read. */
import { readList, readObject, WrongFieldError, type JsonObject } from './json-fields.ts';
import { parseJson } from './parse-json.ts';
import { MalformedBodyError } from './request.ts';
import { tagOf, wire, WireReader } from './wire-reader.ts';

/** One way down to the records: at each level, JSON field -> protobuf field number. */
type Level = Readonly<Record<string, number>>;

export const logRecordLevels: readonly Level[] = [
  { resourceLogs: 1 },
  { scopeLogs: 2 },
  { logRecords: 2 },
];

/** The kind of a metric is a message of its own between the metric and its points. */
export const dataPointLevels: readonly Level[] = [
  { resourceMetrics: 1 },
  { scopeMetrics: 2 },
  { metrics: 2 },
  { gauge: 5, sum: 7, histogram: 9, exponentialHistogram: 10, summary: 11 },
  { dataPoints: 1 },
];

/** @throws MalformedBodyError */
export function countProtobufRecords(body: Buffer, levels: readonly Level[]): number {
  return countMessages(new WireReader(body), levels);
}

function countMessages(reader: WireReader, [level = {}, ...deeper]: readonly Level[]): number {
  const tags = new Set(Object.values(level).map((field) => tagOf(field, wire.bytes)));
  let count = 0;
  while (reader.next()) {
    if (!tags.has(reader.tag)) reader.skip();
    else if (deeper.length > 0) count += countMessages(reader.message(), deeper);
    else {
      reader.skip();
      count++;
    }
  }
  return count;
}

/** @throws MalformedBodyError */
export function countJsonRecords(body: Buffer, levels: readonly Level[]): number {
  const source = parseJson(body);
  if (source === null) throw new MalformedBodyError('it is null, not an object');
  try {
    return countItems(readObject(source, 'the body'), levels);
  } catch (error) {
    if (!(error instanceof WrongFieldError)) throw error;
    throw new MalformedBodyError(error.message, { cause: error });
  }
}

function countItems(source: JsonObject, [level = {}, ...deeper]: readonly Level[]): number {
  const items = Object.keys(level).flatMap((name) => toItems(source[name], name));
  if (deeper.length === 0) return items.length;
  return items.reduce(
    (sum: number, item) => sum + countItems(readObject(item, 'an entry'), deeper),
    0,
  );
}

/** The kind of a metric is one object, everything else is a list. */
function toItems(value: unknown, name: string): readonly unknown[] {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? [value] : readList(value, name);
}
