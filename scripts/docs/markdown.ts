/** A table of GitHub's markdown; cells may hold anything but line ends. */
export function toTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** As code; nothing stays nothing. */
export function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

/** Every page opens with where it comes from, and ends with one line end. */
export function toPage(title: string, source: string, lines: readonly string[]): string {
  const origin = `Made from ${source} by \`npx node scripts/docs/generate.ts\`; edit the source instead.`;
  return `${[`# ${title}`, '', origin, '', ...lines].join('\n').trimEnd()}\n`;
}
