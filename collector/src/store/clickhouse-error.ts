/** What an error of the ClickHouse client means for whoever waits. */
import { StoreUnavailableError } from './store.ts';

/** Codes by which ClickHouse refuses the data or the statement itself: trying again changes nothing. */
const refusals = new Set([
  6, // CANNOT_PARSE_TEXT
  16, // NO_SUCH_COLUMN_IN_TABLE
  25, // CANNOT_PARSE_ESCAPE_SEQUENCE
  26, // CANNOT_PARSE_QUOTED_STRING
  27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  33, // CANNOT_READ_ALL_DATA
  38, // CANNOT_PARSE_DATE
  41, // CANNOT_PARSE_DATETIME
  47, // UNKNOWN_IDENTIFIER
  53, // TYPE_MISMATCH
  62, // SYNTAX_ERROR
  69, // ARGUMENT_OUT_OF_BOUND
  70, // CANNOT_CONVERT_TYPE
  72, // CANNOT_PARSE_NUMBER
  117, // INCORRECT_DATA
  321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  407, // DECIMAL_OVERFLOW
  691, // UNKNOWN_ELEMENT_OF_ENUM
]);

/** Codes that say the question was too big for the limits it was asked with. */
const limits = new Set([158, 159, 160, 241, 307, 396]);

export function isRefused(error: unknown): boolean {
  return refusals.has(clickHouseCode(error));
}

export function isOverLimit(error: unknown): boolean {
  return limits.has(clickHouseCode(error));
}

/** 0 when ClickHouse did not answer at all. */
export function clickHouseCode(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('code' in error)) return 0;
  const code = Number(error.code);
  return Number.isInteger(code) ? code : 0;
}

/** No answer came: the server is away, starting, or too slow. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof StoreUnavailableError) return true;
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return /^E[A-Z]+$/.test(code) || /socket hang up|timeout error/i.test(error.message);
}
