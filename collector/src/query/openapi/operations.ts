/** One route of a room as OpenAPI says it. */
import type { CsvPost, FileRead, Job, Read, Removal, Sent } from './endpoint.ts';
import { toParameters, toPathParameters } from './parameters.ts';
import { refTo } from './reference.ts';

type Operation = Readonly<Record<string, unknown>>;
type Content = Readonly<Record<string, unknown>>;

export function toReadOperation(read: Read<string>): Operation {
  return {
    summary: read.summary,
    parameters: toParameters(read),
    responses: toResponses(toContent(read.answer)),
  };
}

export function toSentOperation({ path, summary, body, answer }: Sent<string>): Operation {
  return {
    summary,
    parameters: toPathParameters(path),
    requestBody: { required: true, content: toContent(body) },
    responses: toResponses(toContent(answer)),
  };
}

export function toRemovalOperation(removal: Removal): Operation {
  const { default: failure } = toResponses({});
  return {
    summary: removal.summary,
    parameters: toParameters(removal),
    responses: { 204: { description: 'Done' }, default: failure },
  };
}

export function toJobOperation({ summary, body, line }: Job<string>): Operation {
  return {
    summary,
    parameters: [],
    requestBody: { required: true, content: toContent(body) },
    responses: toResponses({ 'application/x-ndjson': { schema: { $ref: refTo(line) } } }),
  };
}

export function toFileOperation(read: FileRead<string>): Operation {
  const content = Object.entries(read.contents).map(([type, shape]) => {
    const schema =
      shape === null ? { type: 'string' } : { type: 'array', items: { $ref: refTo(shape) } };
    return [type, { schema }] as const;
  });
  return {
    summary: read.summary,
    parameters: toParameters(read),
    responses: toResponses(Object.fromEntries(content)),
  };
}

export function toCsvOperation(post: CsvPost<string>): Operation {
  return {
    summary: post.summary,
    parameters: toParameters(post),
    requestBody: { required: true, content: { 'text/csv': { schema: { type: 'string' } } } },
    responses: toResponses(toContent(post.answer)),
  };
}

function toResponses(content: Content): Readonly<Record<'200' | 'default', unknown>> {
  return {
    200: { description: 'OK', content },
    default: {
      description: 'What to change',
      content: { 'application/json': { schema: { $ref: refTo('ApiError') } } },
    },
  };
}

function toContent(answer: string): Content {
  if (answer === 'event stream') return { 'text/event-stream': { schema: { type: 'string' } } };
  const schema = answer === 'any JSON' ? { type: 'object' } : { $ref: refTo(answer) };
  return { 'application/json': { schema } };
}
