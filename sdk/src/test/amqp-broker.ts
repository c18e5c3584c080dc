import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { dirname, join } from 'node:path';

type Fields = Record<string, unknown>;
type Frame = { readonly id?: number; readonly channel: number; readonly content?: Buffer };
type Method = Frame & { readonly fields: Fields; readonly size?: number };

// The client's own codec, from the other side of the wire.
const require = createRequire(import.meta.url);
const lib = (file: string): unknown =>
  require(join(dirname(require.resolve('amqplib')), 'lib', file));
const defs = lib('defs.js') as {
  info: (id: number) => { readonly name: string };
  encodeMethod: (id: number, channel: number, fields: Fields) => Buffer;
  encodeProperties: (id: number, channel: number, size: number, fields: Fields) => Buffer;
} & { readonly [method: string]: number };
const frames = lib('frame.js') as {
  parseFrame: (bytes: Buffer, max: number) => false | { readonly rest: Buffer };
  decodeFrame: (frame: object) => Method;
  makeBodyFrame: (channel: number, content: Buffer) => Buffer;
};
const basicClass = 60;

type Message = {
  readonly exchange: string;
  readonly routingKey: string;
  readonly properties: Fields;
  readonly content: Buffer;
  readonly redelivered: boolean;
};
type Consumer = {
  readonly session: Session;
  readonly channel: number;
  readonly tag: string;
  readonly noAck: boolean;
};
type Queue = {
  readonly args: Fields;
  readonly messages: Message[];
  readonly consumers: Consumer[];
};
type Death = Fields & { count: number };

export type AmqpBroker = { readonly url: string; readonly stop: () => Promise<void> };

/** As much of RabbitMQ as a queue with confirms, dead letters and delays by a time to live needs; it forgets everything. */
export const startAmqpBroker = async (): Promise<AmqpBroker> => {
  const broker = new Broker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    new Session(socket, broker).start();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `amqp://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
};

class Broker {
  readonly queues = new Map<string, Queue>();
  /** Exchange -> its bindings; every exchange is a direct one, or a fanout where the pattern is empty. */
  readonly exchanges = new Map<string, { queue: string; pattern: string }[]>();

  publish(message: Message): boolean {
    const { exchange, routingKey } = message;
    if (exchange !== '' && !this.exchanges.has(exchange)) return false;
    const to =
      exchange === ''
        ? [routingKey]
        : (this.exchanges.get(exchange) ?? [])
            .filter(({ pattern }) => pattern === '' || pattern === routingKey)
            .map(({ queue }) => queue);
    for (const name of to) this.enqueue(name, message);
    return true;
  }

  enqueue(name: string, message: Message): void {
    const queue = this.queues.get(name);
    if (!queue) return;
    queue.messages.push(message);
    const ttlMs = queue.args['x-message-ttl'];
    if (typeof ttlMs === 'number') setTimeout(() => this.expire(name, message), ttlMs);
    this.deliver(name);
  }

  deliver(name: string): void {
    const queue = this.queues.get(name);
    while (queue?.messages.length && queue.consumers.length) {
      const [message] = queue.messages.splice(0, 1);
      const [consumer] = queue.consumers.splice(0, 1);
      if (!message || !consumer) return;
      queue.consumers.push(consumer);
      consumer.session.deliver(name, consumer, message);
    }
  }

  deadLetter(name: string, message: Message, reason: string): void {
    const args = this.queues.get(name)?.args ?? {};
    const exchange = args['x-dead-letter-exchange'];
    if (typeof exchange !== 'string') return;
    const routingKey = String(args['x-dead-letter-routing-key'] ?? message.routingKey);
    const headers = withDeath(message, name, reason);
    const properties = { ...message.properties, headers };
    this.publish({ ...message, exchange, routingKey, properties, redelivered: false });
  }

  private expire(name: string, message: Message): void {
    const messages = this.queues.get(name)?.messages ?? [];
    const at = messages.indexOf(message);
    if (at < 0) return;
    messages.splice(at, 1);
    this.deadLetter(name, message, 'expired');
  }
}

const withDeath = (
  { properties, exchange, routingKey }: Message,
  queue: string,
  reason: string,
): Fields => {
  const headers = (properties['headers'] ?? {}) as Fields;
  const deaths = (headers['x-death'] ?? []) as Death[];
  const same = deaths.find((death) => death['queue'] === queue && death['reason'] === reason);
  const time = { '!': 'timestamp', value: Math.floor(Date.now() / 1000) };
  const count = (same?.count ?? 0) + 1;
  const death = { count, reason, queue, time, exchange, 'routing-keys': [routingKey] };
  return { ...headers, 'x-death': [death, ...deaths.filter((each) => each !== same)] };
};

type Channel = {
  confirms: boolean;
  published: number;
  delivered: number;
  incoming: { fields: Fields; properties: Fields; size: number; content: Buffer[] } | undefined;
  readonly unacked: Map<number, { queue: string; message: Message }>;
};

class Session {
  private readonly socket: Socket;
  private readonly broker: Broker;
  private readonly channels = new Map<number, Channel>();
  private bytes: Buffer = Buffer.alloc(0);
  private greeted = false;

  constructor(socket: Socket, broker: Broker) {
    this.socket = socket;
    this.broker = broker;
  }

  start(): void {
    this.socket.setNoDelay(true);
    this.socket.on('data', (bytes) => this.read(Buffer.concat([this.bytes, bytes])));
    this.socket.on('error', () => this.socket.destroy());
  }

  deliver(queue: string, { channel: id, tag, noAck }: Consumer, message: Message): void {
    const channel = this.channel(id);
    const deliveryTag = ++channel.delivered;
    if (!noAck) channel.unacked.set(deliveryTag, { queue, message });
    const { exchange, routingKey, redelivered, content } = message;
    this.send('BasicDeliver', id, {
      consumerTag: tag,
      deliveryTag,
      redelivered,
      exchange,
      routingKey,
    });
    this.socket.write(defs.encodeProperties(basicClass, id, content.length, message.properties));
    if (content.length > 0) this.socket.write(frames.makeBodyFrame(id, content));
  }

  private read(bytes: Buffer): void {
    this.bytes = bytes;
    if (!this.greeted && bytes.length >= 8) {
      this.greeted = true;
      this.bytes = bytes.subarray(8);
      const serverProperties = { product: 'test' };
      const start = { versionMajor: 0, versionMinor: 9, serverProperties };
      this.send('ConnectionStart', 0, {
        ...start,
        mechanisms: Buffer.from('PLAIN'),
        locales: Buffer.from('en_US'),
      });
    }
    for (;;) {
      const frame = this.greeted && frames.parseFrame(this.bytes, 0);
      if (!frame) return;
      this.bytes = frame.rest;
      this.receive(frames.decodeFrame(frame));
    }
  }

  private receive(frame: Method): void {
    const channel = this.channel(frame.channel);
    if (frame.content) channel.incoming?.content.push(frame.content);
    else if (frame.id === basicClass) {
      if (channel.incoming)
        Object.assign(channel.incoming, { properties: frame.fields, size: frame.size });
    } else if (frame.id !== undefined) {
      this.act(defs.info(frame.id).name, frame.channel, frame.fields);
      return;
    }
    const { incoming } = channel;
    const got = incoming?.content.reduce((sum, part) => sum + part.length, 0);
    if (incoming && incoming.size === got) this.publish(frame.channel, channel);
  }

  private publish(id: number, channel: Channel): void {
    const { fields, properties, content } = channel.incoming ?? {};
    channel.incoming = undefined;
    const message = {
      exchange: String(fields?.['exchange']),
      routingKey: String(fields?.['routingKey']),
      properties: Object.fromEntries(
        Object.entries(properties ?? {}).filter(([, value]) => value !== undefined),
      ),
      content: Buffer.concat(content ?? []),
      redelivered: false,
    };
    channel.published += 1;
    if (!this.broker.publish(message)) {
      const replyText = `NOT_FOUND - no exchange '${message.exchange}'`;
      this.send('ChannelClose', id, { replyCode: 404, replyText, classId: 60, methodId: 40 });
    } else if (channel.confirms)
      this.send('BasicAck', id, { deliveryTag: channel.published, multiple: false });
  }

  private act(method: string, id: number, fields: Fields): void {
    const { queues, exchanges } = this.broker;
    const channel = this.channel(id);
    const queue = String(fields['queue']);
    const answer = (name: string, told: Fields = {}) => this.send(name, id, told);
    if (method === 'ConnectionStartOk')
      answer('ConnectionTune', { channelMax: 100, frameMax: 131_072, heartbeat: 0 });
    else if (method === 'ConnectionOpen') answer('ConnectionOpenOk');
    else if (method === 'ConnectionClose') answer('ConnectionCloseOk');
    else if (method === 'ChannelOpen') answer('ChannelOpenOk');
    else if (method === 'ChannelClose') {
      answer('ChannelCloseOk');
      this.leave(id, channel);
    } else if (method === 'QueueDeclare') {
      if (!queues.has(queue))
        queues.set(queue, { args: fields['arguments'] as Fields, messages: [], consumers: [] });
      answer('QueueDeclareOk', { queue, messageCount: 0, consumerCount: 0 });
    } else if (method === 'ExchangeDeclare') {
      exchanges.set(String(fields['exchange']), []);
      answer('ExchangeDeclareOk');
    } else if (method === 'QueueBind') {
      const pattern = String(fields['routingKey']);
      exchanges.get(String(fields['exchange']))?.push({ queue, pattern });
      answer('QueueBindOk');
    } else if (method === 'BasicQos') answer('BasicQosOk');
    else if (method === 'ConfirmSelect') {
      channel.confirms = true;
      answer('ConfirmSelectOk');
    } else if (method === 'BasicConsume') {
      const tag = String(fields['consumerTag'] || `ctag-${id}-${queue}`);
      answer('BasicConsumeOk', { consumerTag: tag });
      queues
        .get(queue)
        ?.consumers.push({ session: this, channel: id, tag, noAck: fields['noAck'] === true });
      this.broker.deliver(queue);
    } else if (method === 'BasicPublish')
      channel.incoming = { fields, properties: {}, size: -1, content: [] };
    else if (method === 'BasicAck' || method === 'BasicNack' || method === 'BasicReject')
      this.settle(channel, fields, method === 'BasicAck' ? undefined : fields['requeue'] === true);
  }

  private settle(channel: Channel, fields: Fields, requeue: boolean | undefined): void {
    const upTo = Number(fields['deliveryTag']);
    for (const [tag, { queue, message }] of channel.unacked) {
      if (fields['multiple'] === true ? upTo !== 0 && tag > upTo : tag !== upTo) continue;
      channel.unacked.delete(tag);
      if (requeue === true) this.broker.enqueue(queue, { ...message, redelivered: true });
      else if (requeue === false) this.broker.deadLetter(queue, message, 'rejected');
    }
  }

  /** What was not acknowledged goes back to its queue. */
  private leave(id: number, channel: Channel): void {
    for (const { consumers } of this.broker.queues.values())
      consumers.splice(
        0,
        consumers.length,
        ...consumers.filter((one) => one.session !== this || one.channel !== id),
      );
    for (const { queue, message } of channel.unacked.values())
      this.broker.enqueue(queue, { ...message, redelivered: true });
    this.channels.delete(id);
  }

  private channel(id: number): Channel {
    const known = this.channels.get(id);
    if (known) return known;
    const unacked: Channel['unacked'] = new Map();
    const made: Channel = {
      confirms: false,
      published: 0,
      delivered: 0,
      incoming: undefined,
      unacked,
    };
    this.channels.set(id, made);
    return made;
  }

  private send(method: string, channel: number, fields: Fields): void {
    const id = defs[method];
    if (id !== undefined) this.socket.write(defs.encodeMethod(id, channel, fields));
  }
}
