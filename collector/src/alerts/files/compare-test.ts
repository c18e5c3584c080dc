/** What came of the values of a test, held against what was expected of it at one time. */
import type { AlertRule } from '../../contract.ts';
import { toMs } from '../timed-rule.ts';
import type { FileProblem } from './file-problem.ts';
import type { Played, PlayedEvaluation } from './play-test.ts';
import type { Path } from './read-yaml.ts';
import type { Expectation } from './test-file.ts';

/** Knows where a part of the expectation stands. */
export type Tell = (path: Path, sentence: string) => FileProblem;

export function compareTest(
  rule: AlertRule,
  { timed, evaluations }: Played,
  expected: Expectation,
  tell: Tell,
): FileProblem[] {
  const atMs = toMs(expected.at);
  const index = atMs / timed.intervalMs;
  const evaluation = evaluations[index];
  if (evaluation === undefined) {
    const last = `${((evaluations.length - 1) * timed.intervalMs) / 1_000}s`;
    return [
      tell(
        ['at'],
        `The rule is evaluated every ${rule.interval}, from 0s to ${last}. Choose one of these times.`,
      ),
    ];
  }
  const until = evaluations.slice(0, index + 1);
  const messageCount = until.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
  return [
    ...compareStates(rule, evaluation, expected, tell),
    ...compareIncidents(evaluation, expected, tell),
    ...compareMessages(evaluation, expected, tell),
    ...(expected.messageCount === undefined || expected.messageCount === messageCount
      ? []
      : [
          tell(
            ['messageCount'],
            `At ${expected.at} there were ${messageCount} messages, not ${expected.messageCount}.`,
          ),
        ]),
  ];
}

function compareStates(
  rule: AlertRule,
  { state }: PlayedEvaluation,
  { at, state: single, states = {} }: Expectation,
  tell: Tell,
): FileProblem[] {
  const shown = new Map(state.instances.map(({ group, core, over }) => [group, over ?? core]));
  const wanted: [Path, string, string][] = Object.entries(states).map(([group, one]) => [
    ['states', group],
    group,
    one,
  ]);
  if (single !== undefined) wanted.push([['state'], '', single]);
  return wanted.flatMap(([path, group, one]) => {
    const found = rule.enabled ? (shown.get(group) ?? 'normal') : 'paused';
    if (found === one) return [];
    return [tell(path, `At ${at} ${group === '' ? 'it' : group} is ${found}, not ${one}.`)];
  });
}

function compareIncidents(
  { state }: PlayedEvaluation,
  { at, incidents }: Expectation,
  tell: Tell,
): FileProblem[] {
  if (incidents === undefined) return [];
  const open = state.instances.filter(({ episode }) => episode !== null).map(({ group }) => group);
  if (isSame(open, incidents)) return [];
  return [
    tell(
      ['incidents'],
      `At ${at} there are incidents of ${listOf(open)}, not of ${listOf(incidents)}.`,
    ),
  ];
}

function compareMessages(
  { deliveries }: PlayedEvaluation,
  { at, messages }: Expectation,
  tell: Tell,
): FileProblem[] {
  if (messages === undefined) return [];
  const left = deliveries.map(({ channel, message }) => ({
    channel,
    kind: message.kind,
    groups: message.alerts.map(({ group }) => group),
  }));
  const missed = messages.flatMap(({ kind, channel, groups }, place) => {
    const found = left.findIndex(
      (one) =>
        one.kind === kind &&
        (channel === undefined || one.channel === channel) &&
        (groups === undefined || isSame(one.groups, groups)),
    );
    if (found >= 0) left.splice(found, 1);
    return found >= 0 ? [] : [place];
  });
  const others = left.map(
    ({ kind, channel, groups }) => `${kind} to ${channel} of ${listOf(groups)}`,
  );
  const rest = others.length === 0 ? 'nothing else' : others.join('; ');
  return [
    ...missed.map((place) =>
      tell(['messages', place], `At ${at} there is no such message, but ${rest}.`),
    ),
    ...(missed.length === 0 && left.length > 0
      ? [tell(['messages'], `At ${at} there is more: ${rest}.`)]
      : []),
  ];
}

function isSame(found: readonly string[], wanted: readonly string[]): boolean {
  return JSON.stringify(found.toSorted()) === JSON.stringify(wanted.toSorted());
}

function listOf(groups: readonly string[]): string {
  if (groups.length === 0) return 'no group';
  return groups.map((group) => (group === '' ? 'the rule' : group)).join(', ');
}
