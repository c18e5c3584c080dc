/** What a rule would have done: the evaluator's own steps, over values of the past. */
import { beginTurn } from '../../turn.ts';
import type { RuleState } from '../instance.ts';
import type { Verdict } from '../reading.ts';
import { stepRule } from '../state/step-rule.ts';
import type { HourValue } from '../state/baseline.ts';
import type { TimedRule } from '../timed-rule.ts';
import { createEpisodes, type BacktestEpisode } from './episodes.ts';
import { createHistoryJudge } from './history-judge.ts';
import type { SlidingSeries } from '../../store/read-sliding.ts';
import { createTeller } from './teller.ts';

export type BacktestInput = {
  readonly projectId: string;
  /** Of the window of the rule; its times are the evaluations. */
  readonly series: SlidingSeries;
  /** Of relative conditions, by group: the hours before and in the range. */
  readonly hours: ReadonlyMap<string, readonly HourValue[]>;
  /** Of burn rates, in the order of the pairs, at the same times. */
  readonly burn: readonly { readonly long: SlidingSeries; readonly short: SlidingSeries }[];
};

export type Backtest = {
  /** In the order in which they began. */
  readonly episodes: readonly BacktestEpisode[];
  /** In which anything was open, however many groups. */
  readonly firingMinutes: number;
  /** To one channel that nothing is held back from. */
  readonly messageCount: number;
  /** Values that were judged, and those of which too little was known. */
  readonly judgedCount: number;
  readonly unsureCount: number;
  /** The most groups at once that were too many to watch. */
  readonly overflow: number;
  /** What the values were held against, by group, one entry a time. */
  readonly thresholds: ReadonlyMap<string, readonly (number | null)[]>;
};

const known = { hash: '' };
const nobody: ReadonlyMap<string, { by: string }> = new Map();

/** An evaluation of a hundred groups that all begin to fire takes longest, and comes on top. */
const turnMs = 10;

/** In turns: others are served meanwhile. */
export async function backtest(timed: TimedRule, input: BacktestInput): Promise<Backtest> {
  const { projectId, series } = input;
  const history = createHistoryJudge(timed, input);
  const episodes = createEpisodes();
  const teller = createTeller(timed, projectId);
  const turn = beginTurn(turnMs);
  let state: RuleState | null = null;
  let openCount = 0;
  let overflow = 0;
  for (const [index, atMs] of series.timesMs.entries()) {
    if (turn.isOver()) await turn.next();
    const verdicts: ReadonlyMap<string, Verdict> = history.at(index, episodes.of);
    const evaluation = { atMs, verdicts, paused: false, resolved: nobody, failed: null };
    const next = stepRule(timed, known, projectId, state, evaluation);
    state = next.state;
    if (next.overflow > overflow) overflow = next.overflow;
    episodes.add(next.events);
    if (episodes.openCount() > 0) openCount += 1;
    teller.tell(next);
  }
  return {
    episodes: episodes.finish(state?.instances ?? []),
    firingMinutes: (openCount * timed.intervalMs) / 60_000,
    messageCount: teller.messageCount(),
    ...history.counts(),
    overflow,
    thresholds: history.thresholds,
  };
}
