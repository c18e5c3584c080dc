import { metricSources, type MetricSource } from '../../collector/src/store/metric-sources.ts';

export type RuleRead = {
  readonly source: MetricSource;
  readonly name: string;
  readonly groupBy: string;
  readonly direction: 'above' | 'below';
  readonly windowMinutes: number;
  readonly minSamples: number;
};

const rule = (
  name: keyof typeof metricSources,
  groupBy: string,
  windowMinutes: number,
  minSamples: number,
  direction: RuleRead['direction'] = 'above',
): RuleRead => ({
  source: metricSources[name],
  name,
  groupBy,
  direction,
  windowMinutes,
  minSamples,
});

/** What the seven rules that are shipped read. */
export const sevenRules: readonly RuleRead[] = [
  rule('agent_latency', 'agent', 5, 20),
  rule('error_rate', 'agent', 10, 50),
  rule('token_cost_per_task', 'workflow', 60, 20),
  rule('loop_rate', 'workflow', 30, 50),
  rule('handoff_success', 'handoff', 30, 20, 'below'),
  rule('end_to_end_latency', 'workflow', 10, 20),
  rule('breaker_opens', 'breaker', 60, 1),
];
