/** Hears of spans as they become visible. One connection a project, opened again when it breaks. */
import type { LiveSpans } from 'orchescope/contract';
import { liveUrl } from './api.ts';

export type LiveState = 'connecting' | 'open' | 'lost';
type Listener = (spans: LiveSpans) => void;

const firstRetryMs = 1000;
const longestRetryMs = 8_000;

let state = $state<LiveState>('connecting');
const listeners = new Set<Listener>();

export const live = {
  get state(): LiveState {
    return state;
  },
};

/** Calls `listener` for every event until the returned function is called. */
export function onLiveSpans(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Follows a project. Returns what stops it. */
export function startLive(project: string): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let retryMs = firstRetryMs;
  let missed = false;

  const open = (): void => {
    source = new EventSource(liveUrl(project));
    source.addEventListener('hello', () => {
      state = 'open';
      retryMs = firstRetryMs;
      // Spans may have arrived while nobody listened.
      if (missed) tell({ traces: [], spanCount: 0 });
      missed = false;
    });
    source.addEventListener('spans', (event) => tell(JSON.parse(event.data) as LiveSpans));
    source.addEventListener('error', retry);
  };
  const retry = (): void => {
    state = 'lost';
    missed = true;
    source?.close();
    timer = setTimeout(open, retryMs);
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  };

  state = 'connecting';
  open();
  return () => {
    source?.close();
    if (timer !== null) clearTimeout(timer);
  };
}

function tell(spans: LiveSpans): void {
  for (const listener of listeners) listener(spans);
}
