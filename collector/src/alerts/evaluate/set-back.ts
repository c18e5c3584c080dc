/** What is kept of a rule when the clock was set back: times that have not come yet would keep it waiting for them. */
import type { Instance, RuleState } from '../instance.ts';

/** Smaller steps are what clocks do all the time. */
export const setBackMs = 90_000;

/** No time of it is after `nowMs`, but for the names of episodes, which stay what they are. */
export function setBack(state: RuleState, nowMs: number): RuleState {
  const atMost = (ms: number): number => Math.min(ms, nowMs);
  return {
    ...state,
    evaluatedAtMs: atMost(state.evaluatedAtMs),
    instances: state.instances.map((instance) => setBackInstance(instance, nowMs)),
    told: state.told.map((told) => ({ ...told, toldAtMs: atMost(told.toldAtMs) })),
  };
}

function setBackInstance(instance: Instance, nowMs: number): Instance {
  const atMost = (ms: number): number => Math.min(ms, nowMs);
  const orNull = (ms: number | null): number | null => (ms === null ? null : atMost(ms));
  return {
    ...instance,
    sinceMs: atMost(instance.sinceMs),
    firstSeenMs: atMost(instance.firstSeenMs),
    lastSampleMs: atMost(instance.lastSampleMs),
    evaluatedAtMs: atMost(instance.evaluatedAtMs),
    pendingSinceMs: orNull(instance.pendingSinceMs),
    recoveringSinceMs: orNull(instance.recoveringSinceMs),
    changes: instance.changes.filter((atMs) => atMs <= nowMs),
  };
}
