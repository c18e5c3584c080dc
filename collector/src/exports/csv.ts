/** CSV as RFC 4180 has it, of text that nobody can be trusted with: spreadsheets run what looks like a formula. */

export const byteOrderMark = '\uFEFF';

/** A cell of text that begins so is code to a spreadsheet. */
const startsFormula = /^[=+\-@\t\r\n]/;
const needsQuotes = /[",\r\n;]/;

/** Text that somebody wrote: never run, whatever it begins with. */
export function textCell(text: string): string {
  const safe = startsFormula.test(text) ? `'${text}` : text;
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Names of columns and other words of ours. */
export function headLine(names: readonly string[]): string {
  return `${names.map(textCell).join(',')}\r\n`;
}

export type Kind = 'text' | 'number';

/** @param kinds of the cells: a number may begin with a minus, text may not */
export function line(cells: readonly unknown[], kinds: readonly Kind[]): string {
  const texts = cells.map((cell, at) => {
    if (cell === null || cell === undefined) return '';
    return kinds[at] === 'number' ? String(cell) : textCell(String(cell));
  });
  return `${texts.join(',')}\r\n`;
}
