import { findSqlFolder, migrate } from '../../collector/src/store/migrate.ts';
import { fillRuns, type Filling } from '../query/fill-runs.ts';
import { startMeasuredEngine, type MeasuredEngine } from '../storage/measured-engine.ts';

/** Runs of seven days, 20 spans each, the last of which began a minute ago. */
export type RunsStore = { readonly engine: MeasuredEngine; readonly endUnixNano: bigint };

export async function startRunsStore(
  runs: number,
  named: Pick<Filling, 'agents' | 'workflows'> = {},
): Promise<RunsStore> {
  const engine = await startMeasuredEngine();
  await migrate(engine.client, findSqlFolder(), () => undefined);
  const endUnixSeconds = Math.floor(Date.now() / 1000) - 60;
  await fillRuns(engine, { runs, days: 7, endUnixSeconds, ...named });
  await engine.mergesEnd();
  return { engine, endUnixNano: BigInt(endUnixSeconds) * 1_000_000_000n };
}
