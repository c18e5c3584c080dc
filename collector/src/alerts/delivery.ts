/** Door: a message that is to reach a channel, made once and sent until it is there. Plain JSON. Imports nothing. */

/** What a message tells of one group. */
export type MessageAlert = {
  readonly incident: string;
  readonly fingerprint: string;
  readonly group: string;
  readonly state: 'firing' | 'resolved' | 'fired_and_resolved';
  readonly value: number | null;
  readonly threshold: number | null;
  readonly samples: number;
  readonly reason: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /** Trace ids, worst first, at most 5. */
  readonly exemplars: readonly string[];
};

export type DeliveryKind =
  | 'firing'
  | 'resolved'
  | 'fired_and_resolved'
  | 'reminder'
  /** Somebody acknowledged it here: for channels that keep that themselves. */
  | 'acknowledged'
  | 'flapping'
  | 'meta'
  | 'test';

export type AlertMessage = {
  readonly kind: DeliveryKind;
  readonly project: string;
  readonly rule: string;
  readonly title: string;
  readonly description: string;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly metric: string;
  readonly unit: string;
  readonly target: number | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly owner: string;
  readonly runbook: string;
  readonly window: { readonly fromMs: number; readonly toMs: number };
  /** Worst first, at most 100. */
  readonly alerts: readonly MessageAlert[];
  /** Groups that are not listed. */
  readonly overflow: number;
};

export type Delivery = {
  /** Hash of what it tells, to whom: the same whoever makes it, however often. The `webhook-id`. */
  readonly id: string;
  readonly projectId: string;
  readonly ruleId: string;
  readonly channel: string;
  readonly createdAtMs: number;
  /** Orders the deliveries of a rule to a channel: none overtakes. */
  readonly sequence: number;
  readonly message: AlertMessage;
};

/** What became of one attempt. */
export type Attempt =
  | { readonly outcome: 'delivered'; readonly status: number | null }
  /** May go well later; `retryAfterMs` is what the channel asked for. */
  | {
      readonly outcome: 'failed';
      readonly status: number | null;
      readonly message: string;
      readonly retryAfterMs: number | null;
    }
  /** Never goes well like this: what to change, in words. */
  | { readonly outcome: 'refused'; readonly status: number | null; readonly message: string };
