import type { Finding } from '../../run.ts';
import type { RunNode } from '../tree/run-tree.ts';
import { defineDetector, type Detected, type DetectorInput } from './detector.ts';
import { createNearest } from './nearest.ts';
import { attemptOf } from './retry-layers.ts';
import { hasFailed, textOf } from './siblings.ts';
import { nameOr, toTimes } from './text.ts';
import { toFinding } from './to-finding.ts';
import { inBrackets, wasteOf } from './waste.ts';

const criticalRepeats = 10;

export const repeatedPromptDetector = defineDetector({
  kind: 'repeated_prompt',
  thresholds: {
    repeats: {
      default: 3,
      min: 2,
      max: 10_000,
      unit: 'count',
      description:
        'Calls of one model with the same prompt, one after the other, with the same answer or one that is not known.',
    },
    samples: {
      default: 6,
      min: 2,
      max: 10_000,
      unit: 'count',
      description:
        'The same where the answers differ: somebody may be asking for several answers on purpose.',
    },
  },
  detect(input, { repeats, samples }) {
    return [...toPrompts(input).values()].flatMap((calls) => {
      const answers = new Set(calls.map(({ span }) => digestOf(span.digests, outputs)));
      const name = answers.size > 1 ? 'samples' : 'repeats';
      const least = name === 'samples' ? Math.max(samples, repeats) : repeats;
      if (calls.length < least) return [];
      return [toPromptFinding(calls, { name, value: least, measured: calls.length }, input)];
    });
  },
});

const inputs: ReadonlySet<string> = new Set([
  'system_instructions',
  'input_messages',
  'tool_definitions',
  'input',
]);
const questions: ReadonlySet<string> = new Set(['input_messages', 'input']);
const outputs: ReadonlySet<string> = new Set(['output_messages', 'output']);

/** Calls that asked the same, each after the one before it had ended well. */
function toPrompts({ modelCalls }: DetectorInput): ReadonlyMap<string, readonly RunNode[]> {
  const prompts = new Map<string, RunNode[]>();
  const onPurpose = createNearest(isSampling);
  for (const node of modelCalls) {
    const key = promptOf(node);
    if (key === null || onPurpose(node) !== null || hasFailed(node)) continue;
    const known = prompts.get(key);
    if (known === undefined) prompts.set(key, [node]);
    else if ((known.at(-1)?.endNs ?? 0) <= node.span.startNs) known.push(node);
  }
  return prompts;
}

/** null = its content was not captured, so nobody can tell. A server that keeps the history makes equal texts unequal: the tokens tell. */
function promptOf({ span }: RunNode): string | null {
  if (!span.digests.some(({ slot }) => questions.has(slot))) return null;
  const tokens = span.inputTokens ?? '';
  return `${span.provider} ${span.model} ${tokens} ${digestOf(span.digests, inputs)}`;
}

function digestOf(digests: RunNode['span']['digests'], slots: ReadonlySet<string>): string {
  return digests
    .filter(({ slot }) => slots.has(slot))
    .map(({ slot, hash }) => `${slot} ${hash}`)
    .sort()
    .join(' ');
}

/** Votes, debates and retries ask the same on purpose. */
function isSampling(node: RunNode): boolean {
  const { attributes, events } = node.span;
  if (attemptOf(node) > 1 || sampling.has(textOf(attributes, 'orchescope.workflow.pattern')))
    return true;
  return events.some(({ name }) => name === 'orchescope.vote');
}

const sampling: ReadonlySet<string> = new Set([
  'debate',
  'voting',
  'vote',
  'consensus',
  'ensemble',
  'self_consistency',
]);

function toPromptFinding(
  calls: readonly RunNode[],
  threshold: Finding['threshold'],
  { spentUnder }: DetectorInput,
): Detected {
  const [first] = calls;
  const waste = wasteOf(calls.slice(1), spentUnder);
  const model = first?.span.model ?? '';
  const agents = [...new Set(calls.map(({ agent }) => agent))].filter((name) => name !== '');
  const who =
    agents.length === 1
      ? nameOr(agents[0] ?? '', 'An agent')
      : agents.length > 1
        ? `${agents.length} agents`
        : 'The run';
  return toFinding({
    kind: 'repeated_prompt',
    severity: calls.length >= criticalRepeats ? 'critical' : 'warning',
    subject: agents[0] ?? model,
    sentence: `${who} asked ${nameOr(model, 'a model')} the very same prompt ${toTimes(calls.length)}; all but the first ${calls.length === 2 ? 'was' : 'were'} wasted${inBrackets(waste)}.`,
    advice: 'Keep the answer and use it again: a cache over model and prompt is enough.',
    nodes: calls,
    wasted: calls.slice(1),
    waste,
    threshold,
  });
}
