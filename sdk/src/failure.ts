import { SpanStatusCode, type Span } from '@opentelemetry/api';
import { nowMs } from './clock.ts';
import { otel } from './attributes.ts';
import { captureMode, toText } from './redact.ts';
import { safely } from './safely.ts';

/** Errors whose story is told on an inner span already: the spans above carry type and status alone. */
const told = new WeakSet<object>();

/** The user stopped it: not a failure of the operation. */
export const isAbort = (error: unknown): boolean =>
  safely('reading an error', () => (error as { name?: unknown } | null)?.name === 'AbortError') ===
  true;

/** Low cardinality: the error's class, else its code. */
const errorTypeOf = (error: unknown): string =>
  safely('reading an error', () => typeOf(error), '_OTHER').slice(0, 128);

const typeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return '_OTHER';
  if (error.name !== 'Error') return error.name || '_OTHER';
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  return error.constructor?.name || 'Error';
};

/** Marks the span failed. The message is text of the user's: not with capture `off`. */
export const writeFailure = (span: Span, error: unknown): string => {
  const type = errorTypeOf(error);
  const message = captureMode() === 'off' ? '' : messageOf(error);
  span.setAttribute(otel.errorType, type);
  span.setStatus({ code: SpanStatusCode.ERROR, ...(message && { message }) });
  safely('recording an error', () => writeException(span, error, type, message));
  return type;
};

const messageOf = (error: unknown): string =>
  safely(
    'reading an error',
    () => toText('exception.message', String(error instanceof Error ? error.message : error)),
    '',
  );

const writeException = (span: Span, error: unknown, name: string, message: string): void => {
  if (typeof error === 'object' && error !== null) {
    if (told.has(error)) return;
    told.add(error);
  }
  const stack = captureMode() !== 'off' && error instanceof Error ? error.stack : undefined;
  const trace = typeof stack === 'string' && { stack: toText('exception.stacktrace', stack) };
  span.recordException({ name, message, ...trace }, nowMs());
};
