/**
 * Peers: agents that send each other messages, with nobody above them.
 *
 * Each peer has a mailbox and rules of its own for what it answers. Nobody knows the whole; they are done when no
 * message is left, and bounded by how often the one who asks will ask.
 *
 * You will see each message twice: as a `send` of one peer, and as the `process` of another with its agent span below,
 * linked `caused_by` to the send. An answer is a `send` of its own with a link `replies_to` to the message it answers.
 * The graph of who talks to whom comes from these pairs.
 */
import { init, run, type Carrier } from '@orchescope/sdk';

init({ serviceName: 'peer-to-peer' });

type Content =
  | { readonly type: 'propose'; readonly hour: number }
  | { readonly type: 'accept'; readonly hour: number }
  | { readonly type: 'decline'; readonly hour: number; readonly free: readonly number[] };
type Message = {
  readonly from: string;
  readonly content: Content;
  /** The span of its sending: whoever answers links to it. */
  readonly trace: Carrier;
};
type Post = (to: string, content: Content, answerTo?: Message) => void;
type Peer = { readonly name: string; readonly receive: (message: Message, post: Post) => void };

const system = 'inproc';

class Network {
  private readonly waiting: { readonly to: string; readonly message: Message }[] = [];

  postFrom(from: string): Post {
    return (to, content, answerTo) => {
      const links = answerTo ? [{ to: answerTo.trace, rel: 'replies_to' as const }] : [];
      run({ kind: 'send', name: content.type, system, destination: to, links }, (op) =>
        this.waiting.push({ to, message: { from, content, trace: op.carrier() } }),
      );
    };
  }

  /** Delivers one message after the other until nobody has anything more to say. */
  async deliverAll(peers: readonly Peer[]): Promise<number> {
    let delivered = 0;
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      const { to, message } = next;
      const peer = peers.find(({ name }) => name === to);
      const name = message.content.type;
      const links = [{ to: message.trace, rel: 'caused_by' as const }];
      run({ kind: 'process', name, system, destination: to, links }, () =>
        run({ kind: 'agent', name: to, role: 'peer' }, () =>
          peer?.receive(message, this.postFrom(to)),
        ),
      );
      delivered++;
      await Promise.resolve();
    }
    return delivered;
  }
}

/** Says yes where it is free, else when it would be. */
const guest = (name: string, free: readonly number[]): Peer => ({
  name,
  receive: (message, post) => {
    const { type, hour } = message.content;
    if (type !== 'propose') return;
    const answer: Content = free.includes(hour)
      ? { type: 'accept', hour }
      : { type: 'decline', hour, free };
    post(message.from, answer, message);
  },
});

/** Proposes an hour to all; when one declines, the next hour that everyone heard from has free. */
class Host implements Peer {
  readonly name = 'host';
  agreedHour: number | undefined;
  private readonly guests: readonly string[];
  private hours: number[];
  private readonly accepted = new Set<string>();

  constructor(hours: readonly number[], guests: readonly string[]) {
    this.hours = [...hours];
    this.guests = guests;
  }

  propose(post: Post, answerTo?: Message): void {
    const [hour] = this.hours;
    this.accepted.clear();
    if (hour === undefined) return;
    for (const name of this.guests) post(name, { type: 'propose', hour }, answerTo);
  }

  receive(message: Message, post: Post): void {
    const { content, from } = message;
    // An answer to an hour that is off the table already.
    if (content.hour !== this.hours[0]) return;
    if (content.type === 'accept') this.accepted.add(from);
    if (this.accepted.size === this.guests.length) this.agreedHour = content.hour;
    if (content.type !== 'decline') return;
    this.hours = this.hours.filter((hour) => content.free.includes(hour));
    this.propose(post, message);
  }
}

const host = new Host([9, 10, 14, 16], ['bea', 'carl']);
const peers = [host, guest('bea', [10, 14, 16]), guest('carl', [9, 14, 16])];
const delivered = await run({ kind: 'workflow', name: 'find-an-hour', pattern: 'peer' }, () => {
  const network = new Network();
  run({ kind: 'agent', name: host.name, role: 'peer' }, () =>
    host.propose(network.postFrom(host.name)),
  );
  return network.deliverAll(peers);
});
console.log(`agreed on ${host.agreedHour} o'clock after ${delivered} messages`);
