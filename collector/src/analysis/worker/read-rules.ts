/** What users set of detectors, read seldom however often runs are judged. */
import type { Reader } from '../../store/read-rows.ts';
import { readSettings } from '../../store/settings-log.ts';
import type { DetectorOverrides, DetectorRules } from '../detectors/settings.ts';

/** The area of the settings; a key is the name of a workflow, the empty one is the whole project. */
export const detectorArea = 'detectors';

/** A change is heard of no later. */
export const rulesKeptMs = 1_000;

export function createRulesReader(reader: Reader): (projectId: string) => Promise<DetectorRules> {
  const known = new Map<string, { readonly readAtMs: number; readonly rules: DetectorRules }>();
  return async (projectId) => {
    const last = known.get(projectId);
    if (last !== undefined && Date.now() - last.readAtMs < rulesKeptMs) return last.rules;
    const rules = toRules(await readSettings(reader, projectId, detectorArea));
    known.set(projectId, { readAtMs: Date.now(), rules });
    return rules;
  };
}

/** Settings were validated when they were set. */
export function toRules(
  settings: readonly { readonly key: string; readonly value: unknown }[],
): DetectorRules {
  const overrides = settings.map(({ key, value }) => [key, value as DetectorOverrides] as const);
  const workflows = new Map(overrides.filter(([key]) => key !== ''));
  return { project: new Map(overrides).get('') ?? {}, workflows };
}
