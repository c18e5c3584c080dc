/** CSV as others write it: any of three delimiters, quotes where they are needed, and lines that say where they began. */

export type CsvRow = {
  /** Of the file, from 1 on; a row may have several. */
  readonly line: number;
  readonly cells: readonly string[];
  /** A quote was opened and never closed: what follows it cannot be told apart. */
  readonly isOpen: boolean;
};

export type Delimiter = ',' | ';' | '\t';

/** Empty lines are rows of one empty cell. */
export function parseCsv(text: string, delimiter: Delimiter): CsvRow[] {
  const rows: CsvRow[] = [];
  let [cells, cell, line, begun] = [[] as string[], '', 1, 1];
  let [isQuoted, at] = [false, 0];
  const endRow = (isOpen: boolean): void => {
    rows.push({ line: begun, cells: [...cells, cell], isOpen });
    [cells, cell, begun] = [[], '', line];
  };
  while (at < text.length) {
    const char = text[at] ?? '';
    const isEnd = char === '\n' || (char === '\r' && text[at + 1] !== '\n');
    if (isEnd) line += 1;
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (char === '"' && cell === '') isQuoted = true;
    else if (char === delimiter) {
      cells.push(cell);
      cell = '';
    } else if (isEnd) endRow(false);
    else if (char !== '\r') cell += char;
    at += 1;
  }
  if (isQuoted || cell !== '' || cells.length > 0) endRow(isQuoted);
  return rows;
}

/** The one that the first line has most of, outside of quotes. */
export function findDelimiter(text: string): Delimiter {
  const head = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replaceAll(/"[^"]*"/g, '');
  const counts = ([',', ';', '\t'] as const).map((one) => [one, head.split(one).length] as const);
  const [best] = counts.toSorted(([, a], [, b]) => b - a);
  return best?.[0] ?? ',';
}
