/** Days as invoices write them; null when it is none, or could be two. */

export type DayOrder = 'auto' | 'dmy' | 'mdy';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** @returns `2026-11-21`, in UTC */
export function readDay(text: string, order: DayOrder): string | null {
  const trimmed = text.trim();
  return (
    readIso(trimmed) ??
    readUnixSeconds(trimmed) ??
    readNamed(trimmed) ??
    readNumbers(trimmed, order)
  );
}

/** With a time and a zone it is the day that it is in UTC. */
function readIso(text: string): string | null {
  const found =
    /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s*(Z|UTC|[+-]\d\d:?\d\d)?)?$/.exec(
      text,
    ) ??
    /^(\d{4})[/.](\d\d)[/.](\d\d)$/.exec(text) ??
    /^(20\d\d)(\d\d)(\d\d)$/.exec(text);
  if (found === null) return null;
  const [, year, month, day, time, zone = 'Z'] = found;
  const own = toDay(Number(year), Number(month), Number(day));
  if (own === null || time === undefined) return own;
  const offset = /^[+-]/.test(zone) ? zone.replace(/^(...)(\d\d)$/, '$1:$2') : 'Z';
  const moment = new Date(`${own}T${time}${offset}`);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString().slice(0, 10);
}

function readUnixSeconds(text: string): string | null {
  if (!/^1\d{9}(\.0+)?$/.test(text)) return null;
  return new Date(Number(text) * 1000).toISOString().slice(0, 10);
}

/** Nov 21, 2026, and 21 November 2026, and 21-Nov-2026. */
function readNamed(text: string): string | null {
  const found = /^([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})$/.exec(text);
  const turned = /^(\d{1,2})[ -]([A-Za-z]{3,9})\.?[ -](\d{4})$/.exec(text);
  const [name, day, year] = found?.slice(1) ?? [turned?.[2], turned?.[1], turned?.[3]];
  const month = months.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1;
  return month === 0 ? null : toDay(Number(year), month, Number(day));
}

/** Points stand between day and month where the day comes first; slashes may mean either. */
function readNumbers(text: string, order: DayOrder): string | null {
  const found = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?: \d\d?:\d\d(?::\d\d)?)?$/.exec(text);
  if (found === null) return null;
  const [first, second, year] = [Number(found[1]), Number(found[3]), Number(found[4])];
  const told = found[2] === '.' ? 'dmy' : order;
  if (told === 'dmy') return toDay(year, second, first);
  if (told === 'mdy') return toDay(year, first, second);
  if (first > 12) return toDay(year, second, first);
  return second > 12 || first === second ? toDay(year, first, second) : null;
}

/** null for a day that does not exist. */
function toDay(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isSame = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isSame && year >= 2000 && year < 2100 ? date.toISOString().slice(0, 10) : null;
}
