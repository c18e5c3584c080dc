/** Numbers, times and ids as people read them. `null` is not known, and is shown as a dash, never as zero. */

export const unknown = '–';

/** 812 ns, 4.5 us, 812 ms, 4.21 s, 3 m 12 s, 2 h 5 m, 3 d 4 h. */
export function formatDuration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return unknown;
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms === 0) return '0 ms';
  if (ms < 0.001) return `${Math.round(ms * 1e6)} ns`;
  if (ms < 0.9995) return `${threeDigits(ms * 1000)} us`;
  if (ms < 999.5) return `${threeDigits(ms)} ms`;
  if (ms < 59_995) return `${threeDigits(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return twoUnits(seconds, 60, 'm', 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return twoUnits(minutes, 60, 'h', 'm');
  return twoUnits(Math.round(minutes / 60), 24, 'd', 'h');
}

/** 950, 61.2k, 4.1M. */
export function formatCount(count: number | null): string {
  if (count === null) return unknown;
  if (Math.abs(count) < 1000) return String(count);
  return compact.format(count).replace('K', 'k');
}

/** 12,345. */
export function formatExactCount(count: number | null): string {
  return count === null ? unknown : exact.format(count);
}

/** $0, <$0.000001, $0.0042, $0.18, $12.40, $1,204: two significant digits below a cent. */
export function formatUsd(usd: string | null): string {
  if (usd === null) return unknown;
  const amount = Number(usd);
  if (!Number.isFinite(amount)) return unknown;
  if (amount < 0) return `-${formatUsd(String(-amount))}`;
  if (amount === 0) return '$0';
  // A millionth is less than anybody is billed, and its zeros would not fit a column.
  if (amount < 0.000001) return '<$0.000001';
  if (amount < 0.00995) return `$${trimZeros(smallUsd.format(amount))}`;
  if (amount < 1) return `$${amount.toFixed(amount < 0.1 ? 3 : 2)}`;
  return amount < 1000 ? `$${amount.toFixed(2)}` : `$${exact.format(Math.round(amount))}`;
}

export function formatBytes(bytes: number | null): string {
  if (bytes === null) return unknown;
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_500) return `${threeDigits(bytes / 1000)} kB`;
  return `${threeDigits(bytes / 1e6)} MB`;
}

/** Milliseconds since the epoch, from nanoseconds as text: exact to the microsecond. */
export function toEpochMs(unixNano: string): number {
  const nanoseconds = BigInt(unixNano);
  return Number(nanoseconds / 1_000_000n) + Number(nanoseconds % 1_000_000n) / 1e6;
}

/** Today the clock time, otherwise the day as well: "10:42:07", "21 Nov 10:42:07". */
export function formatTime(epochMs: number, nowMs: number): string {
  const date = new Date(epochMs);
  const time = clock.format(date);
  if (date.toDateString() === new Date(nowMs).toDateString()) return time;
  return `${dayFormat(date, nowMs).format(date)} ${time}`;
}

/** "2026-11-21 10:42:07.123", in the browser's zone. */
export function formatExactTime(epochMs: number): string {
  const date = new Date(epochMs);
  const day = [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join('-');
  return `${day} ${clock.format(date)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** "just now", "4 min ago", "3 h ago", "2 d ago". */
export function formatAgo(epochMs: number, nowMs: number): string {
  const seconds = (nowMs - epochMs) / 1000;
  if (seconds < 45) return 'just now';
  if (seconds < 45 * 60) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86_400)} d ago`;
}

export function shortId(id: string): string {
  return id.slice(0, 8);
}

export function plural(count: number, one: string, many: string): string {
  return `${formatExactCount(count)} ${count === 1 ? one : many}`;
}

const exact = new Intl.NumberFormat('en-US');
const compact = new Intl.NumberFormat('en-US', {
  notation: 'compact',
  maximumSignificantDigits: 3,
});
const smallUsd = new Intl.NumberFormat('en-US', {
  maximumSignificantDigits: 2,
  minimumFractionDigits: 0,
  useGrouping: false,
});
const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayAndYear = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

function dayFormat(date: Date, nowMs: number): Intl.DateTimeFormat {
  return date.getFullYear() === new Date(nowMs).getFullYear() ? day : dayAndYear;
}

function threeDigits(value: number): string {
  if (value >= 99.95) return String(Math.round(value));
  return trimZeros(value.toFixed(value >= 9.995 ? 1 : 2));
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function twoUnits(total: number, per: number, big: string, small: string): string {
  const rest = total % per;
  const whole = `${exact.format((total - rest) / per)} ${big}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
