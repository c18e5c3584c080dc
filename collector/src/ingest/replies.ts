/** Answers in the encoding of the request, success and failure alike, as OTLP asks. */
import { refusalAnswers, type Refusal } from './refusal.ts';

export type Encoding = 'application/json' | 'application/x-protobuf';

export function encodingOf(contentType: string | undefined): Encoding | null {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  return type === 'application/json' || type === 'application/x-protobuf' ? type : null;
}

/** What became of a request that was taken; rejected 0 with a message is a warning. */
export type Outcome = {
  readonly accepted: number;
  readonly rejected: number;
  readonly message: string;
  /** From the whole body to rows ready to be written. */
  readonly decodeMs: number;
};

/** JSON name of the count, which differs by signal; in protobuf it is always field 1. */
export type RejectedField = 'rejectedSpans' | 'rejectedLogRecords' | 'rejectedDataPoints';

/** Exporters fail an export whose answer is longer than 4 MiB; nobody reads more than this. */
const maxMessageLength = 1_000;

export function acceptedReply(
  encoding: Encoding,
  outcome: Pick<Outcome, 'rejected' | 'message'>,
  field: RejectedField,
): Response {
  const { rejected } = outcome;
  const message = shorten(outcome.message);
  const isFull = rejected === 0 && message === '';
  if (encoding === 'application/json') {
    const partialSuccess = { [field]: String(rejected), errorMessage: message };
    return reply(encoding, 200, JSON.stringify(isFull ? {} : { partialSuccess }));
  }
  const partial = [...varintField(1, rejected), ...textField(2, message)];
  return reply(encoding, 200, Buffer.from(isFull ? [] : bytesField(1, partial)));
}

/** google.rpc.Status */
export function refusedReply(encoding: Encoding, refusal: Refusal): Response {
  const { status, grpcCode } = refusalAnswers[refusal.reason];
  const message = shorten(refusal.message);
  const body =
    encoding === 'application/json'
      ? JSON.stringify({ code: grpcCode, message })
      : Buffer.from([...varintField(1, grpcCode), ...textField(2, message)]);
  const response = reply(encoding, status, body);
  if (status === 503 || status === 429) {
    response.headers.set('retry-after', String(refusal.retryAfterSeconds));
  }
  if (status === 405) response.headers.set('allow', 'POST');
  return response;
}

function reply(encoding: Encoding, status: number, body: string | Buffer<ArrayBuffer>): Response {
  return new Response(body, { status, headers: { 'content-type': encoding } });
}

function shorten(message: string): string {
  return message.length > maxMessageLength
    ? `${message.slice(0, maxMessageLength).toWellFormed()}…`
    : message;
}

function varintField(field: number, value: number): number[] {
  return value === 0 ? [] : [field * 8, ...varint(value)];
}

function textField(field: number, text: string): number[] {
  return text === '' ? [] : bytesField(field, [...Buffer.from(text, 'utf8')]);
}

function bytesField(field: number, bytes: readonly number[]): number[] {
  return [field * 8 + 2, ...varint(bytes.length), ...bytes];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}
