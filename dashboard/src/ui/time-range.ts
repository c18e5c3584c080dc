/** A range as the URL keeps it: each end is `now`, `now-15m`, or an ISO 8601 time. */

export const presets = [
  { from: 'now-15m', label: 'Last 15 minutes' },
  { from: 'now-1h', label: 'Last hour' },
  { from: 'now-6h', label: 'Last 6 hours' },
  { from: 'now-24h', label: 'Last 24 hours' },
  { from: 'now-7d', label: 'Last 7 days' },
  { from: 'now-30d', label: 'Last 30 days' },
] as const;

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds since the epoch; null when the text is no time. */
export function toMs(expression: string, nowMs: number): number | null {
  const relative = /^now(?:-(\d{1,5})([smhdw]))?$/.exec(expression);
  if (relative !== null) return nowMs - Number(relative[1] ?? 0) * (unitMs[relative[2] ?? ''] ?? 0);
  const ms = Date.parse(expression);
  return Number.isNaN(ms) ? null : ms;
}

/** "Last 24 hours", "Last 3 d", "21 Nov, 10:00 to 21 Nov, 12:30". */
export function describeRange(from: string, to: string): string {
  if (to === 'now') {
    const preset = presets.find((one) => one.from === from);
    if (preset !== undefined) return preset.label;
    const relative = /^now-(\d+)([smhdw])$/.exec(from);
    if (relative !== null) return `Last ${relative[1]} ${relative[2]}`;
  }
  return `${describeEnd(from)} to ${describeEnd(to)}`;
}

/** The text a `datetime-local` input takes, in the browser's zone. */
export function toLocalInput(ms: number): string {
  const date = new Date(ms);
  return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** null when the input is empty or no time. */
export function fromLocalInput(text: string): string | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

const moment = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

function describeEnd(expression: string): string {
  if (expression.startsWith('now')) return expression;
  const ms = Date.parse(expression);
  return Number.isNaN(ms) ? expression : moment.format(ms);
}
