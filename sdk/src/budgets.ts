/**
 * Asks a collector whether a run may spend, before it does. The collector knows what all processes spent of a budget;
 * `within` then counts on what this one adds.
 */
import type { Budget } from './budget.ts';
import { env } from './settings.ts';

/** What is about to run. All of it is optional: the more is told, the more budgets fit. */
export type Spending = {
  /** Id of one budget; left out = every one that is set for such a run. */
  readonly budget?: string;
  readonly workflow?: string;
  readonly agent?: string;
  readonly user?: string;
  /** About to be spent, where that is known. */
  readonly usd?: number;
};

export type AskOptions = {
  /** Default `default`. */
  readonly project?: string;
  /** Base URL of the collector. Default: where spans go. */
  readonly endpoint?: string;
  /** Default: ORCHESCOPE_ACCESS_KEY. */
  readonly accessKey?: string;
  /** After so many milliseconds without an answer the run may go on. Default 1,000. */
  readonly timeoutMs?: number;
};

export type BudgetAnswer = {
  /** False only when a collector said so: one that does not answer stops nobody. */
  readonly allowed: boolean;
  /** One sentence for the log, or for the user who is turned away. */
  readonly reason: string;
  /** What is left of the tightest budget, for `within`; undefined when none is set or nobody answered. */
  readonly budget: Budget | undefined;
};

/**
 * Never throws and never waits longer than `timeoutMs`.
 *
 * @example
 * const { allowed, reason, budget } = await askBudget({ workflow: 'refund' });
 * if (!allowed) throw new Error(reason);
 * await within({ ...(budget && { budget }) }, () => refund(order));
 */
export const askBudget = async (
  spending: Spending,
  options: AskOptions = {},
): Promise<BudgetAnswer> => {
  try {
    const answer = await fetch(toUrl(spending, options), {
      headers: toHeaders(options),
      redirect: 'error',
      signal: AbortSignal.timeout(options.timeoutMs ?? 1_000),
    });
    if (answer.ok) return toAnswer(await answer.json());
    return unknown(`the collector answered ${answer.status}`);
  } catch (error) {
    return unknown(error instanceof Error ? error.message : String(error));
  }
};

const toUrl = ({ usd, ...spending }: Spending, options: AskOptions): string => {
  const base =
    options.endpoint ??
    env('OTEL_EXPORTER_OTLP_ENDPOINT') ??
    env('ORCHESCOPE_ENDPOINT') ??
    'http://127.0.0.1:4318';
  const query = new URLSearchParams({
    project: options.project ?? 'default',
    ...spending,
    // As a plain decimal: 1e-7 is no amount.
    ...(usd !== undefined && { usd: usd.toFixed(12) }),
  });
  return `${base.replace(/\/+$/, '')}/api/budgets/check?${query.toString()}`;
};

const toHeaders = ({
  accessKey = env('ORCHESCOPE_ACCESS_KEY'),
}: AskOptions): Record<string, string> =>
  accessKey === undefined ? {} : { authorization: `Bearer ${accessKey}` };

const toAnswer = (told: unknown): BudgetAnswer => {
  const { allowed, reason, remainingUsd } = Object(told) as Record<string, unknown>;
  const limit = typeof remainingUsd === 'string' ? Number(remainingUsd) : Number.NaN;
  return {
    allowed: allowed !== false,
    reason: typeof reason === 'string' ? reason : '',
    budget: Number.isFinite(limit) ? { unit: 'usd', limit } : undefined,
  };
};

const unknown = (why: string): BudgetAnswer => ({
  allowed: true,
  reason: `No budget was asked: ${why}.`,
  budget: undefined,
});
