/** What users set of detectors: for the whole project, and for single workflows. Pure types and their merging. */
import type { FindingKind } from '../../run.ts';
import type { Detector, Thresholds } from './detector.ts';

export type DetectorSettings = {
  /** Not run at all. */
  readonly muted: boolean;
  /** Subjects that may do this, by name; a `*` at the end stands for any rest. */
  readonly allow: readonly string[];
  /** By name of the threshold; those that are not named keep their default. */
  readonly thresholds: Readonly<Record<string, number>>;
};

/** What is not set is left to the next wider scope. */
export type DetectorOverrides = Readonly<Partial<Record<FindingKind, Partial<DetectorSettings>>>>;

export type DetectorRules = {
  readonly project: DetectorOverrides;
  /** By name of the workflow; empty for runs without one. */
  readonly workflows: ReadonlyMap<string, DetectorOverrides>;
};

export type SettingsOf = (kind: FindingKind) => DetectorSettings;

export const defaultDetectorSettings: DetectorSettings = {
  muted: false,
  allow: [],
  thresholds: {},
};

export const noDetectorRules: DetectorRules = { project: {}, workflows: new Map() };

/** A workflow's word goes before the project's; subjects that either allows are allowed. */
export function toSettingsOf({ project, workflows }: DetectorRules, workflow: string): SettingsOf {
  const own = workflows.get(workflow) ?? {};
  return (kind) => mergeSettings(project[kind] ?? {}, own[kind] ?? {});
}

function mergeSettings(
  wide: Partial<DetectorSettings>,
  narrow: Partial<DetectorSettings>,
): DetectorSettings {
  return {
    muted: narrow.muted ?? wide.muted ?? false,
    allow: [...(wide.allow ?? []), ...(narrow.allow ?? [])],
    thresholds: { ...wide.thresholds, ...narrow.thresholds },
  };
}

/** The defaults under what is set. A value out of its range counts as the nearest that is in it. */
export function toThresholds<Name extends string>(
  { thresholds: specs }: Detector<Name>,
  set: DetectorSettings['thresholds'],
): Thresholds<Name> {
  const names = Object.keys(specs) as Name[];
  const values = names.map((name) => {
    const { default: usual, min, max } = specs[name];
    const value = Object.hasOwn(set, name) ? set[name] : undefined;
    if (value === undefined || Number.isNaN(value)) return [name, usual] as const;
    return [name, Math.min(max, Math.max(min, value))] as const;
  });
  return Object.fromEntries(values) as Thresholds<Name>;
}

export function isAllowed(allow: readonly string[], subject: string): boolean {
  return allow.some((name) =>
    name.endsWith('*') ? subject.startsWith(name.slice(0, -1)) : subject === name,
  );
}
