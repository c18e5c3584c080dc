import type { Attributes } from '@opentelemetry/api';
import { genAi, orchescope } from './attributes.ts';
import type { Kind } from './facts.ts';
import type { AnyFacts } from './kinds.ts';
import { metricState } from './metric-state.ts';
import { toText } from './redact.ts';

/** Which facts of a kind become labels: enums and names only. An id would make one series a call. */
const labelFacts: { readonly [K in Kind]?: readonly (readonly [fact: string, label: string])[] } = {
  workflow: [['pattern', orchescope.workflowPattern]],
  llm: [
    ['provider', genAi.providerName],
    ['model', genAi.requestModel],
  ],
  embedding: [
    ['provider', genAi.providerName],
    ['model', genAi.requestModel],
  ],
  step: [['type', orchescope.stepType]],
  handoff: [
    ['from', orchescope.handoffFrom],
    ['to', orchescope.handoffTo],
  ],
  guardrail: [['action', orchescope.guardrailAction]],
};

const nameLabels: { readonly [K in Kind]?: string } = {
  workflow: genAi.workflowName,
  agent: genAi.agentName,
  tool: genAi.toolName,
  guardrail: orchescope.guardrailName,
};

export const labelsOf = (
  kind: Kind,
  name: string,
  agent: string | undefined,
  facts: AnyFacts,
): Attributes => {
  const labels: Attributes = { [orchescope.kind]: kind };
  for (const [fact, label] of labelFacts[kind] ?? []) put(labels, label, facts[fact]);
  if (agent !== undefined) put(labels, genAi.agentName, agent);
  const label = nameLabels[kind];
  if (label !== undefined) put(labels, label, name);
  return labels;
};

/** Sets a label, unless it is no text. */
export const put = (labels: Attributes, label: string, value: unknown): void => {
  if (typeof value === 'string') labels[label] = capped(label, value);
};

const namesAtMost = 200;

/** The first 200 names of a label are kept, without secrets; later ones are counted together as `other`. */
export const capped = (label: string, value: string): string => {
  const { seen } = metricState();
  let names = seen.get(label);
  if (!names) seen.set(label, (names = new Map()));
  const name = value.length > 128 ? value.slice(0, 128) : value;
  const known = names.get(name);
  if (known !== undefined) return known;
  if (names.size >= namesAtMost) return 'other';
  // Cleaned before it is cut: half a secret has no form to know it by.
  const clean = toText(label, value).slice(0, 128);
  names.set(name, clean);
  return clean;
};
