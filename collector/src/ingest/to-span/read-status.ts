import type { SpanStatus } from '../../span.ts';
import type { DecodedEvent, DecodedSpan } from '../otlp/request.ts';

export type ReadStatus = {
  readonly status: SpanStatus;
  readonly statusMessage: string;
  readonly errorType: string;
};

/** Failed = status ERROR, or an `error.type`, or an exception nobody caught: many senders write only one of them. */
export function readStatus(
  span: Pick<DecodedSpan, 'status' | 'events'>,
  errorType: string | null,
  toldMessage: string | null,
): ReadStatus {
  const { code } = span.status;
  const message = span.status.message || (toldMessage ?? '');
  const exception = span.events.find((event) => event.name === 'exception');
  const isUncaught = code === 0 && exception !== undefined && !wasCaught(exception);
  if (code !== 2 && errorType === null && !isUncaught) {
    return { status: code === 1 ? 'ok' : 'unset', statusMessage: message, errorType: '' };
  }
  return {
    status: 'error',
    statusMessage: message || textOf(exception, 'exception.message'),
    errorType: errorType ?? textOf(exception, 'exception.type'),
  };
}

function wasCaught(exception: DecodedEvent): boolean {
  return String(exception.attributes.get('exception.escaped')).toLowerCase() === 'false';
}

function textOf(event: DecodedEvent | undefined, key: string): string {
  const value = event?.attributes.get(key);
  return typeof value === 'string' ? value : '';
}
