/** The name of a message: the same for the same news, whoever makes it and however often. */
import { createHash } from 'node:crypto';
import type { DeliveryKind } from '../delivery.ts';

export type DeliveryFacts = {
  readonly projectId: string;
  readonly ruleId: string;
  readonly channel: string;
  readonly kind: DeliveryKind;
  /** What it tells, and the evaluation that each of them changed at. */
  readonly news: readonly { readonly id: string; readonly atMs: number }[];
};

export function toDeliveryId({ projectId, ruleId, channel, kind, news }: DeliveryFacts): string {
  const told = news.map(({ id, atMs }) => `${id} ${atMs}`).sort();
  // JSON keeps what senders name from running into what follows.
  const text = JSON.stringify([projectId, ruleId, channel, kind, told]);
  return createHash('sha256').update(text).digest('hex');
}
