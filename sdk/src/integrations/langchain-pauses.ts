import type { SpanContext } from '@opentelemetry/api';
import { at } from './json.ts';

export type Pause = { readonly span: SpanContext; readonly runId: string | undefined };

const pausesAtMost = 1_000;

/** Graphs of this process that wait to be resumed, by thread and checkpoint; the oldest are forgotten first. */
export class Pauses {
  private readonly waiting = new Map<string, Pause & { readonly checkpointId: string }>();

  add(threadId: string | undefined, checkpointId: string, pause: Pause): void {
    if (threadId === undefined) return;
    this.waiting.delete(threadId);
    this.waiting.set(threadId, { ...pause, checkpointId });
    const [oldest] = this.waiting.keys();
    if (this.waiting.size > pausesAtMost && oldest !== undefined) this.waiting.delete(oldest);
  }

  /** The pause of a thread, when these inputs go on with it: `null` or a `Command`. */
  of(threadId: string | undefined, inputs: unknown): Pause | undefined {
    const goesOn = inputs === null || at(inputs, 'lg_name') === 'Command';
    return goesOn && threadId !== undefined ? this.waiting.get(threadId) : undefined;
  }

  /** Nothing when the graph goes on from another checkpoint. */
  take(threadId: string | undefined, checkpointId: string): Pause | undefined {
    const pause = threadId === undefined ? undefined : this.waiting.get(threadId);
    if (threadId === undefined || pause?.checkpointId !== checkpointId) return undefined;
    this.waiting.delete(threadId);
    return pause;
  }
}
