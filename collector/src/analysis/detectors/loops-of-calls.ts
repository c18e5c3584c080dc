/** Models that call the same tools again and again, and learn nothing from it. */
import type { RunNode } from '../tree/run-tree.ts';
import type { LoopFound } from './loop.ts';
import { isRepeatable, isThinking } from './repeatable.ts';
import { findCycles, findStreaks, toSignature, type Rounds } from './rounds.ts';
import { inBrackets } from './waste.ts';
import { nameOr, plural, toCount, toList, toName, toTimes } from './text.ts';
import type { ToolCall, ToolFlow } from './tool-flows.ts';

type Limits = {
  readonly repeats: number;
  readonly rounds: number;
  readonly polls: number;
};

export function findCallLoops(flow: ToolFlow, limits: Limits): readonly LoopFound[] {
  // A program that polls calls without asking a model in between: that is no loop of an agent.
  if (flow.modelCalls.length === 0) return [];
  return [...findRepeats(flow, limits), ...findRoundTrips(flow, limits)];
}

/** Not known is never the same twice. */
const toKey = (key: string | null): unknown => key ?? Symbol('not known');

function findRepeats(flow: ToolFlow, { repeats, polls }: Limits): readonly LoopFound[] {
  const calls = flow.calls.filter(({ tool }) => !isThinking(tool));
  return findStreaks(calls.map(({ callKey }) => toKey(callKey))).flatMap(({ from, to }) =>
    splitByChoice(calls.slice(from, to)).flatMap((again) => {
      const isSame = new Set(again.map(({ resultKey }) => toKey(resultKey))).size === 1;
      const isPolling = !isSame || isRepeatable(again[0]?.tool ?? '');
      const least = isPolling ? Math.max(polls, repeats) : repeats;
      return again.length < least ? [] : [toRepeat(flow, again, isSame, least, isPolling)];
    }),
  );
}

/** Parts of a streak in which a model chose every further call. */
function splitByChoice(streak: readonly ToolCall[]): readonly (readonly ToolCall[])[] {
  const parts: ToolCall[][] = [];
  for (const [at, call] of streak.entries()) {
    const before = streak[at - 1];
    const isChosen = before !== undefined && before.modelCallsBefore < call.modelCallsBefore;
    if (isChosen) parts.at(-1)?.push(call);
    else parts.push([call]);
  }
  return parts;
}

function toRepeat(
  flow: ToolFlow,
  calls: readonly ToolCall[],
  isSame: boolean,
  least: number,
  isPolling: boolean,
): LoopFound {
  const tool = calls[0]?.tool ?? '';
  const answer = isSame ? 'and got the same answer' : 'with ever other answers';
  const wasted = wastedIn(flow, calls, 1);
  return {
    variant: 'exact_repeat',
    subject: tool,
    nodes: calls.map(({ node }) => node),
    wasted,
    repeats: calls.length,
    sentence: (waste) =>
      `${nameOr(flow.agent, 'An agent')} called ${nameOr(tool, 'a tool')} with the same arguments ${toTimes(calls.length)} ${answer}; ${toCount(calls.length - 1)} of them ${calls.length === 2 ? 'was' : 'were'} wasted${inBrackets(waste)}.`,
    threshold: { name: isPolling ? 'polls' : 'repeats', value: least, measured: calls.length },
  };
}

function findRoundTrips(flow: ToolFlow, { rounds, polls }: Limits): readonly LoopFound[] {
  const keys = flow.calls.map(({ callKey, resultKey }) =>
    toKey(callKey === null || resultKey === null ? null : `${callKey} ${resultKey}`),
  );
  return findCycles(keys, rounds).flatMap((cycle) => {
    const calls = flow.calls.slice(cycle.from, cycle.to);
    const isPolling = calls.slice(0, cycle.period).some(({ tool }) => isRepeatable(tool));
    const least = isPolling ? Math.max(polls, rounds) : rounds;
    if (cycle.repeats < least || !isChosenEachRound(calls, cycle)) return [];
    return [toCycle(flow, calls, cycle, least, isPolling)];
  });
}

function isChosenEachRound(calls: readonly ToolCall[], { period }: Rounds): boolean {
  return calls.every((call, at) => {
    const before = calls[at - period];
    return before === undefined || before.modelCallsBefore < call.modelCallsBefore;
  });
}

function toCycle(
  flow: ToolFlow,
  calls: readonly ToolCall[],
  { period, repeats }: Rounds,
  least: number,
  isPolling: boolean,
): LoopFound {
  const names = calls.slice(0, period).map(({ tool }) => toName(tool));
  const wasted = wastedIn(flow, calls, period);
  return {
    variant: 'cycle',
    subject: toSignature(names),
    nodes: calls.map(({ node }) => node),
    wasted,
    repeats,
    sentence: (waste) =>
      `${nameOr(flow.agent, 'An agent')} went through ${toList(names, 8)} ${toTimes(repeats)} with the same arguments and the same answers; ${plural(repeats - 1, 'round')} of them ${repeats === 2 ? 'was' : 'were'} wasted${inBrackets(waste)}.`,
    threshold: { name: isPolling ? 'polls' : 'rounds', value: least, measured: repeats },
  };
}

/** The calls after the first round, and the questions to models that led to them. */
function wastedIn(flow: ToolFlow, calls: readonly ToolCall[], period: number): readonly RunNode[] {
  const lastOfFirst = calls[period - 1];
  const last = calls.at(-1);
  if (lastOfFirst === undefined || last === undefined) return [];
  const questions = flow.modelCalls.slice(lastOfFirst.modelCallsBefore, last.modelCallsBefore);
  return [...calls.slice(period).map(({ node }) => node), ...questions];
}
