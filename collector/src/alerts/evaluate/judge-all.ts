/** Reads what the rules of a round look at, and says of every group what that means. */
import type { PlatformMetric } from '../../contract.ts';
import type { WindowAsk } from '../../store/window-sql.ts';
import type { Baseline, BurnReadings, Reading } from '../reading.ts';
import { sourceOf } from '../settings/metric-facts.ts';
import { judge } from '../state/judge.ts';
import type { Look } from './due.ts';
import type { Found } from './evaluate-project.ts';
import { measure, toBadShare, type Answer, type MeasureOptions } from './measure.ts';
import { toAsks } from './to-asks.ts';

export type JudgeParts = Omit<MeasureOptions, 'projectId'> & {
  readonly readPlatform: (metric: PlatformMetric, look: Look) => Promise<Reading>;
  /** Of relative conditions: what each group is held against. */
  readonly readBaselines: (look: Look) => Promise<(group: string) => Baseline>;
};

/** Of one project, in the order of the looks. Never rejects: what cannot be read says so itself, and none for another. */
export async function judgeAll(
  parts: JudgeParts,
  looks: readonly Look[],
): Promise<readonly Found[]> {
  const plans = looks.map(toPlan);
  const answers = await measure(
    plans.flatMap((plan) => (plan.type === 'runs' ? plan.asks : [])),
    { ...parts, projectId: looks[0]?.projectId ?? '' },
  );
  const found: Found[] = [];
  let at = 0;
  for (const [index, look] of looks.entries()) {
    const plan = plans[index] ?? nothing;
    if (plan.type === 'runs') {
      const own = answers.slice(at, at + plan.asks.length);
      at += plan.asks.length;
      found.push(await orFailed(() => judgeRuns(parts, look, own)));
    } else if (plan.type === 'platform') {
      found.push(await orFailed(() => judgePlatform(parts, look)));
    } else found.push(plan.found);
  }
  return found;
}

type Plan =
  | { readonly type: 'runs'; readonly asks: readonly WindowAsk[] }
  | { readonly type: 'platform' }
  | { readonly type: 'done'; readonly found: Found };

const nothing: Plan = { type: 'done', found: { type: 'judged', judged: [], overflow: 0 } };

function toPlan({ known, timed, window, watched }: Look): Plan {
  if (!known.rule.enabled) return nothing;
  if (sourceOf(known.rule.metric) === null) return { type: 'platform' };
  try {
    return { type: 'runs', asks: toAsks(timed, window, watched) };
  } catch (error) {
    return { type: 'done', found: { type: 'failed', message: messageOf(error) } };
  }
}

async function orFailed(judged: () => Promise<Found>): Promise<Found> {
  try {
    return await judged();
  } catch (error) {
    return { type: 'failed', message: messageOf(error) };
  }
}

async function judgePlatform(parts: JudgeParts, look: Look): Promise<Found> {
  const reading = await parts.readPlatform(look.known.rule.metric as PlatformMetric, look);
  const verdict = judge(look.timed, reading, { baseline: null, burn: null });
  return { type: 'judged', judged: [{ group: '', verdict }], overflow: 0 };
}

async function judgeRuns(
  parts: JudgeParts,
  look: Look,
  answers: readonly Answer[],
): Promise<Found> {
  const { timed } = look;
  const failed = answers.find((answer) => answer.type === 'failed');
  if (failed !== undefined) return failed;
  const reads = answers.flatMap((answer) => (answer.type === 'read' ? [answer.read] : []));
  const [first] = reads;
  if (first === undefined) return { type: 'failed', message: 'nothing was read' };
  const { condition } = timed.rule;
  const isRelative = condition.type === 'ratio' || condition.type === 'seasonal';
  const baselineOf = isRelative ? await parts.readBaselines(look) : null;
  const isBurn = condition.type === 'burn_rate';
  const byGroup = reads.map(({ readings }) => new Map(readings.map((one) => [one.group, one])));
  const judged = first.readings.map((reading) => {
    const { group } = reading;
    const baseline = baselineOf?.(group) ?? null;
    const burn = isBurn ? toBurn(byGroup, group) : null;
    return { group, verdict: judge(timed, reading, { baseline, burn }) };
  });
  return { type: 'judged', judged, overflow: first.otherGroups };
}

/** Long and short follow each other, as they were asked for. */
function toBurn(reads: readonly ReadonlyMap<string, Reading>[], group: string): BurnReadings {
  const pairs: { readonly long: Reading; readonly short: Reading }[] = [];
  for (let at = 0; at + 1 < reads.length; at += 2) {
    pairs.push({ long: of(reads[at], group), short: of(reads[at + 1], group) });
  }
  return pairs;
}

function of(readings: ReadonlyMap<string, Reading> | undefined, group: string): Reading {
  const none: Reading = { group, value: null, samples: 0, bad: 0, pricedShare: null };
  return toBadShare(readings?.get(group) ?? none);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
