/** A letter for those who show text alone. */
import { describeRest, type Letter } from './letter.ts';

export function toPlainText(letter: Letter, most: number): string {
  const shown = letter.entries.slice(0, most);
  const rest = describeRest(letter, shown.length);
  const blocks = [
    [letter.description],
    [...shown.map(({ text }) => `- ${text}`), rest],
    letter.facts.map(({ name, value }) => `${name}: ${value}`),
    letter.links.map(({ label, url }) => `${label}: ${url}`),
  ];
  return blocks
    .map((lines) => lines.filter((line) => line !== '').join('\n'))
    .filter((block) => block !== '')
    .join('\n\n');
}
