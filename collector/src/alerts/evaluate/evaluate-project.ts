/** One round of one project: what is due is read, judged, stepped, told, and made into rows. Nothing is written here. */
import type { Evaluation } from '../../store/alert-log.ts';
import type { Turns } from '../../store/turns.ts';
import type { KnownRule } from '../alert-settings.ts';
import type { Delivery } from '../delivery.ts';
import type { AlertEvent, Instance } from '../instance.ts';
import type { Verdict } from '../reading.ts';
import { stepRule } from '../state/step-rule.ts';
import { toTimedRule, type TimedRule } from '../timed-rule.ts';
import { current, limit, toDue, type Due, type Look, type RoundInput } from './due.ts';
import { failingRule, failingRuleId } from './failing-rule.ts';
import { isToBeWritten, textOf, type KeptRule } from './kept-rule.ts';
import type { Step, Stepped } from './stepped.ts';
import { tell, type Told } from './tell.ts';
import { isFiring, toEvaluation, type Judged } from './to-evaluation.ts';

export type Found =
  | { readonly type: 'judged'; readonly judged: readonly Judged[]; readonly overflow: number }
  | { readonly type: 'failed'; readonly message: string };

export type RoundParts = {
  /** In the order of the looks. */
  readonly judgeAll: (looks: readonly Look[]) => Promise<readonly Found[]>;
  /** Trace ids of groups that fire, by fingerprint. */
  readonly exemplarsOf: (look: Look, groups: readonly Instance[]) => Promise<Exemplars>;
  /** Incidents whose firing was judged too early, by what arrived since. */
  readonly lateEvents: (
    look: Look,
    instances: readonly Instance[],
  ) => Promise<readonly AlertEvent[]>;
  readonly turns: Turns;
};

export type Exemplars = ReadonlyMap<string, readonly string[]>;

export type Round = {
  readonly evaluations: readonly Evaluation[];
  readonly deliveries: readonly Delivery[];
  /** Once the evaluations are stored; of the rules that were due. */
  readonly kept: ReadonlyMap<string, KeptRule>;
  readonly failed: number;
  /** There is more to catch up on: a round is short, so that what it found is stored soon. */
  readonly isBehind: boolean;
};

export async function evaluateProject(parts: RoundParts, input: RoundInput): Promise<Round> {
  const due = limit(input.settings.rules.flatMap((known) => toDue(known, input)));
  const looks = due.flatMap((one) => one.looks);
  const found = await parts.judgeAll(looks);
  const byLook = new Map(looks.map((look, at) => [look, found[at] ?? notRead]));
  const stepped: Stepped[] = [];
  for (const one of due) stepped.push(await parts.turns.run(() => stepThrough(one, byLook, input)));
  stepped.push(...toGone(input));
  stepped.push(...toFailing(input, stepped));
  const told: Told[] = [];
  const firingAt = (atMs?: number): ReadonlySet<string> => firingRulesOf(input, stepped, atMs);
  for (const one of stepped) told.push(await tell(parts, input, one, firingAt));
  return toRound(input, told);
}

const notRead: Found = { type: 'failed', message: 'it was not read' };

function stepThrough(
  { known, timed, kept, looks, isBehind }: Due,
  byLook: ReadonlyMap<Look, Found>,
  input: RoundInput,
): Stepped {
  let { state } = kept;
  const steps = looks.map((look): Step => {
    const found = byLook.get(look) ?? notRead;
    const step = stepOnce(look, found, state, input, !known.rule.enabled);
    ({ state } = step);
    return step;
  });
  return { known, timed, kept, steps, isBehind, isGone: false };
}

function stepOnce(
  look: Look,
  found: Found,
  state: KeptRule['state'],
  { projectId, settings }: RoundInput,
  paused: boolean,
): Step {
  const judged = found.type === 'judged' ? found.judged : [];
  const failed = found.type === 'failed' ? found.message : null;
  const verdicts = new Map(judged.map(({ group, verdict }): [string, Verdict] => [group, verdict]));
  const { resolved } = settings;
  const step = stepRule(look.timed, look.known, projectId, state, {
    atMs: look.atMs,
    verdicts,
    paused,
    resolved,
    failed,
  });
  const beyond = found.type === 'judged' ? found.overflow : 0;
  return { look, judged, error: failed ?? '', ...step, overflow: step.overflow + beyond };
}

/** Rules that were deleted while something of them was open: it is over, and those who were told hear so. */
function toGone(input: RoundInput): Stepped[] {
  const known = new Set(input.settings.rules.map(({ rule }) => rule.id));
  return [...input.kept].flatMap(([ruleId, kept]) => {
    if (ruleId === failingRuleId || known.has(ruleId) || isEmpty(kept)) return [];
    return [goneOf(ruleId, current(kept, input.nowMs), input)];
  });
}

function isEmpty({ state }: KeptRule): boolean {
  return state === null || (state.instances.length === 0 && state.told.every(isDone));
}

function isDone({ incidents }: { readonly incidents: readonly string[] }): boolean {
  return incidents.length === 0;
}

/** What is left of it is its name: whoever was told by it hears so by the same channels. */
function goneOf(ruleId: string, kept: KeptRule, input: RoundInput): Stepped {
  const channels = (kept.state?.told ?? []).map(({ channel }) => channel);
  const rule = { ...failingRule.rule, id: ruleId, title: ruleId, description: '', channels };
  const known = { ...failingRule, rule, hash: kept.state?.ruleHash ?? '' };
  const timed = toTimedRule(rule);
  const look = toNow(known, timed, kept, input);
  const found: Found = { type: 'judged', judged: [], overflow: 0 };
  const steps = [stepOnce(look, found, kept.state, input, true)];
  return { known, timed, kept, steps, isBehind: false, isGone: true };
}

/** The rule about rules, when it is due: how long the one that failed longest could not be read. */
function toFailing(input: RoundInput, stepped: readonly Stepped[]): Stepped[] {
  return toDue(failingRule, input).map((due) => {
    const last = due.looks.at(-1);
    const looks = last === undefined ? [] : [last];
    const ages = [...newestKept(input, stepped)].map(([, kept]) => failingSeconds(kept, input));
    const value = Math.max(0, ...ages);
    const verdict: Verdict =
      value > 0
        ? { type: 'breach', value, threshold: 0, samples: 1 }
        : { type: 'recovered', value: 0, threshold: 0, samples: 1 };
    const found: Found = { type: 'judged', judged: [{ group: '', verdict }], overflow: 0 };
    return stepThrough({ ...due, looks }, new Map(looks.map((look) => [look, found])), input);
  });
}

function failingSeconds({ state, readAtMs }: KeptRule, { nowMs }: RoundInput): number {
  const isFailing = state?.instances.some(({ over }) => over === 'error') ?? false;
  if (!isFailing) return 0;
  return Math.max(1, (nowMs - (readAtMs ?? nowMs)) / 1000);
}

function toNow(known: KnownRule, timed: TimedRule, kept: KeptRule, input: RoundInput): Look {
  const { projectId, nowMs } = input;
  // Two rounds may come within a millisecond, and no evaluation is at the time of another.
  const atMs = Math.max(nowMs, (kept.lastAtMs ?? 0) + 1);
  return { projectId, known, timed, atMs, window: { fromMs: atMs, toMs: atMs }, watched: [] };
}

/** @param atMs of rules that were stepped further already, as they were then */
function firingRulesOf(
  input: RoundInput,
  stepped: readonly Stepped[],
  atMs = Infinity,
): ReadonlySet<string> {
  const firing = [...newestKept(input, stepped, atMs)].filter(
    ([, { state }]) => state?.instances.some(isFiring) ?? false,
  );
  return new Set(firing.map(([ruleId]) => ruleId));
}

function newestKept(
  { kept }: RoundInput,
  stepped: readonly Stepped[],
  untilMs = Infinity,
): ReadonlyMap<string, KeptRule> {
  const newest = new Map(kept);
  for (const one of stepped) {
    const last = one.steps.findLast(({ look }) => look.atMs <= untilMs);
    newest.set(one.known.rule.id, last === undefined ? one.kept : toKept(one, last.state));
  }
  return newest;
}

function toKept({ kept, steps }: Stepped, state: KeptRule['state'] = null): KeptRule {
  const last = steps.at(-1);
  if (last === undefined) return kept;
  const read = steps.findLast(({ error }) => error === '');
  const { writtenText, writtenAtMs } = kept;
  return {
    lastAtMs: last.look.atMs,
    state,
    writtenText,
    writtenAtMs,
    readAtMs: read?.look.atMs ?? kept.readAtMs,
  };
}

function toRound(input: RoundInput, all: readonly Told[]): Round {
  const kept = new Map<string, KeptRule>();
  const evaluations = all.flatMap((told) => {
    const { stepped, state } = told;
    const rows = toRows(input, told);
    const written = rows.findLast(({ ruleState }) => ruleState !== null);
    const next = toKept(stepped, state);
    kept.set(
      stepped.known.rule.id,
      written === undefined || state === null
        ? next
        : { ...next, writtenText: textOf(state), writtenAtMs: written.evalAtMs },
    );
    return rows;
  });
  return {
    evaluations,
    deliveries: all.flatMap(({ deliveries }) => deliveries),
    kept,
    isBehind: all.some(({ stepped }) => stepped.isBehind),
    failed: all.filter(({ stepped }) => stepped.steps.at(-1)?.error !== '').length,
  };
}

function toRows(input: RoundInput, { stepped, late, state, deliveries }: Told): Evaluation[] {
  const { known, kept, steps, isGone } = stepped;
  return steps.map((step, at) => {
    const isLast = at === steps.length - 1;
    const shown = isLast && state !== null ? state : step.state;
    return toEvaluation({
      projectId: input.projectId,
      known,
      isGone,
      term: input.term,
      state: shown,
      judged: step.judged,
      events: isLast ? [...step.events, ...late] : step.events,
      deliveries: isLast ? deliveries : [],
      overflow: step.overflow,
      error: step.error,
      // Of those before the last nobody has to know more than their own row tells.
      isStateWritten: isLast && isToBeWritten(shown, kept),
    });
  });
}
