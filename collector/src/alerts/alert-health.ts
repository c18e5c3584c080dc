/** Whether rules are evaluated, for whoever watches the watcher: asked without a key, so it says nothing else. */
import type { Context } from 'hono';
import type { AlertsStatus } from './start-alerts.ts';

const lateMs = 180_000;

export function answerAlertHealth(
  c: Context,
  status: Pick<AlertsStatus, 'ageMs' | 'term'> | null,
): Response {
  if (status === null) return c.json({ status: 'off', ageSeconds: null });
  const ageSeconds = Math.round(status.ageMs / 1000);
  if (status.ageMs > lateMs) return c.json({ status: 'late', ageSeconds }, 503);
  return c.json({ status: status.term === null ? 'standby' : 'ok', ageSeconds });
}
