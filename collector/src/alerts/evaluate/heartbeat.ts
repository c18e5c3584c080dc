/** Tells somebody outside that rules are evaluated: when it stays away, they tell people what this server cannot. */
import type { AllowList } from '../channels/allow-list.ts';
import { post } from '../channels/outbound.ts';

export type HeartbeatOptions = {
  readonly url: string;
  readonly everyMs: number;
  readonly allow: AllowList;
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void;
};

export type Heartbeat = {
  /** After a round that went well. Never rejects, and nobody has to wait for it. */
  readonly beat: () => Promise<void>;
  readonly close: () => void;
};

const timeoutMs = 10_000;

export function createHeartbeat({ url, everyMs, allow, warn }: HeartbeatOptions): Heartbeat {
  const closing = new AbortController();
  let lastMs = -Infinity;
  let isUnderWay = false;

  async function send(): Promise<void> {
    const { status } = await post(url, {
      headers: { 'content-type': 'application/json' },
      body: '{"status":"ok"}',
      signal: closing.signal,
      allow,
      timeoutMs,
      nowMs: Date.now(),
    });
    if (status < 200 || status > 299) throw new Error(`it answered ${status}`);
  }

  return {
    beat: async () => {
      if (url === '' || isUnderWay || performance.now() - lastMs < everyMs) return;
      lastMs = performance.now();
      isUnderWay = true;
      try {
        await send();
      } catch (error) {
        if (!closing.signal.aborted) warn('the heartbeat was not taken', { error });
      } finally {
        isUnderWay = false;
      }
    },
    close: () => closing.abort(),
  };
}
