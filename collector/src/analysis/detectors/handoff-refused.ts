import type { Finding } from '../../run.ts';
import type { RunNode } from '../tree/run-tree.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { hasFailed } from './siblings.ts';
import { nameOr, toList, toName, toTimes } from './text.ts';
import { toFinding } from './to-finding.ts';
import { wasteOf } from './waste.ts';

/** `unknown_agent`: there is nobody of that name; `not_allowed`: the one may not hand over to the other. */
type Variant = 'declined' | 'not_allowed' | 'unknown_agent';

type Refusal = {
  readonly node: RunNode;
  readonly from: string;
  readonly to: string;
  readonly variant: Variant;
};

export const handoffRefusedDetector = defineDetector({
  kind: 'handoff_refused',
  thresholds: {
    refusals: {
      default: 1,
      min: 1,
      max: 1000,
      unit: 'count',
      description: 'Handoffs from one agent to the same other that were refused.',
    },
  },
  detect(input, { refusals }) {
    return [...byEdge(toRefusals(input)).values()]
      .filter((found) => found.length >= refusals)
      .map((found) => toRefused(found, refusals, input));
  },
});

function toRefusals({ tree, run }: DetectorInput): readonly Refusal[] {
  return run.handoffs.flatMap(({ traceId, spanId, from, to, outcome }) => {
    const node = tree.find(traceId, spanId);
    if (node === null) return [];
    const variant = toVariant(node, to, outcome === 'refused');
    return variant === null ? [] : [{ node, from, to, variant }];
  });
}

const unknown =
  /(?:unknown|no[_ ]?such|invalid|nonexistent)[_ ]?(?:agent|target)|(?:agent|target)[_ ]?not[_ ]?found/i;
const forbidden = /(?:handoff|transfer)[_ ]?(?:not[_ ]?allowed|denied|forbidden|refused|rejected)/i;

/** null = it was not refused. Senders without a word for it say so in the error of the handoff. */
function toVariant(node: RunNode, to: string, isRefused: boolean): Variant | null {
  const { errorType, statusMessage, attributes } = node.span;
  const error = hasFailed(node) ? `${errorType} ${statusMessage.slice(0, 300)}` : '';
  if (unknown.test(error) || isMissing(to, error)) return 'unknown_agent';
  if (forbidden.test(error)) return 'not_allowed';
  if (!isRefused) return null;
  const allowed = attributes.get('orchescope.handoff.allowed');
  return Array.isArray(allowed) && !allowed.includes(to) ? 'not_allowed' : 'declined';
}

/** `Agent legal not found`: frameworks put the name between the words. */
function isMissing(agent: string, error: string): boolean {
  const at = agent === '' ? -1 : error.toLowerCase().lastIndexOf(agent.toLowerCase());
  if (at < 0) return false;
  const after = error.slice(at + agent.length, at + agent.length + 40);
  return /^['"`]?\s+(?:was |is )?(?:not found|not known|unknown|does not exist)/i.test(after);
}

function byEdge(refusals: readonly Refusal[]): Map<string, Refusal[]> {
  return Map.groupBy(refusals, ({ from, to, variant }) => JSON.stringify([from, to, variant]));
}

function toRefused(
  found: readonly Refusal[],
  refusals: number,
  { run, spentUnder }: DetectorInput,
): Finding {
  const [{ from = '', to = '', variant = 'declined', node = null } = {}] = found;
  const nodes = found.map((refusal) => refusal.node);
  const [source, target] = [nameOr(from, 'An agent'), nameOr(to, 'another agent')];
  const allowed = node?.span.attributes.get('orchescope.handoff.allowed');
  const others = Array.isArray(allowed) ? allowed.filter((name) => typeof name === 'string') : [];
  const failed = run.status === 'failed';
  return toFinding({
    kind: 'handoff_refused',
    variant,
    severity: failed ? 'critical' : 'warning',
    subject: `${toName(from)} > ${toName(to)}`,
    sentence: `${source} wanted to hand over to ${target} ${toTimes(found.length)} and was refused${why(variant, others)}${failed ? '; the run failed' : ''}.`,
    advice: advice(variant, source, target),
    nodes,
    waste: wasteOf(nodes, spentUnder),
    threshold: { name: 'refusals', value: refusals, measured: found.length },
  });
}

function why(variant: Variant, allowed: readonly string[]): string {
  if (variant === 'unknown_agent') return ': there is no agent of that name';
  if (variant === 'declined') return '';
  return allowed.length === 0 ? ': it may not' : `: it may hand over to ${toList(allowed)} only`;
}

function advice(variant: Variant, from: string, to: string): string {
  if (variant === 'unknown_agent')
    return `Name in the instructions of ${from} the agents that there are, and offer each of them as a tool of its own.`;
  if (variant === 'not_allowed')
    return `Allow ${from} to hand over to ${to}, or say in its instructions whom to ask instead.`;
  return `Tell ${from} what ${to} takes on and what not, and whom to ask when it refuses.`;
}
