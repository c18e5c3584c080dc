/** Amounts as invoices write them, exact. */

export type DecimalMark = 'point' | 'comma';

const signs = /[\s\u00A0\u202F'’$€£¥]/g;
/** What a spreadsheet puts before and after. */
const words = /^(?:usd|eur|gbp|us)|(?:usd|eur|gbp)$/gi;

/** Digits, points and commas, and perhaps a power of ten; brackets are a minus. null = no amount. */
function toBare(
  text: string,
): { readonly digits: string; readonly exponent: number; readonly isBelow: boolean } | null {
  const bare = text.trim().replaceAll(signs, '').replaceAll(words, '').replaceAll('\u2212', '-');
  const bracketed = /^\((.+)\)$/.exec(bare)?.[1];
  const found = /^([+-]?)([\d.,]*\d[\d.,]*)(?:e([+-]?\d{1,3}))?$/i.exec(bracketed ?? bare);
  if (found === null) return null;
  const [, sign, digits = '', exponent = '0'] = found;
  if (bracketed !== undefined && sign !== '') return null;
  return { digits, exponent: Number(exponent), isBelow: sign === '-' || bracketed !== undefined };
}

/** What an amount alone gives away; null when it could be either, or has no mark. */
function toEvidence(text: string): DecimalMark | 'neither' | null {
  const digits = toBare(text)?.digits;
  if (digits === undefined) return null;
  const [points, commas] = [digits.split('.').length - 1, digits.split(',').length - 1];
  if (points > 0 && commas > 0) {
    if (points > 1 && commas > 1) return 'neither';
    return digits.lastIndexOf('.') > digits.lastIndexOf(',') ? 'point' : 'comma';
  }
  if (points + commas === 0) return null;
  const mark = points > 0 ? 'point' : 'comma';
  const other = mark === 'point' ? 'comma' : 'point';
  if (points + commas > 1) return other;
  // 1,234 may be a thousand or one and a bit; 0,234 and 1234,567 may not.
  return /^[1-9]\d{0,2}[.,]\d{3}$/.test(digits) ? null : mark;
}

/** What the amounts of a file agree on: `unknown` = none of them tells; `mixed` = they contradict each other. */
export function findDecimalMark(texts: Iterable<string>): DecimalMark | 'unknown' | 'mixed' {
  let found: DecimalMark | 'unknown' = 'unknown';
  for (const text of texts) {
    const evidence = toEvidence(text);
    if (evidence === null || evidence === 'neither') continue;
    if (found !== 'unknown' && found !== evidence) return 'mixed';
    found = evidence;
  }
  return found;
}

/** More places than a trillionth has are rounded. @returns trillionths, or null when it is no amount */
export function readAmount(text: string, mark: DecimalMark): bigint | null {
  const bare = toBare(text);
  if (bare === null) return null;
  const [point, group] = mark === 'point' ? ['.', ','] : [',', '.'];
  const [whole = '', fraction = '', ...more] = bare.digits.split(point);
  if (more.length > 0 || fraction.includes(group) || !isGrouped(whole, group)) return null;
  const digits = whole.replaceAll(group, '') + fraction;
  const places = 12 + bare.exponent - fraction.length;
  // A number of such a length is no amount of money.
  if (digits.length > 40 || Math.abs(places) > 60) return null;
  const size =
    places >= 0 ? BigInt(digits) * 10n ** BigInt(places) : round(BigInt(digits), -places);
  return bare.isBelow ? -size : size;
}

function isGrouped(whole: string, group: string): boolean {
  const parts = whole.split(group);
  return (
    parts.length === 1 || parts.every((part, at) => (at === 0 ? /^\d{1,3}$/ : /^\d{3}$/).test(part))
  );
}

function round(digits: bigint, places: number): bigint {
  const one = 10n ** BigInt(places);
  return (digits + one / 2n) / one;
}
