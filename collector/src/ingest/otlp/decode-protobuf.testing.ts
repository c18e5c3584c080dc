/** A body of traces as the tree that its JSON is read to: what the one pass over the bytes must agree with. */
import { decodeProtobufEnvelope } from './envelope-protobuf.ts';
import { readSpan } from './read-span.ts';
import type { DecodedRequest } from './request.ts';

/** @throws MalformedBodyError when the bytes are not a whole message */
export function decodeProtobuf(body: Buffer): DecodedRequest {
  const { resources, warnings } = decodeProtobufEnvelope(body, readSpan);
  const resourceSpans = resources.map(({ scopes, ...resource }) => {
    const scopeSpans = scopes.map(({ records, ...scope }) =>
      Object.assign(scope, { spans: records }),
    );
    return Object.assign(resource, { scopeSpans });
  });
  return { resourceSpans, warnings };
}
