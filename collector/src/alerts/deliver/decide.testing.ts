/** Stores messages as an evaluation does. */
import type { ClickHouseClient } from '@clickhouse/client';
import { writeEvaluations } from '../../store/alert-log.ts';
import type { Delivery } from '../delivery.ts';

/** One evaluation, of the rule and the time of the first. Resolves when it is on disk. */
export async function decide(
  client: ClickHouseClient,
  deliveries: readonly Delivery[],
): Promise<void> {
  const [first] = deliveries;
  if (first === undefined) return;
  const { projectId, ruleId, createdAtMs, id } = first;
  const evaluation = {
    projectId,
    ruleId,
    evalAtMs: createdAtMs,
    term: 1,
    ruleHash: '',
    state: 'firing' as const,
    groupCount: 1,
    firingCount: 1,
    overflow: 0,
    worstGroup: '',
    worstValue: null,
    threshold: null,
    samples: 0,
    error: '',
    ruleState: null,
    events: [],
    deliveries,
  };
  await writeEvaluations(client, [evaluation], `decided ${id}`);
}
