/** ExportTraceServiceRequest in JSON. Unknown fields are ignored at every level; snake_case names are unknown. */
import {
  readEnum,
  readList,
  readObject,
  readString,
  readTime,
  readUint32,
  WrongFieldError,
  type JsonObject,
} from './json-fields.ts';
import { readAttributes } from './json-values.ts';
import { parseJson } from './parse-json.ts';
import {
  MalformedBodyError,
  type DecodedEvent,
  type DecodedLink,
  type DecodedRequest,
  type DecodedResourceSpans,
  type DecodedScopeSpans,
  type DecodedSpan,
  type Losses,
} from './request.ts';

/** @throws MalformedBodyError when it is not JSON, or not of the shape of a request down to the lists of spans */
export function decodeJson(body: Buffer): DecodedRequest {
  const losses: Losses = { warnings: new Set(), cuts: 0 };
  const source = parseJson(body);
  if (source === null) throw new MalformedBodyError('it is null, not an object');
  try {
    const request = readObject(source, 'the body');
    const resourceSpans = readList(request['resourceSpans'], 'resourceSpans').map((item) =>
      readResourceSpans(readObject(item, 'a resourceSpans entry'), losses),
    );
    return { resourceSpans, warnings: losses.warnings };
  } catch (error) {
    if (!(error instanceof WrongFieldError)) throw error;
    throw new MalformedBodyError(error.message, { cause: error });
  }
}

function readResourceSpans(source: JsonObject, losses: Losses): DecodedResourceSpans {
  const resource = readObject(source['resource'], 'resource');
  return {
    attributes: readAttributes(resource['attributes'], losses),
    schemaUrl: readString(source['schemaUrl'], 'schemaUrl'),
    scopeSpans: readList(source['scopeSpans'], 'scopeSpans').map((item) =>
      readScopeSpans(readObject(item, 'a scopeSpans entry'), losses),
    ),
  };
}

function readScopeSpans(source: JsonObject, losses: Losses): DecodedScopeSpans {
  const scope = readObject(source['scope'], 'scope');
  const spans: DecodedSpan[] = [];
  const unreadable: string[] = [];
  for (const item of readList(source['spans'], 'spans')) {
    try {
      spans.push(readSpan(readObject(item, 'a span'), losses));
    } catch (error) {
      if (!(error instanceof WrongFieldError)) throw error;
      unreadable.push(error.message);
    }
  }
  return {
    name: readString(scope['name'], 'scope.name'),
    version: readString(scope['version'], 'scope.version'),
    attributes: readAttributes(scope['attributes'], losses),
    schemaUrl: readString(source['schemaUrl'], 'schemaUrl'),
    spans,
    unreadable,
  };
}

const kindNames = [
  'SPAN_KIND_UNSPECIFIED',
  'SPAN_KIND_INTERNAL',
  'SPAN_KIND_SERVER',
  'SPAN_KIND_CLIENT',
  'SPAN_KIND_PRODUCER',
  'SPAN_KIND_CONSUMER',
];

const statusNames = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'];

export function readSpan(source: JsonObject, losses: Losses): DecodedSpan {
  const cutsBefore = losses.cuts;
  const status = readObject(source['status'], 'status');
  return {
    traceId: readId(source['traceId'], 'traceId'),
    spanId: readId(source['spanId'], 'spanId'),
    parentSpanId: readId(source['parentSpanId'], 'parentSpanId'),
    traceState: readString(source['traceState'], 'traceState'),
    flags: readUint32(source['flags'], 'flags'),
    name: readString(source['name'], 'name'),
    kind: readEnum(source['kind'], kindNames, 'kind'),
    startTimeUnixNano: readTime(source['startTimeUnixNano'], 'startTimeUnixNano'),
    endTimeUnixNano: readTime(source['endTimeUnixNano'], 'endTimeUnixNano'),
    attributes: readAttributes(source['attributes'], losses),
    droppedAttributes: readUint32(source['droppedAttributesCount'], 'droppedAttributesCount'),
    events: readList(source['events'], 'events').map((event) => readEvent(event, losses)),
    droppedEvents: readUint32(source['droppedEventsCount'], 'droppedEventsCount'),
    links: readList(source['links'], 'links').map((link) => readLink(link, losses)),
    droppedLinks: readUint32(source['droppedLinksCount'], 'droppedLinksCount'),
    status: {
      code: readEnum(status['code'], statusNames, 'status.code'),
      message: readString(status['message'], 'status.message'),
    },
    cut: losses.cuts > cutsBefore,
  };
}

function readEvent(item: unknown, losses: Losses): DecodedEvent {
  const source = readObject(item, 'an event');
  return {
    name: readString(source['name'], 'event.name'),
    timeUnixNano: readTime(source['timeUnixNano'], 'event.timeUnixNano'),
    attributes: readAttributes(source['attributes'], losses),
    droppedAttributes: readUint32(source['droppedAttributesCount'], 'droppedAttributesCount'),
  };
}

function readLink(item: unknown, losses: Losses): DecodedLink {
  const source = readObject(item, 'a link');
  return {
    traceId: readId(source['traceId'], 'link.traceId'),
    spanId: readId(source['spanId'], 'link.spanId'),
    attributes: readAttributes(source['attributes'], losses),
    droppedAttributes: readUint32(source['droppedAttributesCount'], 'droppedAttributesCount'),
  };
}

/** OTLP writes ids in hex, unlike the bytes of every other JSON mapping; either case. */
function readId(source: unknown, what: string): string {
  return readString(source, what).toLowerCase();
}
