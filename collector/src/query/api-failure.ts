/** Failures as readers see them: a stable word and a sentence that says what to change. */
import type { Context } from 'hono';
import type { ApiError, ErrorCode } from '../contract.ts';
import { isOverLimit, isUnavailable } from '../store/clickhouse-error.ts';
import { FilterError } from './filter.ts';

const statuses = {
  invalid_request: 400,
  invalid_filter: 400,
  invalid_cursor: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  too_large: 413,
  internal: 500,
  unavailable: 503,
} as const satisfies Record<ErrorCode, number>;

/** Thrown by routes; everything else that is thrown is hidden behind `internal`. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type FailureLog = (message: string, error: unknown) => void;

export function answerFailure(c: Context, error: unknown, log: FailureLog): Response {
  const failure = toApiError(error);
  const { code } = failure.error;
  if (code === 'internal' || code === 'unavailable') {
    log(`${c.req.method} ${c.req.path} failed`, error);
  }
  if (code === 'unavailable') c.header('Retry-After', '1');
  return c.json(failure, statuses[code]);
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiFailure) return { error: { code: error.code, message: error.message } };
  if (error instanceof FilterError) {
    return {
      error: { code: 'invalid_filter', message: error.message, position: error.position },
    };
  }
  if (isOverLimit(error)) {
    const message =
      'This asks for more than one query may read. Choose a shorter time range or a narrower filter.';
    return { error: { code: 'too_large', message } };
  }
  if (isUnavailable(error)) {
    const message = 'The store cannot answer now. Try again in a moment.';
    return { error: { code: 'unavailable', message } };
  }
  const message = 'Something went wrong inside the server; its log says what.';
  return { error: { code: 'internal', message } };
}
