/** Numbers and times as a person reads them who was woken up. */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** @param unit of the metric: ms | s | share | usd | count | tokens | tokens/s */
export function formatValue(value: number | null, unit: string): string {
  if (value === null) return 'no value';
  if (!Number.isFinite(value)) return value > 0 ? 'beyond measure' : 'no value';
  if (unit === 'ms') return formatDuration(value);
  if (unit === 's') return formatDuration(value * 1000);
  if (unit === 'share') return `${formatNumber(value * 100)} %`;
  if (unit === 'usd') return value < 0 ? `-$${formatUsd(-value)}` : `$${formatUsd(value)}`;
  return unit === 'count' || unit === '' ? formatNumber(value) : `${formatNumber(value)} ${unit}`;
}

/** 812 ms, 4.21 s, 3 min 12 s, 2 h 5 min, 3 d 4 h. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < 999.5) return `${threeDigits(ms)} ms`;
  if (ms < 59_995) return `${threeDigits(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return twoUnits(seconds, 60, 'min', 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return twoUnits(minutes, 60, 'h', 'min');
  return twoUnits(Math.round(minutes / 60), 24, 'd', 'h');
}

/** 2026-11-21 10:42:07 UTC: whoever reads it may be anywhere. */
export function formatTime(epochMs: number): string {
  return `${toIso(epochMs).slice(0, 19).replace('T', ' ')} UTC`;
}

/** The epoch itself for what no date can be made of. */
export function toIso(epochMs: number): string {
  const date = new Date(epochMs);
  return (Number.isNaN(date.getTime()) ? new Date(0) : date).toISOString();
}

function formatNumber(value: number): string {
  return Math.abs(value) >= 1000 ? whole.format(value) : threeDigits(value);
}

/** Cents, and below a cent two digits that are not zero. */
function formatUsd(usd: number): string {
  if (usd >= 1000) return whole.format(usd);
  return usd >= 0.01 || usd === 0 ? usd.toFixed(2) : String(Number(usd.toPrecision(2)));
}

function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function twoUnits(count: number, size: number, large: string, small: string): string {
  const rest = count % size;
  const many = `${whole.format(Math.floor(count / size))} ${large}`;
  return rest === 0 ? many : `${many} ${rest} ${small}`;
}
