import { eventAttributes, orchescope } from '@orchescope/sdk/attributes';
import type { RunSpan } from '../../run-span.ts';
import type { QueueTake } from '../../run.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { hasFailed, numberOf, textOf } from './span-facts.ts';

/** Messages and tasks that were taken from a queue, in order. */
export function toQueueTakes(tree: RunTree): QueueTake[] {
  const takes = tree.nodes.flatMap((node) => [
    ...(isTake(node.span) ? [toTake(tree, node)] : toEventTakes(tree, node)),
  ]);
  return takes.sort((a, b) => Number(a.timeUnixNano - b.timeUnixNano));
}

const consumer = 5;

/** To receive or acknowledge a message is not yet to work on it. */
function isTake({ kind, rawKind, otelKind }: RunSpan): boolean {
  if (kind !== 'queue') return false;
  return rawKind === 'process' || (otelKind === consumer && !/receive|ack|settle/.test(rawKind));
}

function toTake({ baseUnixNano, linksOf }: RunTree, node: RunNode): QueueTake {
  const { span } = node;
  const waitedS = numberOf(span, orchescope.queueWait);
  const sent = toSender(
    node,
    linksOf(node).map((link) => link.node),
  );
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    queue: nameQueue(span),
    timeUnixNano: baseUnixNano + BigInt(Math.round(span.startNs)),
    waitNs: toWait(sent, span, waitedS === null ? null : Math.round(waitedS * 1e9)),
    failed: hasFailed(span),
  };
}

function nameQueue(span: RunSpan): string {
  return (
    textOf(span, orchescope.queueName) ||
    textOf(span, 'messaging.destination.name') ||
    span.name.replace(/^(?:autogen )?process /, '').replace(autogenAgent, '$1')
  );
}

/** AutoGen sends to `<name>_<id of the team>.(<id>)-A`; ids would make a queue of every run. */
const autogenAgent = /^(.+?)(?:_[\da-f-]{8,36})?\.\(.*\)-[AT]$/;

const producer = 4;

function toSender({ parent }: RunNode, linked: readonly RunNode[]): RunNode | null {
  const senders = [...linked, ...(parent === null ? [] : [parent])];
  return senders.find(({ span }) => span.otelKind === producer) ?? null;
}

/** A message that its sender held back on purpose has waited since it was due, and no longer. */
function toWait(sent: RunNode | null, span: RunSpan, toldNs: number | null): number | null {
  if (sent === null) return toldNs;
  const delayS = numberOf(sent.span, orchescope.queueDelay);
  const dueNs = sent.span.startNs + (delayS ?? 0) * 1e9;
  const sinceDueNs = Math.max(0, span.startNs - dueNs);
  if (toldNs === null) return sinceDueNs;
  return delayS === null ? toldNs : Math.min(toldNs, sinceDueNs);
}

/** Queues within a process tell of a task with an event, and of its wait when it is taken. */
function toEventTakes({ baseUnixNano }: RunTree, { span }: RunNode): QueueTake[] {
  return span.events.flatMap((event) => {
    const waitedS = numberOf(event, eventAttributes.queue.waitMs);
    if (event.name !== 'orchescope.queue' || waitedS === null) return [];
    return [
      {
        traceId: span.traceId,
        spanId: span.spanId,
        queue: textOf(event, eventAttributes.queue.name),
        timeUnixNano: baseUnixNano + BigInt(Math.round(event.timeNs)),
        waitNs: Math.round(waitedS * 1e9),
        // Others, as a supervisor, tell of many tasks, and fail for reasons of their own.
        failed: span.kind === 'step' && hasFailed(span),
      },
    ];
  });
}
