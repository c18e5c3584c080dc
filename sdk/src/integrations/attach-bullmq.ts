import { attachWhenLoaded } from './attach-loaded.ts';
import { traced, type BullMq } from './bullmq.ts';

type Method = (this: BullMq, ...args: unknown[]) => unknown;
type Class = { readonly prototype: Record<string, Method | undefined> };

/** Every queue, worker and flow producer is traced when it first does something. */
export const attachBullMq = (): boolean =>
  attachWhenLoaded('bullmq', (exports) => {
    const { QueueBase, FlowProducer } = exports as { QueueBase?: Class; FlowProducer?: Class };
    traceBefore(QueueBase, 'trace');
    for (const method of ['add', 'addBulk']) traceBefore(FlowProducer, method);
  });

const attachedKey: unique symbol = Symbol.for('orchescope.sdk.bullmq') as never;

const traceBefore = (owner: Class | undefined, name: string): void => {
  const method = owner?.prototype[name];
  if (!owner || typeof method !== 'function' || attachedKey in method) return;
  const tracing: Method = function (...args) {
    return method.apply(traced(this), args);
  };
  owner.prototype[name] = Object.assign(tracing, { [attachedKey]: true });
};
