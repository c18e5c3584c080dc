/** Numbers as the rows write them. */
const units = [
  { ns: 1, name: 'ns' },
  { ns: 1e3, name: 'µs' },
  { ns: 1e6, name: 'ms' },
  { ns: 1e9, name: 's' },
] as const;

/** Three significant digits below a minute, then two units: `812 µs`, `4.21 s`, `3 m 12 s`, `2 d 5 h`. */
export function durationText(ns: number): string {
  if (ns < 0) return `-${durationText(-ns)}`;
  if (Math.round(ns / 1e9) >= 60) return longText(Math.round(ns / 1e9));
  const unit = units.findLast(({ ns: size }) => ns >= size * 0.9995) ?? units[0];
  const value = ns / unit.ns;
  const digits = value >= 99.95 || unit.ns === 1 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit.name}`;
}

function longText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return pair(minutes, 'm', seconds % 60, 's');
  const hours = Math.floor(Math.round(seconds / 60) / 60);
  if (hours < 48) return pair(hours, 'h', Math.round(seconds / 60) % 60, 'm');
  const days = Math.floor(Math.round(seconds / 3600) / 24);
  return pair(days, 'd', Math.round(seconds / 3600) % 24, 'h');
}

function pair(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

/** A time on the axis whose ticks are `stepNs` apart: as exact as the step needs. */
export function tickText(ns: number, stepNs: number): string {
  if (ns === 0) return '0';
  if (Math.abs(ns) >= 60e9 && stepNs >= 1e9) return longText(Math.round(ns / 1e9));
  const unit = units.findLast(({ ns: size }) => Math.abs(ns) >= size) ?? units[0];
  const digits = Math.max(0, Math.ceil(-Math.log10(stepNs / unit.ns) - 1e-9));
  return `${(ns / unit.ns).toFixed(Math.min(digits, 6))} ${unit.name}`;
}

/** `$1.24`; below a cent two significant digits: `$0.0042`. */
export function costText(microUsd: number): string {
  const usd = microUsd / 1e6;
  if (usd === 0) return '$0';
  if (usd >= 0.00995) return `$${usd.toFixed(usd < 1 ? 3 : 2)}`;
  return `$${usd.toFixed(Math.min(7, 1 - Math.floor(Math.log10(usd))))}`;
}

/** `812`, `61.2k`, `3.4M`. */
export function countText(count: number): string {
  if (count < 1000) return String(count);
  if (count < 999_950) return `${trim(count / 1000)}k`;
  return `${trim(count / 1e6)}M`;
}

function trim(value: number): string {
  return value >= 99.95 ? value.toFixed(0) : value.toFixed(1).replace(/\.0$/, '');
}

/** Of a whole, in percent; `<1 %` rather than 0. */
export function shareText(part: number, whole: number): string {
  const percent = whole > 0 ? (part / whole) * 100 : 0;
  if (percent > 0 && percent < 1) return '<1 %';
  return `${Math.round(percent)} %`;
}
