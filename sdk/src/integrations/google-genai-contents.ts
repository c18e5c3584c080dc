import { genAi } from '../attributes.ts';
import type { Usage } from '../facts.ts';
import { captureMode } from '../redact.ts';
import type { AnswerFacts, GenaiApi, Merge, RequestFacts } from './genai-api.ts';
import {
  media,
  other,
  reasoning,
  text,
  toolCall,
  toolResponse,
  type Message,
  type Part,
  messagesOf,
} from './genai-parts.ts';
import { failureOf } from './openai-errors.ts';
import { notStreamed } from './openai-embeddings.ts';
import { at, listAt, numberAt, textAt, told } from './json.ts';

/** `POST .../models/<model>:generateContent` and `:streamGenerateContent`, of Gemini and of Vertex AI. */
export const googleContents: GenaiApi = {
  name: 'generateContent',
  kind: 'llm',
  operation: 'generate_content',
  provider: 'gcp.gemini',
  isRequest: (body) => Array.isArray(at(body, 'contents')),
  request: (body, url) => readRequest(body, url),
  answer: (body) => readAnswer(Array.isArray(body) ? merged(body) : body),
  merge: () => mergeChunks(),
};

/** `:embedContent` and `:batchEmbedContents`. */
export const googleEmbeddings: GenaiApi = {
  name: 'embedContent',
  kind: 'embedding',
  provider: 'gcp.gemini',
  isRequest: (body) => at(body, 'content') !== undefined || Array.isArray(at(body, 'requests')),
  request: (body, url) => ({
    ...told({ model: modelOf(url) }),
    attributes: told({
      [genAi.embeddingsDimensionCount]:
        numberAt(body, 'outputDimensionality') ??
        numberAt(body, 'requests', 0, 'outputDimensionality'),
    }),
  }),
  answer: (body) => readAnswer(body),
  merge: () => notStreamed(),
};

const modelOf = ({ pathname }: URL): string | undefined =>
  /\/([^/:]+):\w+$/.exec(decodeURI(pathname))?.[1];

const readRequest = (body: unknown, url: URL): RequestFacts => {
  const system = at(body, 'systemInstruction') ?? at(body, 'system_instruction');
  const config = at(body, 'generationConfig');
  return {
    ...told({
      model: modelOf(url),
      stream: url.pathname.endsWith(':streamGenerateContent') ? true : undefined,
      tools: at(body, 'tools'),
      system: system === undefined ? undefined : listAt(system, 'parts').map(toPart),
    }),
    ...(captureMode() === 'full' && { input: listAt(body, 'contents').map(toMessage) }),
    attributes: told({
      [genAi.requestTemperature]: numberAt(config, 'temperature'),
      [genAi.requestTopP]: numberAt(config, 'topP'),
      [genAi.requestTopK]: numberAt(config, 'topK'),
      [genAi.requestMaxTokens]: numberAt(config, 'maxOutputTokens'),
      [genAi.requestSeed]: numberAt(config, 'seed'),
      [genAi.requestChoiceCount]: numberAt(config, 'candidateCount'),
      [genAi.requestReasoningLevel]: textAt(
        config,
        'thinkingConfig',
        'thinkingLevel',
      )?.toLowerCase(),
      [genAi.outputType]:
        textAt(config, 'responseMimeType') === 'application/json' ? 'json' : undefined,
    }),
  };
};

const readAnswer = (body: unknown): AnswerFacts => {
  const candidates = listAt(body, 'candidates');
  const reasons = candidates.flatMap((one) => textAt(one, 'finishReason')?.toLowerCase() ?? []);
  const blocked = textAt(body, 'promptFeedback', 'blockReason')?.toLowerCase();
  const all = blocked === undefined ? reasons : [...reasons, blocked];
  const failure = failureOf(body);
  return {
    facts: told({
      responseId: textAt(body, 'responseId'),
      responseModel: textAt(body, 'modelVersion'),
      finishReasons: all.length > 0 ? all : undefined,
      usage: toUsage(at(body, 'usageMetadata')),
      output: messagesOf(candidates, (one) => toMessage(at(one, 'content'))),
    }),
    toolCalls: candidates
      .flatMap((one) => listAt(one, 'content', 'parts'))
      .flatMap((part) => textAt(part, 'functionCall', 'name') ?? []),
    ...(failure && { failure }),
  };
};

/** Google counts thoughts apart from the answer, and what its own tools read apart from the prompt. */
const toUsage = (usage: unknown): Usage | undefined => {
  if (typeof usage !== 'object' || usage === null) return undefined;
  const tokens = (name: string): number | undefined => numberAt(usage, name);
  return told({
    inputTokens: sum(tokens('promptTokenCount'), tokens('toolUsePromptTokenCount')),
    outputTokens: sum(tokens('candidatesTokenCount'), tokens('thoughtsTokenCount')),
    cacheReadTokens: tokens('cachedContentTokenCount'),
    reasoningTokens: tokens('thoughtsTokenCount'),
  });
};

const sum = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);

const toMessage = (content: unknown): Message => {
  const role = textAt(content, 'role') ?? 'user';
  return {
    role: role === 'model' ? 'assistant' : role,
    parts: listAt(content, 'parts').map(toPart),
  };
};

const toPart = (part: unknown): Part => {
  const words = textAt(part, 'text');
  if (words !== undefined) return at(part, 'thought') === true ? reasoning(words) : text(words);
  const call = at(part, 'functionCall');
  if (call !== undefined) return toolCall(at(call, 'id'), at(call, 'name'), at(call, 'args'));
  const response = at(part, 'functionResponse');
  if (response !== undefined) return toolResponse(at(response, 'id'), at(response, 'response'));
  const inline = textAt(part, 'inlineData', 'mimeType');
  if (inline !== undefined) return media(inline.split('/')[0] ?? '', undefined, inline);
  const file = textAt(part, 'fileData', 'fileUri');
  if (file !== undefined) return media('file', file, at(part, 'fileData', 'mimeType'));
  return other(part);
};

const merged = (chunks: readonly unknown[]): unknown => {
  const merge = mergeChunks();
  for (const chunk of chunks) merge.add(chunk);
  return merge.body();
};

type Candidate = { finishReason?: unknown; content: { role: string; parts: unknown[] } };

/** Every chunk is a whole answer with the next few words; usage counts up, so the last one is right. */
const mergeChunks = (): Merge => {
  const candidates: Candidate[] = [];
  let whole: Record<string, unknown> = {};
  const add = (chunk: unknown): void => {
    if (typeof chunk !== 'object' || chunk === null) return;
    whole = { ...whole, ...chunk };
    for (const one of listAt(chunk, 'candidates')) addCandidate(candidates, one);
  };
  return { add, body: () => ({ ...whole, candidates: candidates.filter(Boolean) }) };
};

const addCandidate = (candidates: Candidate[], chunk: unknown): void => {
  const index = Math.min(numberAt(chunk, 'index') ?? 0, 128);
  const candidate = (candidates[index] ??= { content: { role: 'model', parts: [] } });
  candidate.finishReason = at(chunk, 'finishReason') ?? candidate.finishReason;
  for (const part of listAt(chunk, 'content', 'parts')) addPart(candidate.content.parts, part);
};

/** Words that follow words of the same sort are one part. */
const addPart = (all: unknown[], part: unknown): void => {
  const words = textAt(part, 'text');
  const last = all.at(-1);
  const before = textAt(last, 'text');
  const sameSort = at(last, 'thought') === at(part, 'thought');
  if (words !== undefined && before !== undefined && sameSort)
    all[all.length - 1] = { ...(last as object), text: before + words };
  else all.push(part);
};
