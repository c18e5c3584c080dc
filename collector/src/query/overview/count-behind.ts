import { readRunCounts } from '../../store/overview/count-runs.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { RunScope } from '../../store/runs-sql.ts';
import { toRunConditions } from '../run-filter.ts';

export type Link = {
  readonly runsFilter: string;
  /** Where the list begins, when that is later than the range does. */
  readonly fromUnixNano?: bigint;
};

/** How many runs are behind each link: asked by the very filter of it, so that the list shows as many. */
export function countBehind(
  reader: Reader,
  projectId: string,
  scope: RunScope,
  links: readonly Link[],
): Promise<number[]> {
  const asks = links.map(({ runsFilter, fromUnixNano = scope.fromUnixNano }, at) => ({
    conditions: toRunConditions(runsFilter, `link${at}_`),
    fromUnixNano,
  }));
  return readRunCounts(reader, projectId, scope, asks);
}
