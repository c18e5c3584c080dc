/** All groups of a rule, one evaluation further. What the evaluator, the preview and the backtest run alike. */
import type { AlertEvent, Instance, RuleState } from '../instance.ts';
import type { Verdict } from '../reading.ts';
import type { TimedRule } from '../timed-rule.ts';
import { endInstance } from './end-instance.ts';
import { fingerprintOf } from './fingerprint.ts';
import { newInstance } from './instance-steps.ts';
import { judge } from './judge.ts';
import { isQuiet, step } from './step.ts';
import { keepsTheWell } from './worth-keeping.ts';
import { mostInstances, takeWorst } from './take-worst.ts';

export type RuleInput = {
  /** Of the evaluation. */
  readonly atMs: number;
  /** By name of the group; those of which nothing was heard may be left out. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Also of a rule that was deleted: what was open is over. */
  readonly paused: boolean;
  /** By incident id: who said that it is over. */
  readonly resolved: ReadonlyMap<string, { readonly by: string }>;
  /** Why nothing could be read; null when it could. */
  readonly failed: string | null;
};

export type RuleStep = {
  /** The very same `instances` when none of them changed. What was told and missed is carried over untouched. */
  readonly state: RuleState;
  readonly events: readonly AlertEvent[];
  /** Groups beyond the threshold that are not watched. */
  readonly overflow: number;
};

const noEvents: readonly AlertEvent[] = [];
const noInstances: readonly Instance[] = [];

/** An evaluation at or before the last one changes nothing. */
export function stepRule(
  timed: TimedRule,
  known: { readonly hash: string },
  projectId: string,
  state: RuleState | null,
  input: RuleInput,
): RuleStep {
  if (state !== null && !(input.atMs > state.evaluatedAtMs))
    return { state, events: noEvents, overflow: 0 };
  const run: Run = {
    timed,
    projectId,
    input,
    previousAtMs: state === null ? null : state.evaluatedAtMs,
    events: [],
  };
  const before = state === null ? noInstances : state.instances;
  const isChanged = state !== null && state.ruleHash !== known.hash;
  const { instances, overflow } =
    input.paused || isChanged
      ? { instances: endAll(run, before), overflow: 0 }
      : stepGroups(run, before);
  return {
    state: {
      ruleHash: known.hash,
      evaluatedAtMs: input.atMs,
      instances,
      told: state === null ? [] : state.told,
      ...(state?.missed !== undefined && { missed: state.missed }),
    },
    events: run.events,
    overflow,
  };
}

type Run = {
  readonly timed: TimedRule;
  readonly projectId: string;
  readonly input: RuleInput;
  readonly previousAtMs: number | null;
  readonly events: AlertEvent[];
};

type Groups = { readonly instances: readonly Instance[]; readonly overflow: number };

/**
 * What was found by another rule means nothing to this one, which judges from its next evaluation on: at this one the
 * groups are normal, and say why.
 */
function endAll(run: Run, before: readonly Instance[]): readonly Instance[] {
  const { timed, projectId, input } = run;
  const { atMs, paused } = input;
  const ended = before.flatMap((instance) => {
    const { instance: normal, events } = endInstance(
      instance,
      atMs,
      paused ? 'rule paused' : 'rule changed',
    );
    run.events.push(...events);
    return normal === null ? [] : [normal];
  });
  if (paused) return noInstances;
  const groups = new Map(ended.map((instance) => [instance.group, reset(instance)]));
  if (keepsTheWell(timed))
    for (const group of input.verdicts.keys()) {
      if (groups.has(group) || groups.size >= mostInstances) continue;
      const fingerprint = fingerprintOf(projectId, timed.rule.id, group);
      groups.set(group, newInstance({ fingerprint, group, atMs, previousAtMs: null }));
    }
  return [...groups.values()];
}

function reset({ fingerprint, group, evaluatedAtMs, reason }: Instance): Instance {
  const atMs = evaluatedAtMs;
  return { ...newInstance({ fingerprint, group, atMs, previousAtMs: null }), reason };
}

function stepGroups(run: Run, before: readonly Instance[]): Groups {
  const kept: Instance[] = [];
  let isSame = true;
  let heard = 0;
  for (const instance of before) {
    const verdict = run.input.verdicts.get(instance.group);
    if (verdict !== undefined) heard += 1;
    const next = stepKnown(run, instance, verdict);
    if (next !== instance) isSame = false;
    if (next !== null) kept.push(next);
  }
  const newcomers = findNewcomers(run, before, heard);
  const { taken, displaced, overflow } = takeWorst(kept, newcomers);
  for (const [group, verdict] of taken) {
    const next = stepGroup(run, null, group, verdict);
    if (next === null) continue;
    isSame = false;
    kept.push(next);
  }
  if (displaced.size > 0) return { instances: kept.filter((one) => !displaced.has(one)), overflow };
  return { instances: isSame ? before : kept, overflow };
}

function stepKnown(run: Run, instance: Instance, heard: Verdict | undefined): Instance | null {
  const { timed, input } = run;
  const verdict = input.failed === null ? heard : failure(input.failed);
  if (verdict !== undefined) return stepGroup(run, instance, instance.group, verdict);
  // Where a rule has groups the nameless one only counted the failures of a rule of which no group was known.
  const isStandIn = instance.group === '' && timed.rule.by !== 'none' && instance.episode === null;
  return isStandIn ? null : stepGroup(run, instance, instance.group, judgeNothing(timed));
}

function stepGroup(
  { timed, projectId, input, previousAtMs, events }: Run,
  instance: Instance | null,
  group: string,
  verdict: Verdict,
): Instance | null {
  if (isQuiet(timed, instance, { verdict })) return instance;
  const open = instance?.episode ?? null;
  const result = step(timed, instance, {
    projectId,
    fingerprint: instance?.fingerprint ?? fingerprintOf(projectId, timed.rule.id, group),
    group,
    verdict,
    atMs: input.atMs,
    previousAtMs,
    resolvedBy: open === null ? null : (input.resolved.get(open.id)?.by ?? null),
  });
  for (const event of result.events) events.push(event);
  return result.instance;
}

type Newcomer = readonly [group: string, verdict: Verdict];

/** Groups that nothing is kept of, and that may be worth it now. */
function findNewcomers(
  { timed, input }: Run,
  before: readonly Instance[],
  heard: number,
): Newcomer[] {
  const { verdicts, failed } = input;
  if (failed !== null) return before.length === 0 ? [['', failure(failed)]] : [];
  const newcomers: Newcomer[] = [];
  const isUngrouped = timed.rule.by === 'none';
  if (isUngrouped && before.length === 0 && !verdicts.has(''))
    newcomers.push(['', judgeNothing(timed)]);
  if (heard === verdicts.size) return newcomers;
  const groups = new Set(before.map(({ group }) => group));
  for (const [group, verdict] of verdicts)
    if (!groups.has(group) && !isQuiet(timed, null, { verdict })) newcomers.push([group, verdict]);
  return newcomers;
}

function failure(message: string): Verdict {
  return { type: 'failed', message };
}

/** Of a group that was there and no longer is: missing, unless that is what the rule looks for. */
function judgeNothing(timed: TimedRule): Verdict {
  return judge(timed, null, { baseline: null, burn: null });
}
