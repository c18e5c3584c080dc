import { attachWhenLoaded } from './attach-loaded.ts';
import { equipFactories } from './kafkajs.ts';

type Prototype = Parameters<typeof equipFactories>[0];

const attachedKey: unique symbol = Symbol.for('orchescope.sdk.kafkajs.attached') as never;

/** Every producer and consumer is traced as soon as it is made. */
export const attachKafkaJs = (): boolean =>
  attachWhenLoaded('kafkajs', (exports) => {
    const { Kafka } = exports as { Kafka?: { readonly prototype: Prototype } };
    const prototype = Kafka?.prototype;
    if (typeof prototype?.['producer'] !== 'function' || attachedKey in prototype) return;
    Object.defineProperty(prototype, attachedKey, { value: true });
    equipFactories(prototype, {});
  });
