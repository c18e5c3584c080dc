/** Tells readers which traces received spans, at most twice a second each, however much arrives. */
import type { LiveSpans } from '../contract.ts';

export type LiveFilter = { readonly projectId: string; readonly traceId: string | null };

/** So many spans of one trace. */
export type TraceNews = {
  readonly projectId: string;
  readonly traceId: string;
  readonly spanCount: number;
};

export type LiveFeed = {
  /** Call it when the spans are visible to queries. */
  readonly publish: (news: readonly TraceNews[]) => void;
  /** `onSpans` runs at most twice a second; the first news goes out at once. Returns the function that ends it. */
  readonly subscribe: (
    filter: LiveFilter,
    onSpans: (news: LiveSpans) => void,
    onEnd?: () => void,
  ) => () => void;
  readonly subscriberCount: () => number;
  /** Ends every subscription. */
  readonly close: () => void;
};

const intervalMs = 500;
/** Beyond these only the count grows: what a subscriber holds stays small. */
const maxNamedTraces = 500;

type Subscriber = {
  readonly notice: (news: readonly TraceNews[]) => void;
  readonly end: () => void;
};

export function createLiveFeed(): LiveFeed {
  const subscribers = new Set<Subscriber>();
  return {
    publish: (news) => {
      for (const subscriber of subscribers) subscriber.notice(news);
    },
    subscribe: (filter, onSpans, onEnd) => {
      const throttle = createThrottle(filter, onSpans);
      const stop = (): void => {
        throttle.stop();
        subscribers.delete(subscriber);
      };
      const end = (): void => {
        stop();
        onEnd?.();
      };
      const subscriber = { notice: throttle.notice, end };
      subscribers.add(subscriber);
      return stop;
    },
    subscriberCount: () => subscribers.size,
    close: () => {
      for (const subscriber of subscribers) subscriber.end();
    },
  };
}

function createThrottle(filter: LiveFilter, onSpans: (news: LiveSpans) => void) {
  let counts = new Map<string, number>();
  let spanCount = 0;
  let timer: NodeJS.Timeout | undefined;

  function notice(news: readonly TraceNews[]): void {
    for (const trace of news) {
      if (trace.projectId !== filter.projectId) continue;
      if (filter.traceId !== null && trace.traceId !== filter.traceId) continue;
      spanCount += trace.spanCount;
      const known = counts.get(trace.traceId);
      if (known !== undefined) counts.set(trace.traceId, known + trace.spanCount);
      else if (counts.size < maxNamedTraces) counts.set(trace.traceId, trace.spanCount);
    }
    if (timer === undefined) send();
  }

  function send(): void {
    timer = undefined;
    if (spanCount === 0) return;
    const news = {
      traces: Array.from(counts, ([traceId, spanCount]) => ({ traceId, spanCount })),
      spanCount,
    };
    counts = new Map();
    spanCount = 0;
    timer = setTimeout(send, intervalMs);
    onSpans(news);
  }

  return { notice, stop: () => clearTimeout(timer) };
}
