/** How long a receiver asks to be left alone. */

const maxMs = 24 * 3_600_000;

/**
 * Seconds or a date, as the header allows; some vendors send a fraction. Null when there is none, or none that makes
 * sense. Never longer than a day: a wrong clock on the other side must not silence a channel.
 */
export function readRetryAfterMs(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(Math.ceil(ms), 0), maxMs) : null;
}
