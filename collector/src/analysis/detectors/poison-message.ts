import type { Finding, Threshold } from '../../run.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { labelOf } from './names.ts';
import { hasFailed, isOfKind, numberOf, textOf } from './siblings.ts';
import { nameOr, plural, toList, toName, toTimes } from './text.ts';
import { toFinding } from './to-finding.ts';
import { inBrackets, wasteOf } from './waste.ts';

type Message = {
  /** Empty where the sender gave none. */
  readonly id: string;
  readonly queue: string;
  readonly deliveries: RunNode[];
  /** Where it was put aside, with how often it had been tried. */
  readonly deadLetters: {
    readonly node: RunNode;
    readonly to: string;
    readonly attempts: number | null;
  }[];
};

export const poisonMessageDetector = defineDetector({
  kind: 'poison_message',
  thresholds: {
    deliveries: {
      default: 3,
      min: 2,
      max: 10_000,
      unit: 'count',
      description:
        'Deliveries of one message that failed, none of them followed by one that did not.',
    },
    deadLetters: {
      default: 1,
      min: 1,
      max: 100_000,
      unit: 'count',
      description: 'Messages of one queue that were put aside as dead letters.',
    },
  },
  detect(input, { deliveries, deadLetters }) {
    return [...Map.groupBy(toMessages(input.tree), ({ queue }) => queue).values()].flatMap(
      (all) => {
        const dead = all.filter((message) => message.deadLetters.length > 0);
        const stuck = all.filter((message) => failuresOf(message).length >= deliveries);
        const least: Threshold = { name: 'deadLetters', value: deadLetters, measured: dead.length };
        if (dead.length >= deadLetters) return [toPoison('dead_letter', dead, least, input)];
        const most = Math.max(
          0,
          ...stuck.slice(0, 1000).map((message) => failuresOf(message).length),
        );
        const tries: Threshold = { name: 'deliveries', value: deliveries, measured: most };
        return stuck.length > 0 ? [toPoison('redelivered', stuck, tries, input)] : [];
      },
    );
  },
});

/** None of a message whose last delivery went well, or goes on. */
function failuresOf({ deliveries, deadLetters }: Message): readonly RunNode[] {
  const last = deliveries.at(-1);
  const isOver = last === undefined || hasFailed(last) || deadLetters.length > 0;
  return isOver ? deliveries.filter(hasFailed) : [];
}

function toMessages(tree: RunTree): readonly Message[] {
  const messages = new Map<string, Message>();
  for (const node of tree.nodes) {
    const isTaken = isDelivery(node);
    const letters = node.span.events.filter(({ name }) => name === 'orchescope.dead_letter');
    if (!isTaken && letters.length === 0) continue;
    const { key, id } = identify(tree, node);
    const queue = nameQueue(node);
    const fresh: Message = { id, queue, deliveries: [], deadLetters: [] };
    const message = messages.get(`${queue} ${key}`) ?? fresh;
    messages.set(`${queue} ${key}`, message);
    if (isTaken) message.deliveries.push(node);
    for (const { attributes } of letters) {
      const to = textOf(attributes, 'orchescope.dead_letter.destination');
      const attempts = numberOf(attributes, 'orchescope.dead_letter.attempts');
      message.deadLetters.push({ node, to, attempts });
    }
  }
  return [...messages.values()];
}

const consumer = 5;

/** To receive or to acknowledge is not yet to work on it. */
function isDelivery(node: RunNode): boolean {
  const { rawKind, otelKind } = node.span;
  if (!isOfKind(node, 'queue')) return false;
  return rawKind === 'process' || (otelKind === consumer && !/receive|ack|settle/.test(rawKind));
}

/** By its id, else by the one span that sent it. Without either every delivery is of a message of its own. */
function identify(tree: RunTree, node: RunNode): { readonly key: string; readonly id: string } {
  const { attributes, traceId, spanId } = node.span;
  const id =
    textOf(attributes, 'orchescope.queue.message.id') || textOf(attributes, 'messaging.message.id');
  if (id !== '') return { key: `id ${id}`, id };
  const [sent, ...others] = tree.linksOf(node).filter(({ node: from }) => isOfKind(from, 'queue'));
  if (sent === undefined || others.length > 0) return { key: `span ${traceId} ${spanId}`, id: '' };
  return { key: `sent ${sent.node.at}`, id: '' };
}

function nameQueue(node: RunNode): string {
  const { span } = node;
  return (
    textOf(span.attributes, 'orchescope.queue.name') ||
    textOf(span.attributes, 'messaging.destination.name') ||
    labelOf(node).replace(/^(?:process|step) /, '') ||
    node.agent
  );
}

function toPoison(
  variant: 'dead_letter' | 'redelivered',
  messages: readonly Message[],
  threshold: Threshold,
  { spentUnder }: DetectorInput,
): Finding {
  const failures = messages.flatMap(failuresOf);
  const letters = messages.flatMap(({ deadLetters }) => deadLetters);
  const queue = messages[0]?.queue ?? '';
  const waste = wasteOf(failures, spentUnder);
  const to = nameOr(letters.find((letter) => letter.to !== '')?.to ?? '', 'the dead letters');
  const end = variant === 'dead_letter' ? ` and went to ${to}` : '';
  const attempts = letters[0]?.attempts ?? failures.length;
  const errors = [...new Set(failures.map(({ span }) => span.errorType))].filter(Boolean);
  const error = errors.length === 0 ? '' : ` with ${toList(errors, 3)}`;
  const name = nameOr(queue, 'a queue');
  const one = `Message ${nameOr(messages[0]?.id ?? '', 'without an id')} of ${name} failed ${toTimes(attempts)}${error}`;
  const many = `${plural(messages.length, 'message')} of ${name} failed again and again (${plural(failures.length, 'delivery', 'deliveries')})${error}`;
  return toFinding({
    kind: 'poison_message',
    variant,
    severity: variant === 'redelivered' ? 'critical' : 'warning',
    subject: toName(queue),
    sentence: `${messages.length === 1 ? one : many}${end}${inBrackets(waste)}.`,
    advice:
      variant === 'dead_letter'
        ? 'Read what is in it: check messages before they are sent, and put those that can never be read aside at the first failure.'
        : 'Put a message aside as a dead letter after a few failures, so that it stops taking the place of others, and look at what it holds.',
    nodes: [...failures, ...letters.map(({ node }) => node)],
    waste,
    threshold,
  });
}
