import type { RunSpan } from '../../run-span.ts';
import type { RunNode } from '../tree/run-tree.ts';
import { tellsUsage } from './tells-usage.ts';

/** Calls with one response id are one call, wherever in the run they are told. */
export function dropCopies(calls: readonly RunNode[]): RunNode[] {
  const byId = new Map<string, RunNode[]>();
  for (const call of calls.toSorted((a, b) => a.at - b.at)) {
    const { responseId } = call.span;
    if (responseId === '') continue;
    const others = byId.get(responseId);
    if (others === undefined) byId.set(responseId, [call]);
    else others.push(call);
  }
  const dropped = new Set<RunNode>();
  for (const [id, same] of byId) {
    for (const copies of id.length < uniqueIdLength ? toSimultaneous(same) : [same]) {
      const best = copies.reduce((a, b) => (isBetter(b, a) ? b : a));
      for (const copy of copies) if (copy !== best) dropped.add(copy);
    }
  }
  return calls.filter((call) => !dropped.has(call));
}

/** Local servers count their answers up to 999 and begin again: such an id alone says nothing. */
const uniqueIdLength = 20;

type Simultaneous = { endNs: number; readonly senders: Set<string>; readonly copies: RunNode[] };

/** Of all that are open at a time: a flood of calls under one id must not be compared with itself. */
const openAtMost = 8;

/** Told at the same time by different instrumentation, that is. Calls are in order of start time. */
function toSimultaneous(same: readonly RunNode[]): RunNode[][] {
  const groups: Simultaneous[] = [];
  let open: Simultaneous[] = [];
  for (const call of same) {
    const sender = toSender(call.span);
    open = open.filter(({ endNs }) => call.span.startNs < endNs).slice(-openAtMost);
    const group = open.find(({ senders }) => !senders.has(sender));
    if (group === undefined) {
      const own = { endNs: call.endNs, senders: new Set([sender]), copies: [call] };
      groups.push(own);
      open.push(own);
    } else {
      group.endNs = Math.max(group.endNs, call.endNs);
      group.senders.add(sender);
      group.copies.push(call);
    }
  }
  return groups.map(({ copies }) => copies);
}

function toSender({ dialect, serviceName, otelKind }: RunSpan): string {
  return `${dialect} ${otelKind} ${serviceName}`;
}

const client = 3;

/** The deepest span of a client that tells usage knows best what was paid. */
function isBetter(a: RunNode, b: RunNode): boolean {
  const [usageOfA, usageOfB] = [tellsUsage(a.span), tellsUsage(b.span)];
  if (usageOfA !== usageOfB) return usageOfA;
  const [aIsClient, bIsClient] = [a.span.otelKind === client, b.span.otelKind === client];
  if (aIsClient !== bIsClient) return aIsClient;
  return a.depth === b.depth ? a.at < b.at : a.depth > b.depth;
}
