import {
  metrics,
  type Attributes,
  type Counter,
  type Histogram,
  type MeterProvider,
} from '@opentelemetry/api';
import { genAi, metricLabels, metricNames, orchescope, otel } from './attributes.ts';
import type { OrchEvent } from './events.ts';
import type { Kind, Usage } from './facts.ts';
import type { AnyFacts } from './kinds.ts';
import { scopeName, version } from './version.ts';

type Instruments = {
  readonly durations: { readonly [K in Kind | 'other']?: Histogram };
  readonly timeToFirstChunk: Histogram;
  readonly tokens: Histogram;
  readonly cost: Counter;
  readonly handoffs: Counter;
  readonly events: Counter;
};

/** What one finished operation says to the metrics. */
export type Finished = {
  readonly kind: Kind;
  readonly name: string;
  readonly agent: string | undefined;
  readonly facts: AnyFacts;
  readonly durationS: number;
  readonly errorType: string | undefined;
  readonly timeToFirstChunkS: number | undefined;
};

// The metrics API has no proxy: instruments made before a provider is registered stay silent for ever.
const made = new WeakMap<MeterProvider, Instruments>();

const instruments = (): Instruments => {
  const provider = metrics.getMeterProvider();
  const known = made.get(provider);
  if (known) return known;
  const created = createInstruments(provider);
  made.set(provider, created);
  return created;
};

const createInstruments = (provider: MeterProvider): Instruments => {
  const meter = provider.getMeter(scopeName, version);
  const seconds = (name: string) => meter.createHistogram(name, { unit: 's' });
  const model = seconds(metricNames.clientDuration);
  return {
    durations: {
      llm: model,
      embedding: model,
      workflow: seconds(metricNames.workflowDuration),
      agent: seconds(metricNames.agentDuration),
      tool: seconds(metricNames.toolDuration),
      other: seconds(metricNames.operationDuration),
    },
    timeToFirstChunk: seconds(metricNames.timeToFirstChunk),
    tokens: meter.createHistogram(metricNames.tokenUsage, { unit: '{token}' }),
    cost: meter.createCounter(metricNames.cost, { unit: 'USD' }),
    handoffs: meter.createCounter(metricNames.handoffs, { unit: '{handoff}' }),
    events: meter.createCounter(metricNames.events, { unit: '{event}' }),
  };
};

export const recordFinished = (finished: Finished): void => {
  const { kind, durationS, errorType, timeToFirstChunkS } = finished;
  const all = instruments();
  const labels = labelsOf(finished);
  const ended = errorType === undefined ? labels : { ...labels, [otel.errorType]: errorType };
  (all.durations[kind] ?? all.durations.other)?.record(durationS, ended);
  if (timeToFirstChunkS !== undefined && kind === 'llm')
    all.timeToFirstChunk.record(timeToFirstChunkS, labels);
  if (kind === 'llm' || kind === 'embedding') recordUsage(all, finished.facts, labels);
  if (kind === 'handoff') all.handoffs.add(1, ended);
};

const recordUsage = (all: Instruments, facts: AnyFacts, labels: Attributes): void => {
  const usage = (facts['usage'] ?? {}) as Usage;
  const count = (tokenType: string, tokens: number | undefined): void => {
    if (typeof tokens === 'number')
      all.tokens.record(tokens, { ...labels, [genAi.tokenType]: tokenType });
  };
  count('input', usage.inputTokens);
  count('output', usage.outputTokens);
  const cost = facts['costUsd'];
  if (typeof cost === 'number' && cost >= 0) all.cost.add(cost, labels);
};

export const countEvent = (event: OrchEvent): void => {
  const labels: Attributes = { [metricLabels.eventType]: event.type };
  if ('state' in event) labels[metricLabels.eventState] = event.state;
  if ('name' in event) put(labels, metricLabels.eventName, event.name);
  instruments().events.add(1, labels);
};

/** Which facts of a kind become labels: enums and names only. An id would make one series a call. */
const labelFacts: { readonly [K in Kind]?: { readonly [fact: string]: string } } = {
  workflow: { pattern: orchescope.workflowPattern },
  llm: { provider: genAi.providerName, model: genAi.requestModel },
  embedding: { provider: genAi.providerName, model: genAi.requestModel },
  step: { type: orchescope.stepType },
  handoff: { from: orchescope.handoffFrom, to: orchescope.handoffTo },
  guardrail: { action: orchescope.guardrailAction },
};

const nameLabels: { readonly [K in Kind]?: string } = {
  workflow: genAi.workflowName,
  agent: genAi.agentName,
  tool: genAi.toolName,
  guardrail: orchescope.guardrailName,
};

const labelsOf = ({ kind, name, agent, facts }: Finished): Attributes => {
  const labels: Attributes = { [orchescope.kind]: kind };
  for (const [fact, label] of Object.entries(labelFacts[kind] ?? {}))
    put(labels, label, facts[fact]);
  if (agent !== undefined) put(labels, genAi.agentName, agent);
  const label = nameLabels[kind];
  if (label !== undefined) put(labels, label, name);
  return labels;
};

const namesAtMost = 200;
const seen = new Map<string, Set<string>>();

/** The first 200 names of a label are kept, later ones are counted together as `other`. */
const put = (labels: Attributes, label: string, value: unknown): void => {
  if (typeof value !== 'string') return;
  const names = seen.get(label) ?? new Set<string>();
  seen.set(label, names);
  const name = value.slice(0, 128);
  if (names.size < namesAtMost) names.add(name);
  labels[label] = names.has(name) ? name : 'other';
};
