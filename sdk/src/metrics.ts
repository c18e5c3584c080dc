import {
  createNoopMeter,
  metrics,
  type Attributes,
  type Counter,
  type Histogram,
  type MeterProvider,
  type UpDownCounter,
} from '@opentelemetry/api';
import {
  eventAttributes,
  genAi,
  metricLabels,
  metricNames,
  orchescope,
  otel,
} from './attributes.ts';
import type { OrchEvent } from './events.ts';
import type { Kind, Usage } from './facts.ts';
import { createGauges, remember } from './gauges.ts';
import type { AnyFacts } from './kinds.ts';
import { capped, labelsOf, put } from './metric-labels.ts';
import { metricState } from './metric-state.ts';
import type { Wait } from './metric-wait.ts';
import { scopeName, version } from './version.ts';

/** Everything we measure. Recorded for every operation, sampled or not, so that sums stay true under sampling. */
export type Instruments = {
  /** With no SDK registered: nothing that is recorded arrives anywhere, so nothing needs labels. */
  readonly silent: boolean;
  readonly durations: { readonly [K in Kind | 'other']?: Histogram };
  /** Requests that a server answered; their callers measure them as calls of tools. */
  readonly served: Histogram;
  readonly timeToFirstChunk: Histogram;
  readonly tokens: Histogram;
  readonly cost: Counter;
  readonly handoffs: Counter;
  readonly events: Counter;
  readonly loops: Counter;
  readonly breakerTransitions: Counter;
  readonly queueWait: Histogram;
  readonly tasks: Counter;
  readonly taskDuration: Histogram;
  readonly tasksActive: UpDownCounter;
};

export type How = 'completed' | 'failed' | 'cancelled' | 'abandoned';

/** What one finished operation says to the metrics. */
export type Finished = {
  readonly kind: Kind;
  readonly name: string;
  readonly agent: string | undefined;
  readonly facts: AnyFacts;
  readonly durationS: number;
  readonly how: How;
  readonly errorType: string | undefined;
  readonly timeToFirstChunkS: number | undefined;
  /** Of the message it processes. */
  readonly wait: Wait | undefined;
  /** The method that a server answered here. */
  readonly served: string | undefined;
};

// The metrics API has no proxy: instruments made before a provider is registered stay silent for ever.
const instruments = (): Instruments => {
  const provider = metrics.getMeterProvider();
  const made = metricState().instruments;
  const known = made.get(provider);
  if (known) return known;
  const created = createInstruments(provider);
  made.set(provider, created);
  return created;
};

const createInstruments = (provider: MeterProvider): Instruments => {
  const meter = provider.getMeter(scopeName, version);
  const seconds = (name: string) => meter.createHistogram(name, { unit: 's' });
  const counter = (name: string, unit: string) => meter.createCounter(name, { unit });
  const model = seconds(metricNames.clientDuration);
  createGauges(meter);
  return {
    silent: meter.constructor === createNoopMeter().constructor,
    durations: {
      llm: model,
      embedding: model,
      workflow: seconds(metricNames.workflowDuration),
      agent: seconds(metricNames.agentDuration),
      tool: seconds(metricNames.toolDuration),
      other: seconds(metricNames.operationDuration),
    },
    served: seconds(metricNames.mcpServerDuration),
    timeToFirstChunk: seconds(metricNames.timeToFirstChunk),
    tokens: meter.createHistogram(metricNames.tokenUsage, { unit: '{token}' }),
    cost: counter(metricNames.cost, 'USD'),
    handoffs: counter(metricNames.handoffs, '{handoff}'),
    events: counter(metricNames.events, '{event}'),
    loops: counter(metricNames.loops, '{loop}'),
    breakerTransitions: counter(metricNames.breakerTransitions, '{transition}'),
    queueWait: seconds(metricNames.queueWait),
    tasks: counter(metricNames.tasks, '{task}'),
    taskDuration: seconds(metricNames.taskDuration),
    tasksActive: meter.createUpDownCounter(metricNames.tasksActive, { unit: '{task}' }),
  };
};

/** A task is what somebody waits for: a workflow, or a step that says it is one. */
const isTask = (kind: Kind, facts: AnyFacts): boolean =>
  kind === 'workflow' || (kind === 'step' && facts['type'] === 'task');

/** The kind tells the two apart: a workflow of three tasks would else count four. */
const taskLabels = (kind: Kind, name: string): Attributes => ({
  [orchescope.kind]: kind,
  [metricLabels.taskName]: capped(metricLabels.taskName, name),
});

export const recordStarted = (kind: Kind, name: string, facts: AnyFacts): void => {
  if (isTask(kind, facts)) instruments().tasksActive.add(1, taskLabels(kind, name));
};

export const recordFinished = (finished: Finished): void => {
  const { kind, name, agent, facts, durationS, errorType, timeToFirstChunkS } = finished;
  const all = instruments();
  if (all.silent) return;
  const labels = labelsOf(kind, name, agent, facts);
  const ended =
    errorType === undefined
      ? labels
      : { ...labels, [otel.errorType]: capped(otel.errorType, errorType) };
  if (finished.served !== undefined) return recordServed(all, finished.served, durationS, ended);
  (all.durations[kind] ?? all.durations.other)?.record(durationS, ended);
  if (timeToFirstChunkS !== undefined && kind === 'llm')
    all.timeToFirstChunk.record(timeToFirstChunkS, labels);
  if (kind === 'llm' || kind === 'embedding') recordUsage(all, facts, labels);
  if (kind === 'handoff')
    all.handoffs.add(1, { ...ended, [orchescope.handoffOutcome]: handoffOutcome(finished) });
  if (kind === 'process') recordWait(all, facts['destination'], facts['queuedMs'], finished.wait);
  if (isTask(kind, facts)) recordTask(all, finished);
};

const recordServed = (
  all: Instruments,
  method: string,
  durationS: number,
  labels: Attributes,
): void => {
  const name = capped(otel.mcpMethodName, method);
  all.served.record(durationS, { ...labels, [otel.mcpMethodName]: name });
};

export const handoffOutcome = ({
  how,
  errorType,
  facts,
}: Pick<Finished, 'how' | 'errorType' | 'facts'>): string => {
  if (how === 'cancelled' || how === 'abandoned') return 'cancelled';
  if (how === 'failed') return errorType === 'refused' ? 'refused' : 'failed';
  return facts['accepted'] === false ? 'refused' : 'accepted';
};

const recordTask = (all: Instruments, { kind, name, facts, how, durationS }: Finished): void => {
  const labels = taskLabels(kind, name);
  const told = facts['outcome'];
  const outcome = how === 'completed' && typeof told === 'string' ? told : how;
  const ended = {
    ...labels,
    [metricLabels.taskOutcome]: capped(metricLabels.taskOutcome, outcome),
  };
  all.tasksActive.add(-1, labels);
  all.tasks.add(1, ended);
  all.taskDuration.record(durationS, ended);
};

const recordWait = (
  all: Instruments,
  queue: unknown,
  waitMs: unknown,
  wait: Wait | undefined,
): void => {
  if (typeof waitMs !== 'number' || !(waitMs >= 0)) return;
  if (wait !== undefined && wait.queue === queue) {
    if (wait.counted) return;
    wait.counted = true;
  }
  const labels: Attributes = {};
  put(labels, eventAttributes.queue.name, queue);
  all.queueWait.record(waitMs / 1000, labels);
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

export const countEvent = (event: OrchEvent, wait: Wait | undefined): void => {
  const labels: Attributes = { [metricLabels.eventType]: event.type };
  if ('state' in event) put(labels, metricLabels.eventState, event.state);
  if ('name' in event) put(labels, metricLabels.eventName, event.name);
  const all = instruments();
  all.events.add(1, labels);
  remember(event);
  if (event.type === 'loop') all.loops.add(1, oneLabel(eventAttributes.loop.kind, event.kind));
  else if (event.type === 'breaker')
    all.breakerTransitions.add(1, {
      ...oneLabel(eventAttributes.breaker.name, event.name),
      ...oneLabel(eventAttributes.breaker.state, event.state),
    });
  else if (event.type === 'queue') recordWait(all, event.name, event.waitMs, wait);
};

const oneLabel = (label: string, value: unknown): Attributes => {
  const labels: Attributes = {};
  put(labels, label, value);
  return labels;
};
