/** Back to normal, whatever it was. */
import type { Instance } from '../instance.ts';
import { toEvent, type Step } from './instance-steps.ts';

/** Tells of it only when an episode was open: what nobody heard of need not be over. */
export function endInstance(instance: Instance, atMs: number, reason: string): Step {
  const { episode } = instance;
  const next: Instance = {
    ...instance,
    core: 'normal',
    over: null,
    sinceMs: atMs,
    evaluatedAtMs: atMs,
    pendingSinceMs: null,
    recoveringSinceMs: null,
    changes: episode === null ? instance.changes : [...instance.changes, atMs],
    episode: null,
    reason,
  };
  // The event still belongs to the episode that it ends.
  const events = episode === null ? [] : [toEvent({ ...next, episode }, 'resolved', atMs, reason)];
  return { instance: next, events };
}
