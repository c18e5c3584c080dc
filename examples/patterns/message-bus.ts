/**
 * A message bus with a dead letter queue: what cannot be processed is set aside and does not hold up the rest.
 *
 * A message that fails goes to the end of the queue and is tried again, a few times. One that fails every time, a
 * poison message, ends in the dead letter queue with the reason, for a person to look at.
 *
 * You will see the run that publishes, with a `send` span a message, and each `process` in a trace of its own, linked
 * `caused_by` to the send: a consumer may run hours later, elsewhere. It says which attempt it is and how long the
 * message waited. The poison message fails three times; the last attempt has the event `dead_letter` and the `send` to
 * `orders.dead`, which someone reads later.
 */
import { emit, init, run, type Carrier } from '@orchescope/sdk';
import { createVirtualClock } from './virtual-clock.ts';

init({ serviceName: 'message-bus' });

type Message = {
  readonly id: string;
  readonly body: string;
  readonly trace: Carrier;
  readonly sentAtMs: number;
  readonly attempt: number;
};
type Handler = (body: string) => Promise<void>;

const system = 'inproc';
const attemptsAtMost = 3;
const clock = createVirtualClock();

class Bus {
  private readonly queues = new Map<string, Message[]>();

  publish(destination: string, body: string, id: string): void {
    const spec = { kind: 'send', name: 'publish', system, destination, messageId: id } as const;
    run(spec, (op) => {
      const trace = op.carrier();
      this.queue(destination).push({ id, body, trace, sentAtMs: clock.now(), attempt: 1 });
    });
  }

  /** Works until the queue is empty. A real consumer waits for more. */
  async consume(destination: string, handler: Handler): Promise<void> {
    const queue = this.queue(destination);
    for (let message = queue.shift(); message; message = queue.shift()) {
      const again = await this.deliver(destination, message, handler);
      if (again) queue.push(again);
    }
  }

  /** The message to try again; undefined when it is done with, one way or the other. */
  private async deliver(
    destination: string,
    message: Message,
    handler: Handler,
  ): Promise<Message | undefined> {
    const { id, body, attempt, trace } = message;
    let again: Message | undefined;
    const spec = {
      kind: 'process',
      name: 'consume',
      system,
      destination,
      messageId: id,
      attempt,
      queuedMs: clock.now() - message.sentAtMs,
      parent: null,
      links: [{ to: trace, rel: 'caused_by' }],
    } as const;
    const processed = run(spec, async () => {
      try {
        await handler(body);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (attempt < attemptsAtMost) {
          again = { ...message, attempt: attempt + 1 };
          emit({ type: 'retry', attempt, max: attemptsAtMost, reason });
        } else {
          const target = `${destination}.dead`;
          emit({ type: 'dead_letter', destination: target, reason, attempts: attempt });
          this.publish(target, body, id);
        }
        throw error;
      }
    });
    // The span tells of the failure; the consumer lives on.
    await processed.catch(() => undefined);
    return again;
  }

  private queue(destination: string): Message[] {
    const queue = this.queues.get(destination) ?? [];
    this.queues.set(destination, queue);
    return queue;
  }
}

class MalformedOrderError extends Error {}
class PaymentTimeoutError extends Error {}

const bus = new Bus();
run({ kind: 'workflow', name: 'take-orders' }, () => {
  for (const [i, body] of ['item=lamp', 'item:lamp', 'item=desk'].entries())
    bus.publish('orders', body, `m-${i + 1}`);
});

const packed: string[] = [];
let timeoutsToCome = 1;
await bus.consume('orders', (body) =>
  run({ kind: 'agent', name: 'packer' }, async () => {
    await clock.sleep(250);
    const [, item] = /^item=(\w+)$/.exec(body) ?? [];
    if (item === undefined) throw new MalformedOrderError(`cannot read ${body}`);
    if (item === 'desk' && timeoutsToCome-- > 0)
      throw new PaymentTimeoutError('the bank does not answer');
    packed.push(item);
  }),
);
console.log('packed:', packed.join(', '));
await bus.consume('orders.dead', async (body) => console.log('dead letter:', body));
