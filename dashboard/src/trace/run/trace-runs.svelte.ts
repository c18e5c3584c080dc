/** The runs that the trace on screen is part of, followed while they may still change. */
import { createQuery, useQueryClient } from '@tanstack/svelte-query';
import type { RunDetail } from 'orchescope/contract';
import { readTraceRuns } from '../../api.ts';
import { onLiveSpans } from '../../live.svelte.ts';
import type { ReadRun } from '../../runs/run-words.ts';

export type TraceRun = ReadRun<RunDetail>;

/** A trace is judged when it has been quiet for a moment; after that its run says something new. */
const settleMs = 5_000;
const openRunMs = 10_000;
/** A trace that just arrived has no run yet. It is asked for this often, this many times. */
const awaitedMs = 2_000;
const awaitedTimes = 30;

/** To be called while a component is made; `where` is followed. */
export function followRuns(where: () => { readonly project: string; readonly traceId: string }): {
  readonly runs: readonly TraceRun[];
} {
  const queryClient = useQueryClient();
  const queryKey = $derived(['runs', 'of', where().project, where().traceId]);
  const query = createQuery(() => ({
    queryKey,
    queryFn: async ({ signal }): Promise<TraceRun[]> => {
      const { runs } = await readTraceRuns(where().project, where().traceId, signal);
      const readAtMs = Date.now();
      return runs.map((run) => Object.assign(run, { readAtMs }));
    },
    refetchInterval: ({ state }) => {
      const { data, dataUpdateCount } = state;
      if (data === undefined) return false;
      if (data.length === 0) return dataUpdateCount < awaitedTimes ? awaitedMs : false;
      return data.some(({ endTimeUnixNano }) => endTimeUnixNano === null) ? openRunMs : false;
    },
  }));

  $effect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const key = queryKey;
    const { traceId } = where();
    const stopListening = onLiveSpans(({ traces }) => {
      const isAbout = traces.length === 0 || traces.some((trace) => trace.traceId === traceId);
      if (!isAbout) return;
      clearTimeout(timer);
      timer = setTimeout(() => void queryClient.invalidateQueries({ queryKey: key }), settleMs);
    });
    return () => {
      stopListening();
      clearTimeout(timer);
    };
  });

  return {
    get runs() {
      return query.data ?? [];
    },
  };
}
