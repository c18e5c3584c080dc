/**
 * A swarm over an event log: nobody is in charge, agents react to what is in the log and add to it.
 *
 * An agent says which entries it reacts to. What it finds out becomes an entry that others react to. Two agents that
 * write the same key on the ground of the same entry are in conflict: one rule resolves it, here the higher confidence,
 * and nobody reacts to the loser. The swarm rests when no entry is left without a reaction.
 *
 * You will see one `process` a reaction, linked `caused_by` to the span that appended the entry, and the event `appended`
 * with the version where something new came. The alert makes two agents write `cause`: below the second one a step
 * `resolve`, and the event `conflict` says who won.
 */
import { emit, init, run, carrier, type Carrier } from '@orchescope/sdk';
import { createFakeModel } from './fake-model.ts';

init({ serviceName: 'reactive-swarm' });

type Claim = {
  readonly by: string;
  readonly key: string;
  readonly value: string;
  readonly confidence: number;
  /** Version of the entry it reacts to; 0 for what came from outside. */
  readonly ground: number;
};
/** A claim in the log, with its place and the span that put it there. */
type Entry = Claim & { readonly version: number; readonly trace: Carrier };
type Member = {
  readonly name: string;
  readonly reactsTo: string;
  readonly writes: string;
  readonly think: (value: string) => Promise<string>;
};

const stream = 'incident';
const entriesAtMost = 20;

class EventLog {
  readonly entries: Entry[] = [];
  private readonly refuted = new Set<Entry>();

  isValid(entry: Entry): boolean {
    return !this.refuted.has(entry);
  }

  write(claim: Claim): void {
    const { key, ground } = claim;
    const rival = this.entries.find(
      (entry) => entry.key === key && entry.ground === ground && this.isValid(entry),
    );
    if (rival) this.resolve(claim, rival);
    else this.append(claim);
  }

  /** The more confident one wins, the earlier one among equals. */
  private resolve(claim: Claim, rival: Entry): void {
    run({ kind: 'step', name: 'resolve', type: 'resolve' }, (op) => {
      const winner = claim.confidence > rival.confidence ? claim : rival;
      const strategy = 'highest_confidence';
      op.emit({ type: 'conflict', key: claim.key, strategy, winner: winner.by });
      if (winner === rival) return;
      this.refuted.add(rival);
      this.append(claim);
    });
  }

  private append(claim: Claim): void {
    const version = this.entries.length + 1;
    this.entries.push({ ...claim, version, trace: carrier() });
    emit({ type: 'appended', stream, version, event: claim.key });
  }
}

const react = ({ name, writes, think }: Member, entry: Entry, log: EventLog): Promise<void> => {
  const links = [{ to: entry.trace, rel: 'caused_by' as const }];
  return run({ kind: 'process', name, system: 'event-log', destination: stream, links }, () =>
    run({ kind: 'agent', name, role: 'member' }, async () => {
      const [value = '', confidence = '1'] = (await think(entry.value)).split(' @');
      const ground = entry.version;
      log.write({ by: name, key: writes, value, confidence: Number(confidence), ground });
    }),
  );
};

const swarm = (alert: string, members: readonly Member[]): Promise<readonly Entry[]> =>
  run({ kind: 'workflow', name: 'incident', pattern: 'swarm' }, async (op) => {
    const log = new EventLog();
    log.write({ by: 'monitor', key: 'alert', value: alert, confidence: 1, ground: 0 });
    for (const entry of log.entries) {
      if (log.entries.length > entriesAtMost) {
        op.emit({ type: 'terminate', reason: 'max_entries' });
        op.set({ outcome: 'terminated' });
        break;
      }
      const concerned = members.filter(({ reactsTo }) => reactsTo === entry.key);
      if (log.isValid(entry)) await Promise.all(concerned.map((each) => react(each, entry, log)));
    }
    return log.entries;
  });

const member = (
  name: string,
  reactsTo: string,
  writes: string,
  rule: (value: string) => string,
): Member => ({ name, reactsTo, writes, think: createFakeModel(rule) });

const entries = await swarm('checkout answers slowly', [
  member('log-reader', 'alert', 'cause', () => 'the disk is full @0.6'),
  member('metric-reader', 'alert', 'cause', () => 'a query without an index @0.9'),
  member('clerk', 'alert', 'notice', (alert) => `We know that ${alert}.`),
  member('fixer', 'cause', 'action', (cause) => `for ${cause}: add the index`),
  member('checker', 'action', 'result', () => 'checkout is fast again'),
]);
for (const { version, by, key, value } of entries) console.log(`${version} ${by} ${key}: ${value}`);
