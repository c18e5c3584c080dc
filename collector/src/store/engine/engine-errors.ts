/** Engine errors in the words of ClickHouse's HTTP interface, so that its client finds code and type where it looks for them. */

export type EngineFailure = {
  readonly status: number;
  readonly code: number;
  /** `Code: N. DB::Exception: message (TYPE) (version V)` */
  readonly text: string;
};

const statusOf: Readonly<Record<number, number>> = {
  36: 400, // BAD_ARGUMENTS
  43: 400, // ILLEGAL_TYPE_OF_ARGUMENT
  47: 404, // UNKNOWN_IDENTIFIER
  48: 501, // NOT_IMPLEMENTED
  60: 404, // UNKNOWN_TABLE
  62: 400, // SYNTAX_ERROR
  81: 404, // UNKNOWN_DATABASE
  115: 404, // UNKNOWN_SETTING
  159: 408, // TIMEOUT_EXCEEDED
  516: 403, // AUTHENTICATION_FAILED
};

/** A refusal of our own, in the shape of an engine's. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly code: number;

  constructor(code: number, type: string, message: string) {
    super(`Code: ${code}. DB::Exception: ${message}. (${type})`);
    this.code = code;
  }
}

export function toEngineFailure(error: unknown, version: string): EngineFailure {
  const message = (error instanceof Error ? error.message : String(error)).trim();
  const found = /Code: (\d+)\. DB::\w*Exception: /.exec(message)?.[1];
  const code = found === undefined ? 1001 : Number(found);
  const text =
    found === undefined ? `Code: 1001. DB::Exception: ${message}. (STD_EXCEPTION)` : message;
  return { status: statusOf[code] ?? 500, code, text: `${text} (version ${version})\n` };
}

/**
 * What ClickHouse appends to an answer that breaks off after its first byte: the client knows the tag from the
 * X-ClickHouse-Exception-Tag header and finds the message by its length.
 */
export function toBrokenAnswer(failure: EngineFailure, tag: string): string {
  const message = failure.text.endsWith('\n') ? failure.text : `${failure.text}\n`;
  const length = Buffer.byteLength(message);
  return `\r\n__exception__\r\n${tag}\r\n${message}${length} ${tag}\r\n__exception__\r\n`;
}
