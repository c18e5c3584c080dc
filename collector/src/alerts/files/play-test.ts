/** Plays the values of a test through the evaluator's own steps, and keeps what each evaluation made of them. */
import { alertChannel, type AlertRule } from '../../contract.ts';
import type { AlertSettings, KnownChannel, KnownRule } from '../alert-settings.ts';
import { defaultRulesOf } from '../default-rules.ts';
import type { Delivery } from '../delivery.ts';
import type { RuleState } from '../instance.ts';
import type { Reading, Verdict } from '../reading.ts';
import { route } from '../routing/route.ts';
import { hashOfRule } from '../settings/hash-of-rule.ts';
import { unitOf } from '../settings/metric-facts.ts';
import { judge } from '../state/judge.ts';
import { stepRule } from '../state/step-rule.ts';
import { toTimedRule, type TimedRule } from '../timed-rule.ts';
import type { AlertFile } from './alert-file.ts';
import { readSeries, type Point } from './series-notation.ts';
import type { RuleTest, TestSeries } from './test-file.ts';

export type Played = {
  readonly timed: TimedRule;
  readonly evaluations: readonly PlayedEvaluation[];
};

export type PlayedEvaluation = {
  readonly state: RuleState;
  readonly deliveries: readonly Delivery[];
};

/** @param files of the project of the test */
export function playTest(test: RuleTest, rule: AlertRule, files: readonly AlertFile[]): Played {
  const timed = toTimedRule(rule);
  const settings = toSettings(test.project, rule, files);
  const groups = test.series.map((series) => toGroup(timed, series));
  const known = { hash: hashOfRule(rule) };
  const startMs = Date.parse(test.start);
  const count = Math.max(...groups.map(({ length }) => length));
  const firingRules = new Set(test.alsoFiring);
  const evaluations: PlayedEvaluation[] = [];
  let state: RuleState | null = null;
  for (let index = 0; index < count; index += 1) {
    const atMs = startMs + index * timed.intervalMs;
    const input = {
      atMs,
      verdicts: verdictsAt(groups, index),
      paused: !rule.enabled,
      resolved: new Map<string, { by: string }>(),
      failed: null,
    };
    const next = stepRule(timed, known, test.project, state, input);
    const routed = route({
      projectId: test.project,
      timed,
      unit: unitOf(rule.metric, rule.aggregation),
      instances: next.state.instances,
      ended: next.events.filter(({ kind }) => kind === 'resolved'),
      told: next.state.told,
      missed: [],
      settings,
      firingRules,
      overflow: next.overflow,
      atMs,
      window: { fromMs: atMs - timed.windowMs, toMs: atMs },
      exemplarsOf: () => [],
    });
    state = { ...next.state, told: routed.told };
    evaluations.push({ state, deliveries: routed.deliveries });
  }
  return { timed, evaluations };
}

type Group = {
  readonly group: string;
  readonly length: number;
  readonly at: (index: number) => Verdict;
};

function verdictsAt(groups: readonly Group[], index: number): ReadonlyMap<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  for (const { group, at } of groups) {
    const verdict = at(index);
    // Of those that nothing was heard of the evaluator is told nothing either.
    if (verdict.type !== 'missing') verdicts.set(group, verdict);
  }
  return verdicts;
}

const failed: Verdict = { type: 'failed', message: 'it could not be read' };

function toGroup(timed: TimedRule, series: TestSeries): Group {
  const { group, past } = series;
  const values = pointsOf(series.values);
  const burn = series.burn.map(({ long, short }) => ({
    long: pointsOf(long),
    short: pointsOf(short),
  }));
  const read = toReader(timed.rule, series);
  const baseline =
    past === undefined
      ? ({ state: 'learning', hours: 0 } as const)
      : ({ state: 'known', ...past } as const);
  const lengths = burn.flatMap(({ long, short }) => [long.length, short.length]);
  return {
    group,
    length: Math.max(values.length, ...lengths),
    at: (index) => {
      const point = values[index] ?? 'missing';
      const pairs = burn.map(({ long, short }) => ({
        long: read(long[index] ?? 'missing', index) ?? noReading(group),
        short: read(short[index] ?? 'missing', index) ?? noReading(group),
      }));
      if (point === 'failed') return failed;
      return judge(timed, read(point, index), { baseline, burn: pairs });
    },
  };
}

function toReader(
  { minSamples, minBad }: AlertRule,
  { group, ...written }: TestSeries,
): (point: Point, index: number) => Reading | null {
  const samples = goingOn(written.samples, Math.max(minSamples, 1));
  const bad = goingOn(written.bad, Math.max(minBad, minSamples, 1));
  const priced = written.pricedShare === '' ? () => null : goingOn(written.pricedShare, 0);
  return (point, index) =>
    typeof point !== 'number'
      ? null
      : {
          group,
          value: point,
          samples: samples(index),
          bad: bad(index),
          pricedShare: priced(index),
        };
}

/** The last one stands for all that follow. */
function goingOn(text: string, usual: number): (index: number) => number {
  const points = pointsOf(text);
  return (index) => {
    const point = points[Math.min(index, points.length - 1)] ?? usual;
    return typeof point === 'number' ? point : 0;
  };
}

function noReading(group: string): Reading {
  return { group, value: null, samples: 0, bad: 0, pricedShare: null };
}

/** Whoever plays a test has looked at its notation. */
function pointsOf(text: string): readonly Point[] {
  const series = readSeries(text);
  return series.type === 'series' ? series.points : [];
}

function toSettings(
  projectId: string,
  rule: AlertRule,
  files: readonly AlertFile[],
): AlertSettings {
  const own = files.flatMap(({ rules }) => rules);
  const ids = new Set(own.map(({ id }) => id));
  const shipped = defaultRulesOf(projectId).filter(({ id }) => !ids.has(id));
  return {
    projectId,
    rules: [...shipped, ...own].map(toKnownRule),
    silences: [],
    acknowledged: new Map(),
    resolved: new Map(),
    muteTimings: files.flatMap(({ muteTimings }) => muteTimings),
    channels: toChannels(rule, files),
  };
}

function toKnownRule(rule: AlertRule): KnownRule {
  const hash = hashOfRule(rule);
  return { rule, origin: 'file', file: '', hash, changedAtMs: null, changedBy: '' };
}

/** Those of the files, and stand-ins for such as are made elsewhere. */
function toChannels(rule: AlertRule, files: readonly AlertFile[]): KnownChannel[] {
  const own = files.flatMap(({ channels }) => channels);
  const names = new Set(own.map(({ name }) => name));
  const needed = rule.channels.filter((name) => !names.has(name));
  const isUnheard = rule.channels.length === 0 && !own.some(({ isDefault }) => isDefault);
  const standIns = [...needed, ...(isUnheard ? ['default'] : [])].map((name) =>
    alertChannel.parse({ name, type: 'webhook', isDefault: true }),
  );
  return [...own, ...standIns].map((channel) => ({
    channel,
    origin: 'file',
    sealedSecret: '',
    secretHost: '',
  }));
}
