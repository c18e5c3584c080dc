/** Values of a test, written short: one an evaluation. */

export type Point = number | 'missing' | 'failed';

/** A week of minutes. */
export const mostPoints = 10_080;

export type Series =
  | { readonly type: 'series'; readonly points: readonly Point[] }
  /** What to change. */
  | { readonly type: 'wrong'; readonly sentence: string };

const numeral = String.raw`\d+(?:\.\d+)?(?:e[+-]?\d+)?`;
const value = new RegExp(`^(-?${numeral})(?:([+-]${numeral})?x(\\d{1,6}))?$`, 'i');
const word = /^(_|error)(?:x(\d{1,6}))?$/;

/**
 * As promtool has it: `5` is one value, `5x3` is it and three more of it, `0+10x3` is 0 10 20 30, `_` is nothing heard
 * and `_x3` three times nothing. `error` could not be read.
 */
export function readSeries(text: string): Series {
  const points: Point[] = [];
  for (const token of text.split(/\s+/).filter((part) => part !== '')) {
    const read = readToken(token);
    if (read === null) {
      const sentence = `${JSON.stringify(token.slice(0, 40))} is no value. Write such as 5, 5x3, 0+10x3, _ or error.`;
      return { type: 'wrong', sentence };
    }
    if (points.length + read.count > mostPoints) {
      return { type: 'wrong', sentence: `Write ${mostPoints} values at most.` };
    }
    for (let at = 0; at < read.count; at += 1) points.push(read.at(at));
  }
  return { type: 'series', points };
}

type Token = { readonly count: number; readonly at: (index: number) => Point };

function readToken(token: string): Token | null {
  const [, name, times = '1'] = word.exec(token) ?? [];
  if (name !== undefined) {
    const point = name === '_' ? 'missing' : 'failed';
    return { count: Number(times), at: () => point };
  }
  const [, first, step = '0', more = '0'] = value.exec(token) ?? [];
  if (first === undefined) return null;
  return { count: Number(more) + 1, at: (index) => Number(first) + index * Number(step) };
}
