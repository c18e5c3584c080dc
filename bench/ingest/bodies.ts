/** Requests as bytes, made before the clock starts, each with ids of its own. */
import { gzipSync } from 'node:zlib';
import { createRequest, idPrefixBytes, spansPerRequest, type CorpusName } from './corpus.ts';
import { encodeProtobuf } from './otlp-types.ts';

/** So many different requests are written word by word; the others are copies of them with other ids. */
const templateCount = 8;

export type BodyFormat = 'protobuf' | 'json';

export type BodiesOptions = {
  readonly corpus: CorpusName;
  readonly count: number;
  readonly format?: BodyFormat;
  readonly isGzip?: boolean;
  /** Unix milliseconds at which their last spans end. */
  readonly endUnixMs?: number;
};

export type Bodies = {
  readonly bytes: readonly Buffer[];
  readonly contentType: 'application/x-protobuf' | 'application/json';
  readonly isGzip: boolean;
  readonly spansPerBody: number;
};

export function createBodies(options: BodiesOptions): Bodies {
  const { corpus, count, format = 'protobuf', isGzip = false, endUnixMs = Date.now() } = options;
  const templates = Array.from({ length: Math.min(templateCount, count) }, (_, seed) =>
    createTemplate(corpus, format, { seed: seed + 1, endUnixMs }),
  );
  const bytes = Array.from({ length: count }, (_, serial) => {
    const template = templates[serial % templates.length];
    if (template === undefined) throw new Error('no templates');
    const body = copyWithIds(template, serial);
    return isGzip ? gzipSync(body, { level: 6 }) : body;
  });
  const contentType = format === 'json' ? 'application/json' : 'application/x-protobuf';
  return { bytes, contentType, isGzip, spansPerBody: spansPerRequest };
}

type Template = {
  readonly body: Buffer;
  readonly format: BodyFormat;
  /** Where trace ids begin. */
  readonly places: readonly number[];
};

function createTemplate(
  corpus: CorpusName,
  format: BodyFormat,
  options: { readonly seed: number; readonly endUnixMs: number },
): Template {
  const request = createRequest(corpus, options);
  const body = format === 'json' ? Buffer.from(JSON.stringify(request)) : encodeProtobuf(request);
  const traceId = request.resourceSpans[0]?.scopeSpans[0]?.spans[0]?.traceId ?? '';
  const prefix = traceId.slice(0, idPrefixBytes * 2);
  const places = findAll(
    body,
    format === 'json' ? Buffer.from(prefix) : Buffer.from(prefix, 'hex'),
  );
  if (places.length !== spansPerRequest) throw new Error(`${places.length} trace ids in a request`);
  return { body, format, places };
}

function findAll(body: Buffer, bytes: Buffer): number[] {
  const places: number[] = [];
  for (let at = body.indexOf(bytes); at !== -1; at = body.indexOf(bytes, at + 1)) places.push(at);
  return places;
}

function copyWithIds({ body, format, places }: Template, serial: number): Buffer {
  const copy = Buffer.from(body);
  const prefix = Buffer.alloc(idPrefixBytes);
  prefix.writeUIntBE(serial + 1, 0, idPrefixBytes);
  // Spread, as random ids are: rows of one request must not lie together for that reason.
  for (let at = 0; at < idPrefixBytes; at++) prefix[at] = ((prefix[at] ?? 0) * 167 + at * 59) & 255;
  const patch = format === 'json' ? Buffer.from(prefix.toString('hex')) : prefix;
  for (const place of places) patch.copy(copy, place);
  return copy;
}
