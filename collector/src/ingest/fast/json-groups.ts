/** A JSON body down to its lists of spans, which are left as they are. */
import {
  readList,
  readObject,
  readString,
  WrongFieldError,
  type JsonObject,
} from '../otlp/json-fields.ts';
import { readAttributes } from '../otlp/json-values.ts';
import { parseJson } from '../otlp/parse-json.ts';
import { MalformedBodyError, type Losses } from '../otlp/request.ts';
import { readResource, readScope, type Resource, type Scope } from '../to-span/read-resource.ts';

export type JsonGroup = {
  readonly resource: Resource;
  readonly scope: Scope;
  readonly spans: readonly unknown[];
};

/** @throws MalformedBodyError, TooManyMessagesError, as `decodeJson` does */
export function readJsonGroups(body: Buffer, losses: Losses): JsonGroup[] {
  const source = parseJson(body);
  if (source === null) throw new MalformedBodyError('it is null, not an object');
  try {
    const request = readObject(source, 'the body');
    return readList(request['resourceSpans'], 'resourceSpans').flatMap((item) =>
      readResourceSpans(readObject(item, 'a resourceSpans entry'), losses),
    );
  } catch (error) {
    if (!(error instanceof WrongFieldError)) throw error;
    throw new MalformedBodyError(error.message, { cause: error });
  }
}

function readResourceSpans(source: JsonObject, losses: Losses): JsonGroup[] {
  const { attributes } = readObject(source['resource'], 'resource');
  const resource = readResource({
    attributes: readAttributes(attributes, losses),
    schemaUrl: readString(source['schemaUrl'], 'schemaUrl'),
  });
  return readList(source['scopeSpans'], 'scopeSpans').map((item) => {
    const entry = readObject(item, 'a scopeSpans entry');
    return readScopeSpans(entry, resource, losses);
  });
}

function readScopeSpans(source: JsonObject, resource: Resource, losses: Losses): JsonGroup {
  const scope = readObject(source['scope'], 'scope');
  return {
    resource,
    spans: readList(source['spans'], 'spans'),
    scope: readScope({
      name: readString(scope['name'], 'scope.name'),
      version: readString(scope['version'], 'scope.version'),
      attributes: readAttributes(scope['attributes'], losses),
      schemaUrl: readString(source['schemaUrl'], 'schemaUrl'),
      spans: [],
      unreadable: [],
    }),
  };
}
