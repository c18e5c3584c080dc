/** One span's details, kept for a while: moving through rows comes back to the same spans. */
import type { SpanDetail } from 'orchescope/contract';
import { readSpan } from '../../api.ts';

type SpanQuery = {
  readonly queryKey: readonly ['span', project: string, traceId: string, spanId: string];
  readonly queryFn: (context: { signal: AbortSignal }) => Promise<SpanDetail>;
  readonly staleTime: number;
  readonly structuralSharing: false;
};

export function spanQuery(project: string, traceId: string, spanId: string): SpanQuery {
  return {
    queryKey: ['span', project, traceId, spanId],
    queryFn: ({ signal }) => readSpan(project, traceId, spanId, signal),
    staleTime: 60_000,
    // Comparing megabytes of messages with themselves gains nothing.
    structuralSharing: false,
  };
}
