/** Failures as readers see them: a stable word and a sentence that says what to change. */
import type { Context } from 'hono';
import type { ApiError, ErrorCode } from '../contract.ts';
import { isOverLimit, isUnavailable } from '../store/clickhouse-error.ts';
import { FilterError } from './filter.ts';

/** The status of each code, and what it means; the API document says it to readers. */
export const failures = {
  invalid_request: { status: 400, meaning: 'A parameter cannot be read.' },
  invalid_filter: { status: 400, meaning: 'The filter cannot be read; `position` says where.' },
  invalid_cursor: { status: 400, meaning: 'The cursor is not one of this list.' },
  unauthorized: { status: 401, meaning: 'The access key is missing or wrong.' },
  forbidden: { status: 403, meaning: 'The server does not answer to this host name.' },
  not_found: { status: 404, meaning: 'There is no such trace, span or path.' },
  method_not_allowed: {
    status: 405,
    meaning: 'Another method is answered here; `Allow` names it.',
  },
  conflict: { status: 409, meaning: 'The same is under way already.' },
  too_large: { status: 413, meaning: 'This asks for more than one query may read.' },
  internal: { status: 500, meaning: 'The server failed; its log says why.' },
  unavailable: {
    status: 503,
    meaning: 'The store, or the live feed, takes no more at the moment.',
  },
} as const satisfies Record<ErrorCode, { readonly status: number; readonly meaning: string }>;

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
  // Nobody waits any more; what was cancelled for it is no failure.
  if (c.req.raw.signal.aborted) return new Response(null, { status: 499 });
  const failure = toApiError(error);
  const { code } = failure.error;
  if (code === 'internal' || code === 'unavailable') {
    log(`${c.req.method} ${c.req.path} failed`, error);
  }
  if (code === 'unavailable') c.header('Retry-After', '1');
  return c.json(failure, failures[code].status);
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
