/** Runs that stand for a group that fires: read once an incident, when it is told first. */
import { readExemplars } from '../../store/read-behind.ts';
import type { Reader } from '../../store/read-rows.ts';
import { sourceOf } from '../settings/metric-facts.ts';
import type { RoundParts } from './evaluate-project.ts';
import { toAsks } from './to-asks.ts';

/** Of one evaluation: messages name five groups before they begin to shorten. */
const mostGroups = 5;
const mostKept = 10_000;

/** Never rejects: a message without examples is better than none. */
export function createExemplars(
  reader: Reader,
  warn: (message: string, fields: Readonly<Record<string, unknown>>) => void,
): RoundParts['exemplarsOf'] {
  const kept = new Map<string, readonly string[]>();
  return async (look, groups) => {
    const found = new Map<string, readonly string[]>();
    if (sourceOf(look.known.rule.metric) === null) return found;
    let room = mostGroups;
    for (const { fingerprint, group, episode } of groups) {
      if (episode === null) continue;
      let traces = kept.get(episode.id);
      if (traces === undefined && room > 0) {
        room -= 1;
        try {
          const [ask] = toAsks(look.timed, look.window);
          if (ask === undefined) continue;
          const runs = await readExemplars(reader, look.projectId, { ...ask, group });
          traces = runs.map(({ traceId }) => traceId);
          keep(kept, episode.id, traces);
        } catch (error) {
          warn('examples of an incident were not read', { rule: look.known.rule.id, error });
        }
      }
      if (traces !== undefined) found.set(fingerprint, traces);
    }
    return found;
  };
}

function keep(kept: Map<string, readonly string[]>, id: string, traces: readonly string[]): void {
  kept.set(id, traces);
  const [oldest] = kept.keys();
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
}
