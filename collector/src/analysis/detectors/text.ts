/** Numbers and names as the sentences of findings say them. */

const longestName = 80;

/** Names come from senders: control and direction characters go, long ones are cut. */
export function toName(name: string): string {
  // A cut before the cleaning bounds the work on a name of a megabyte.
  const clean = name
    .slice(0, 8 * longestName)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const letters = [...clean];
  return letters.length <= longestName ? clean : `${letters.slice(0, longestName - 1).join('')}…`;
}

/** `an agent without a name` reads better than nothing between two words. */
export function nameOr(name: string, otherwise: string): string {
  return toName(name) || otherwise;
}

/** `a, b and c`; of many the first five and how many more. */
export function toList(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map(toName);
  const left = names.length - shown.length;
  const all = left > 0 ? [...shown, `${toCount(left)} more`] : shown;
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
}

/** 12340 -> `12,340`. */
export function toCount(count: number): string {
  return Math.round(count)
    .toString()
    .replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `1 call`, `7 calls`. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${toCount(count)} ${count === 1 ? noun : nouns}`;
}

/** `once`, `twice`, `7 times`. */
export function toTimes(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${toCount(count)} times`;
}

/** `820 ms`, `12.4 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export function toDuration(ms: number): string {
  if (ms < 999.5) return ms > 0 && ms < 1 ? 'under 1 ms' : `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${trim((ms / 1000).toFixed(1))} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return pair(seconds, 60, 'min', 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return pair(minutes, 60, 'h', 'min');
  return pair(Math.round(minutes / 60), 24, 'd', 'h');
}

function pair(count: number, per: number, big: string, small: string): string {
  const rest = count % per;
  const whole = `${toCount(Math.floor(count / per))} ${big}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}

/** `1.9 times`, `12 times` of a ratio. */
export function toFactor(ratio: number): string {
  return trim(ratio.toFixed(ratio < 10 ? 1 : 0));
}

/** 0.425 -> `43 %`. */
export function toPercent(share: number): string {
  return `${trim((100 * share).toFixed(share < 0.1 ? 1 : 0))} %`;
}

/** Two digits that matter, cents at least: `$0.031`, `$1.20`, `$1,204.50`. */
export function toUsd(trillionths: bigint): string {
  const usd = Number(trillionths) / 1e12;
  if (usd === 0) return '$0';
  if (usd < 0.000_001) return 'under $0.000001';
  if (usd >= 0.0995) {
    const [whole = '0', cents = '00'] = usd.toFixed(2).split('.');
    return `$${toCount(Number(whole))}.${cents}`;
  }
  return `$${usd.toFixed(1 - Math.floor(Math.log10(usd)))}`;
}

function trim(digits: string): string {
  return digits.replace(/\.0+$/, '');
}
