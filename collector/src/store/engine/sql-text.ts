/** Just enough of ClickHouse's lexer to find where a statement ends, what it does, and where its inline data begins. */

export type Word = { readonly text: string; readonly start: number; readonly end: number };

/** Whole strings, quoted names, comments and heredocs; then words; then single characters. */
const token =
  /'(?:[^'\\]|\\[^]|'')*'|"(?:[^"\\]|\\[^]|"")*"|`(?:[^`\\]|\\[^]|``)*`|--[^\n]*|#[ !][^\n]*|\/\*[^]*?(?:\*\/|$)|\$(\w*)\$[^]*?\$\1\$|[A-Za-z_][\w$]*|[^]/y;

type Piece = { readonly text: string; readonly start: number };

function* readPieces(sql: string): Generator<Piece> {
  token.lastIndex = 0;
  for (let start = 0; start < sql.length;) {
    token.lastIndex = start;
    const text = token.exec(sql)?.[0] ?? sql.charAt(start);
    yield { text, start };
    start += text.length;
  }
}

const isBlankOrComment = (text: string): boolean => /^(?:\s|--|#[ !]|\/\*)/.test(text);

/** Words and punctuation outside parentheses, quotes and comments. */
function* readTopLevel(sql: string): Generator<Word> {
  let depth = 0;
  for (const { text, start } of readPieces(sql)) {
    if (isBlankOrComment(text)) continue;
    if (text === ')' || text === ']' || text === '}') depth -= 1;
    else if (depth === 0) yield { text, start, end: start + text.length };
    if (text === '(' || text === '[' || text === '{') depth += 1;
  }
}

/** Statements between semicolons, without empty ones. Inline INSERT data is not understood: use bound parameters there. */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let from = 0;
  let hasText = false;
  const take = (to: number): void => {
    if (hasText) statements.push(sql.slice(from, to).trim());
    hasText = false;
  };
  for (const { text, start } of readPieces(sql)) {
    if (text === ';') {
      take(start);
      from = start + 1;
    } else if (!isBlankOrComment(text)) hasText = true;
  }
  take(sql.length);
  return statements;
}

/** An INSERT that brings its rows along, cut where the engine needs the name of a file instead. */
export type DataInsert = {
  /** `INSERT INTO t (a, b)` */
  readonly into: string;
  /** `SETTINGS ...` or empty. */
  readonly settings: string;
  readonly format: string;
  /** Rows written into the statement itself; empty when they come in the body. */
  readonly inline: string;
};

export type Statement = {
  /** First word in upper case; empty for an empty statement. */
  readonly verb: string;
  /** Output format named by the statement itself; empty = the caller's default. */
  readonly format: string;
  readonly insert: DataInsert | null;
};

export function readStatement(sql: string): Statement {
  const words = readTopLevel(sql);
  const first = words.next();
  const verb = first.done === true ? '' : first.value.text.toUpperCase();
  if (verb === 'INSERT') {
    const insert = readDataInsert(sql);
    return { verb, format: '', insert };
  }
  return { verb, format: readOutputFormat(words), insert: null };
}

function readOutputFormat(words: Iterable<Word>): string {
  let previous = '';
  let format = '';
  for (const { text } of words) {
    if (previous === 'FORMAT' && /^\w+$/.test(text)) format = text;
    previous = text.toUpperCase();
  }
  return format;
}

/** Null for INSERT ... SELECT and for INSERT ... FROM INFILE, which bring no rows along. */
function readDataInsert(sql: string): DataInsert | null {
  let settingsAt = -1;
  let formatAt = -1;
  const cut = (end: number, format: string, from: number): DataInsert => ({
    into: sql.slice(0, settingsAt < 0 ? end : settingsAt).trim(),
    settings: settingsAt < 0 ? '' : sql.slice(settingsAt, end).trim(),
    format,
    inline: sql.slice(from).replace(/^[ \t]*\r?\n?/, ''),
  });
  for (const word of readTopLevel(sql)) {
    const text = word.text.toUpperCase();
    if (formatAt >= 0) return cut(formatAt, word.text, word.end);
    if (text === 'SELECT' || text === 'WITH' || text === 'INFILE') return null;
    if (text === 'VALUES') {
      const values = cut(word.start, 'Values', word.end);
      return { ...values, inline: values.inline.replace(/[;\s]+$/, '') };
    }
    if (text === 'SETTINGS') settingsAt = word.start;
    if (text === 'FORMAT') formatAt = word.start;
  }
  return null;
}
