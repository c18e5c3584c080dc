/** What a fault cost, in words; what is not known is left out. */
import type { Finding, Waste } from 'orchescope/contract';
import { formatCount, formatDuration, formatUsd } from '../format.ts';

/** "4.2 s, 1.2k tokens, $0.03"; empty when nothing is known, or nothing was lost. */
export function wasteInWords({ ms, tokens, usd }: Waste): string {
  const parts: string[] = [];
  if (ms !== null && ms > 0) parts.push(formatDuration(ms));
  if (tokens !== null && tokens > 0) parts.push(`${formatCount(tokens)} tokens`);
  if (usd !== null && Number(usd) > 0) parts.push(formatUsd(usd));
  return parts.join(', ');
}

/** "repeats: 7 measured, 3 is the limit". */
export function thresholdInWords({ name, value, measured }: Finding['threshold']): string {
  return `${name}: ${plain(measured)} measured, ${plain(value)} is the limit`;
}

/** "2.1 %", "< 0.1 %". */
export function shareInWords(part: number, whole: number): string {
  if (whole <= 0) return '';
  const percent = (part / whole) * 100;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  return `${percent >= 10 ? Math.round(percent) : Math.round(percent * 10) / 10} %`;
}

const number = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

function plain(value: number): string {
  return number.format(value);
}
