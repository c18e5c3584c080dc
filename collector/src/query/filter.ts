/**
 * The filter language: words with a space between them, all of which must hold for a trace.
 *
 *   agent:planner  model:gpt*  "quoted words"  -tool:search  cost>0.1  duration>5s  tokens>=10k  attributes.tier:gold
 *
 * A word without a field is looked for in the names of spans. A test on spans holds when one span of the trace matches;
 * with `-` in front, when none does.
 */

/** Where a term stands in the text, in UTF-16 units. */
export type Position = { readonly start: number; readonly end: number };

export class FilterError extends Error {
  override readonly name = 'FilterError';
  readonly position: Position;

  constructor(message: string, position: Position) {
    super(message);
    this.position = position;
  }
}

export const textFields = [
  'agent',
  'tool',
  'service',
  'workflow',
  'model',
  'provider',
  'name',
  'kind',
  'error',
  'user',
  'conversation',
  'run',
  'status',
  'has',
  'content',
] as const;
export type TextField = (typeof textFields)[number];

export const numberFields = ['cost', 'tokens', 'duration', 'spans', 'errors'] as const;
export type NumberField = (typeof numberFields)[number];

export const comparisons = ['>=', '<=', '>', '<', '='] as const;
export type Comparison = (typeof comparisons)[number];

export type FilterTerm<Text extends string = TextField, Number extends string = NumberField> = {
  readonly negated: boolean;
  readonly position: Position;
} & (
  | { readonly type: 'words'; readonly value: string }
  | {
      readonly type: 'text';
      readonly field: Text;
      readonly value: string;
      readonly quoted: boolean;
    }
  | {
      readonly type: 'number';
      readonly field: Number;
      readonly comparison: Comparison;
      readonly value: string;
    }
  | {
      readonly type: 'attribute';
      readonly key: string;
      readonly value: string;
      readonly quoted: boolean;
    }
);

/** What may stand in front of a colon: each kind of list has its own. */
export type FilterFields<Text extends string, Number extends string> = {
  readonly text: readonly Text[];
  readonly number: readonly Number[];
  /** Whether `attributes.<key>` may. */
  readonly attributes: boolean;
};

const traceFields = { text: textFields, number: numberFields, attributes: true } as const;

const maxTerms = 20;

/** @throws FilterError that says what to change, and where */
export function parseFilter(text: string): FilterTerm[] {
  return parseTerms(text, traceFields);
}

/** @throws FilterError that says what to change, and where */
export function parseTerms<Text extends string, Number extends string>(
  text: string,
  fields: FilterFields<Text, Number>,
): FilterTerm<Text, Number>[] {
  const terms: FilterTerm<Text, Number>[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const term = readTerm(text, at, fields);
    if (terms.push(term) > maxTerms) {
      throw new FilterError(`Use at most ${maxTerms} words.`, { start: at, end: text.length });
    }
    at = skipSpace(text, term.position.end);
  }
  return terms;
}

function skipSpace(text: string, at: number): number {
  while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
  return at;
}

/** `attributes.` may be followed by any key without a space or an operator; quotes allow those too. */
const fieldPattern = /(attributes\.(?:"[^"]+"|[^\s:<>="]+)|[A-Za-z_]+)(>=|<=|[:<>=])/y;

type AnyTerm = FilterTerm<string, string>;

function readTerm<Text extends string, Number extends string>(
  text: string,
  start: number,
  fields: FilterFields<Text, Number>,
): FilterTerm<Text, Number> {
  const negated = text.charAt(start) === '-' && /\S/.test(text.charAt(start + 1));
  const from = negated ? start + 1 : start;
  fieldPattern.lastIndex = from;
  const found = fieldPattern.exec(text);
  if (found === null) return readWords(text, start, from, negated);
  const [whole, field = '', operator = ''] = found;
  const value = readValue(text, from + whole.length);
  const position = { start, end: value.end };
  // Empty quotes are a value: what was not told.
  if (value.text === '' && !value.quoted) {
    const example = toExample(field, fields.number);
    throw new FilterError(`Write a value after ${whole}, as in ${example}.`, position);
  }
  return toFieldTerm({ field, operator, value, negated, position }, fields);
}

function readWords(
  text: string,
  start: number,
  from: number,
  negated: boolean,
): Extract<AnyTerm, { type: 'words' }> {
  const value = readValue(text, from);
  const position = { start, end: value.end };
  if (value.text === '') throw new FilterError('Write something between the quotes.', position);
  return { type: 'words', value: value.text, negated, position };
}

type Value = { readonly text: string; readonly quoted: boolean; readonly end: number };

/** In quotes, `\"` is a quote and `\\` a backslash. */
function readValue(text: string, start: number): Value {
  if (text.charAt(start) !== '"') {
    const plain = /\S*/y;
    plain.lastIndex = start;
    const [value = ''] = plain.exec(text) ?? [];
    return { text: value, quoted: false, end: start + value.length };
  }
  const quoted = /"((?:[^"\\]|\\.)*)"/sy;
  quoted.lastIndex = start;
  const found = quoted.exec(text);
  if (found === null) {
    throw new FilterError('Close the quote.', { start, end: text.length });
  }
  return {
    text: (found[1] ?? '').replaceAll(/\\(["\\])/g, '$1'),
    quoted: true,
    end: start + found[0].length,
  };
}

type FieldParts = {
  readonly field: string;
  readonly operator: string;
  readonly value: Value;
  readonly negated: boolean;
  readonly position: Position;
};

function toFieldTerm<Text extends string, Number extends string>(
  parts: FieldParts,
  fields: FilterFields<Text, Number>,
): FilterTerm<Text, Number> {
  const { operator, negated, position } = parts;
  const { text: value, quoted } = parts.value;
  if (fields.attributes && parts.field.startsWith('attributes.')) {
    assertMatches(parts.field, operator, position, fields.number);
    const key = parts.field.slice('attributes.'.length).replaceAll('"', '');
    return { type: 'attribute', key, value, quoted, negated, position };
  }
  const field = parts.field.toLowerCase();
  if (isOneOf(fields.number, field)) {
    const comparison = operator === ':' ? '=' : (operator as Comparison);
    const number = toNumber(field, value, position);
    return { type: 'number', field, comparison, value: number, negated, position };
  }
  if (!isOneOf(fields.text, field)) {
    const known = [...fields.text, ...fields.number].join(', ');
    const more = fields.attributes ? ' or attributes.<key>' : '';
    throw new FilterError(
      `There is no field ${parts.field}. Use ${known}${more}; to look for the text itself, put it in quotes.`,
      position,
    );
  }
  assertMatches(field, operator, position, fields.number);
  return { type: 'text', field, value, quoted, negated, position };
}

function assertMatches(
  field: string,
  operator: string,
  position: Position,
  numbers: readonly string[],
): void {
  if (operator === ':' || operator === '=') return;
  throw new FilterError(
    `${field} is text: write ${field}:value. Numbers are ${numbers.join(', ')}.`,
    position,
  );
}

function isOneOf<T extends string>(all: readonly T[], word: string): word is T {
  return (all as readonly string[]).includes(word);
}

function toExample(field: string, numbers: readonly string[]): string {
  if (field === 'duration') return 'duration>5s';
  return numbers.includes(field) ? `${field}>100` : `${field}:value`;
}

const nanosecondsPer: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
};

/** Plain decimal text in the unit of the column: nanoseconds, USD, or a count. */
function toNumber(field: string, text: string, position: Position): string {
  if (field === 'cost') {
    const found = /^\$?(\d{1,9}(?:\.\d{1,12})?)$/.exec(text);
    if (found?.[1] !== undefined) return found[1];
    throw new FilterError('A cost is a number of USD, as in cost>0.25.', position);
  }
  if (field === 'duration') {
    const [, amount, unit = ''] = /^(\d{1,9}(?:\.\d{1,9})?)(ns|us|ms|s|m|h|d)$/.exec(text) ?? [];
    if (amount !== undefined) return toWhole(Number(amount) * (nanosecondsPer[unit] ?? 1));
    throw new FilterError('A duration has a unit (ms, s, m, h, d), as in duration>5s.', position);
  }
  const [, amount, unit = ''] = /^(\d{1,12}(?:\.\d{1,6})?)([kM]?)$/.exec(text) ?? [];
  if (amount === undefined) {
    throw new FilterError(`${field} is a number, as in ${field}>100 or ${field}>10k.`, position);
  }
  return toWhole(Number(amount) * (unit === 'k' ? 1e3 : unit === 'M' ? 1e6 : 1));
}

function toWhole(value: number): string {
  return BigInt(Math.round(value)).toString();
}
