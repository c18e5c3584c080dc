/** Words and errors that all of the contract shares. */
import { z } from 'zod';

export const spanKind = z.enum([
  'other',
  'workflow',
  'agent',
  'turn',
  'step',
  'llm',
  'embedding',
  'tool',
  'mcp',
  'retrieval',
  'rerank',
  'memory',
  'plan',
  'route',
  'handoff',
  'guardrail',
  'evaluation',
  'approval',
  'queue',
  'checkpoint',
]);
export type SpanKind = z.infer<typeof spanKind>;

export const spanStatus = z.enum(['unset', 'ok', 'error']);
export type SpanStatus = z.infer<typeof spanStatus>;

/** Stable words; clients may branch on them. */
export const errorCode = z.enum([
  'invalid_request',
  'invalid_filter',
  'invalid_cursor',
  'unauthorized',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'conflict',
  'too_large',
  'unavailable',
  'internal',
]);
export type ErrorCode = z.infer<typeof errorCode>;

export const apiError = z.object({
  error: z.object({
    code: errorCode,
    /** A sentence that says what to change. */
    message: z.string(),
    /** Where in the filter text the error lies, in UTF-16 units. */
    position: z.object({ start: z.int(), end: z.int() }).optional(),
  }),
});
export type ApiError = z.infer<typeof apiError>;
