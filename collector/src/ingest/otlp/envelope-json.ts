import type { DecodedEnvelope, DecodedResource, DecodedScope, EnvelopeNames } from './envelope.ts';
import {
  readList,
  readObject,
  readString,
  WrongFieldError,
  type JsonObject,
} from './json-fields.ts';
import { readAttributes } from './json-values.ts';
import { parseJson } from './parse-json.ts';
import { MalformedBodyError, type Losses } from './request.ts';

export type ReadJson<R> = (source: JsonObject, losses: Losses) => R;

/** @throws MalformedBodyError when it is not JSON, or not of the shape of a request down to the lists of records */
export function decodeJsonEnvelope<R>(
  body: Buffer,
  names: EnvelopeNames,
  readRecord: ReadJson<R>,
): DecodedEnvelope<R> {
  const losses: Losses = { warnings: new Set(), cuts: 0 };
  const source = parseJson(body);
  if (source === null) throw new MalformedBodyError('it is null, not an object');
  try {
    const list = readList(readObject(source, 'the body')[names.resources], names.resources);
    const resources = list.map((item) =>
      readResource(readObject(item, `a ${names.resources} entry`), names, readRecord, losses),
    );
    return { resources, warnings: losses.warnings };
  } catch (error) {
    if (!(error instanceof WrongFieldError)) throw error;
    throw new MalformedBodyError(error.message, { cause: error });
  }
}

function readResource<R>(
  source: JsonObject,
  names: EnvelopeNames,
  readRecord: ReadJson<R>,
  losses: Losses,
): DecodedResource<R> {
  const resource = readObject(source['resource'], 'resource');
  return {
    attributes: readAttributes(resource['attributes'], losses),
    schemaUrl: readString(source['schemaUrl'], 'schemaUrl'),
    scopes: readList(source[names.scopes], names.scopes).map((item) =>
      readScope(readObject(item, `a ${names.scopes} entry`), names, readRecord, losses),
    ),
  };
}

function readScope<R>(
  source: JsonObject,
  names: EnvelopeNames,
  readRecord: ReadJson<R>,
  losses: Losses,
): DecodedScope<R> {
  const scope = readObject(source['scope'], 'scope');
  const unreadable: string[] = [];
  const records = readEach(
    readList(source[names.records], names.records),
    (item) => readRecord(readObject(item, names.record), losses),
    unreadable,
  );
  return {
    name: readString(scope['name'], 'scope.name'),
    version: readString(scope['version'], 'scope.version'),
    attributes: readAttributes(scope['attributes'], losses),
    schemaUrl: readString(source['schemaUrl'], 'schemaUrl'),
    records,
    unreadable,
  };
}

/** What can be read; a reason for each item that cannot goes to `unreadable`. */
export function readEach<R>(
  list: readonly unknown[],
  read: (item: unknown) => R,
  unreadable: string[],
): R[] {
  const records: R[] = [];
  for (const item of list) {
    try {
      records.push(read(item));
    } catch (error) {
      if (!(error instanceof WrongFieldError)) throw error;
      unreadable.push(error.message);
    }
  }
  return records;
}
