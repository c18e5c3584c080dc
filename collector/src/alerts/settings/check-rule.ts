/** Whether a rule makes sense, beyond the shape that the contract has checked. Each answer says what to change. */
import type { AlertRule } from '../../contract.ts';
import { FilterError } from '../../query/filter.ts';
import { isBudgetRule } from '../../budgets/budget-rules.ts';
import { toRunConditions } from '../../query/run-filter.ts';
import { isOfServer, serverProject } from '../default-rules.ts';
import { toMs } from '../timed-rule.ts';
import { checkCondition } from './check-condition.ts';
import { aggregationsOf, groupsOf, hasBad, hasPrices, sourceOf } from './metric-facts.ts';

/** What a rule may refer to. */
export type RuleContext = {
  readonly projectId: string;
  readonly channels: readonly string[];
  readonly muteTimings: readonly string[];
  readonly ruleIds: readonly string[];
};

/** Sentences that begin with the field; none = the rule can be used. */
export function checkRule(rule: AlertRule, context: RuleContext): string[] {
  return [
    ...checkMetric(rule, context),
    ...checkFilter(rule),
    ...checkTimes(rule),
    ...checkCondition(rule),
    ...checkLeast(rule),
    ...checkNames(rule, context),
  ];
}

/** Such a rule does what it says, and not what was meant. */
export function warningsOf(rule: AlertRule, { channels, ruleIds }: RuleContext): string[] {
  const lost = rule.channels.filter((name) => !channels.includes(name));
  const unknown = rule.inhibitedBy.filter((id) => !ruleIds.includes(id));
  const toName = (name: string): string => JSON.stringify(name);
  return [
    ...lost.map(
      (name) => `channels: there is no channel ${toName(name)} yet, so nobody is told there.`,
    ),
    ...(rule.channels.length === 0 && channels.length === 0
      ? ['channels: there is no channel yet, so nobody is told.']
      : []),
    ...unknown.map((id) => `inhibitedBy: there is no rule ${toName(id)} yet.`),
  ];
}

/** @throws FilterError that says where */
export function assertFilter({ filter }: AlertRule): void {
  toRunConditions(filter);
}

function checkMetric({ metric, by, aggregation }: AlertRule, { projectId }: RuleContext): string[] {
  const groups = groupsOf(metric);
  const aggregations = aggregationsOf(metric);
  return [
    ...(groups.includes(by)
      ? []
      : [`by: ${metric} cannot be told by ${by}. Choose ${listOf(groups)}.`]),
    ...(aggregations.includes(aggregation)
      ? []
      : [`aggregation: ${metric} has no ${aggregation}. Choose ${listOf(aggregations)}.`]),
    ...(isBudgetRule({ metric })
      ? [`metric: rules on ${metric} are made of budgets. Set one with PUT /api/budgets.`]
      : []),
    ...(isOfServer({ metric }) && projectId !== serverProject
      ? [`metric: ${metric} is of the whole server. Set this rule in the project ${serverProject}.`]
      : []),
  ];
}

function checkFilter(rule: AlertRule): string[] {
  if (rule.filter === '') return [];
  if (sourceOf(rule.metric) === null) {
    return [`filter: ${rule.metric} is of no runs that could be filtered. Leave the filter empty.`];
  }
  try {
    assertFilter(rule);
    return [];
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const { start, end } = error.position;
    return [`filter: ${error.message} (Characters ${start + 1} to ${end}.)`];
  }
}

const leastInterval = 10_000;
const longest = 30 * 86_400_000;

function checkTimes(rule: AlertRule): string[] {
  const [windowMs, intervalMs] = [toMs(rule.window), toMs(rule.interval)];
  const { absentFor, keepFiring, repeatEvery } = rule;
  const long = { window: rule.window, for: rule.for, keepFiring, absentFor, repeatEvery };
  return [
    ...Object.entries({ ...long, groupEvery: rule.groupEvery })
      .filter(([, text]) => text !== null && toMs(text) > longest)
      .map(([name]) => `${name}: choose 30d at most.`),
    ...(intervalMs < leastInterval ? ['interval: choose 10s or more.'] : []),
    ...(windowMs === 0 ? ['window: choose 10s or more.'] : []),
    ...(windowMs > 0 && windowMs < intervalMs
      ? ['window: choose one at least as long as the interval, or what lies between is never seen.']
      : []),
    ...(absentFor !== null && toMs(absentFor) < 2 * windowMs
      ? ['absentFor: choose at least two windows, or every quiet moment counts.']
      : []),
    ...(toMs(repeatEvery) > 0 && toMs(repeatEvery) < 60_000
      ? ['repeatEvery: choose 1m or more, or 0s for never.']
      : []),
  ];
}

function checkLeast({ metric, minBad, minPricedShare }: AlertRule): string[] {
  return [
    ...(minBad > 0 && !hasBad(metric)
      ? [`minBad: samples of ${metric} are neither good nor bad. Write 0.`]
      : []),
    ...(minPricedShare !== null && !hasPrices(metric)
      ? [`minPricedShare: ${metric} is not made of prices. Write null.`]
      : []),
  ];
}

const mostLabels = 20;
/** What silences and messages mean by these is something else. */
const takenLabels = ['rule', 'group', 'severity', 'metric'];
/** Every object seems to have one. */
const oddLabels = ['constructor', 'prototype'];

function checkNames(rule: AlertRule, { muteTimings }: RuleContext): string[] {
  const { id, labels, inhibitedBy } = rule;
  return [
    ...rule.muteTimings
      .filter((name) => !muteTimings.includes(name))
      .map(
        (name) => `muteTimings: there is no mute timing ${JSON.stringify(name)}. Make it first.`,
      ),
    ...(inhibitedBy.includes(id) ? ['inhibitedBy: a rule cannot mute itself.'] : []),
    ...takenLabels
      .filter((name) => Object.hasOwn(labels, name))
      .map((name) => `labels.${name}: every alert has a ${name} already. Choose another name.`),
    ...oddLabels
      .filter((name) => Object.hasOwn(labels, name))
      .map((name) => `labels.${name}: this cannot be the name of a label. Choose another name.`),
    ...(Object.keys(labels).length > mostLabels ? [`labels: use at most ${mostLabels}.`] : []),
  ];
}

function listOf(words: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(words);
}
