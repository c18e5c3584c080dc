/** When something is due next. */
import type { AlertSettings } from '../alert-settings.ts';
import { offsetMs } from '../state/schedule.ts';
import { toMs } from '../timed-rule.ts';
import { failingRule } from './failing-rule.ts';
import type { KeptRule } from './kept-rule.ts';

const shortestMs = 1_000;

/** By the clock of the store. A rule that was never evaluated is due now. */
export function nextTimeMs(
  projectId: string,
  { rules }: Pick<AlertSettings, 'rules'>,
  kept: ReadonlyMap<string, KeptRule>,
  nowMs: number,
): number {
  const times = [...rules, failingRule].map(({ rule }) => {
    const lastMs = kept.get(rule.id)?.lastAtMs ?? null;
    if (lastMs === null) return nowMs;
    const stepMs = Math.max(toMs(rule.interval), shortestMs);
    const startMs = offsetMs(projectId, stepMs);
    return (Math.floor((Math.max(lastMs, nowMs) - startMs) / stepMs) + 1) * stepMs + startMs;
  });
  return Math.min(...times);
}
