import { genAi } from '../attributes.ts';
import type { GenaiApi, Merge } from './genai-api.ts';
import { failureOf, inPathOf } from './openai-errors.ts';
import { openaiUsage } from './openai-usage.ts';
import { at, numberAt, textAt, told } from './json.ts';

/** `POST /embeddings`. The vectors themselves are never recorded. */
export const openaiEmbeddings: GenaiApi = {
  name: 'embeddings',
  kind: 'embedding',
  provider: 'openai',
  isRequest: (body) => at(body, 'input') !== undefined,
  request: (body, url) => ({
    ...told({ model: textAt(body, 'model') ?? inPathOf(url) }),
    attributes: told({
      [genAi.embeddingsDimensionCount]: numberAt(body, 'dimensions'),
      [genAi.requestEncodingFormats]: encodingOf(body),
    }),
  }),
  answer: (body) => {
    const failure = failureOf(body);
    return {
      facts: told({
        responseModel: textAt(body, 'model'),
        usage: openaiUsage(at(body, 'usage')),
      }),
      ...(failure && { failure }),
    };
  },
  merge: () => notStreamed(),
};

const encodingOf = (body: unknown): string[] | undefined => {
  const format = textAt(body, 'encoding_format');
  return format === undefined ? undefined : [format];
};

/** An API that does not stream: the last event is all there is. */
export const notStreamed = (): Merge => {
  let last: unknown;
  return { add: (event) => (last = event), body: () => last };
};
