/** One span with its content. */
import { z } from 'zod';

/** Subsets are inside their whole: cache in input, reasoning in output. null = not told. */
export const usage = z.object({
  inputTokens: z.int().nullable(),
  outputTokens: z.int().nullable(),
  cacheReadTokens: z.int().nullable(),
  cacheWriteTokens: z.int().nullable(),
  reasoningTokens: z.int().nullable(),
});
export type Usage = z.infer<typeof usage>;

/** Part types as in OpenTelemetry's message schema; an unknown one keeps its own `type` and its JSON. */
export const messagePart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), content: z.string() }),
  z.object({ type: z.literal('reasoning'), content: z.string() }),
  z.object({
    type: z.literal('tool_call'),
    id: z.string(),
    name: z.string(),
    /** JSON text, or the text as it was. */
    arguments: z.string(),
  }),
  z.object({ type: z.literal('tool_call_response'), id: z.string(), response: z.string() }),
  z.object({
    type: z.literal('media'),
    /** `image`, `audio`, `video`, `file`. */
    modality: z.string(),
    mimeType: z.string(),
    /** A URI or file id; empty when the bytes were inline. Never loaded by itself. */
    reference: z.string(),
    sizeBytes: z.int().nullable(),
  }),
  z.object({ type: z.literal('other'), originalType: z.string(), json: z.string() }),
]);
export type MessagePart = z.infer<typeof messagePart>;

export const message = z.object({
  /** system, user, assistant, tool, or the sender's own word. */
  role: z.string(),
  name: z.string(),
  parts: z.array(messagePart),
  finishReason: z.string(),
});
export type Message = z.infer<typeof message>;

/** A payload as text; `json` says that the whole parses. `text` is cut when shorter than `totalChars`. */
export const payload = z.object({
  key: z.string(),
  json: z.boolean(),
  text: z.string(),
  totalChars: z.int(),
});
export type Payload = z.infer<typeof payload>;

/** Any AnyValue as JSON. 64-bit integers beyond 2^53 are decimal strings; bytes are base64. */
export const attribute = z.object({
  key: z.string(),
  type: z.enum(['string', 'int', 'double', 'bool', 'bytes', 'array', 'map', 'empty']),
  /** The value as text; arrays and maps as JSON. */
  value: z.string(),
});
export type Attribute = z.infer<typeof attribute>;
