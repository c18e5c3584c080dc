import { SpanKind, type Attributes } from '@opentelemetry/api';
import { genAi, orchescope } from './attributes.ts';
import type { Facts, Kind } from './facts.ts';
import * as as from './rules.ts';
import { toText } from './redact.ts';
import type { Rule } from './rules.ts';
import { report } from './safely.ts';

type KindOf<K extends Kind> = {
  /** The registered `gen_ai.operation.name`; empty where OpenTelemetry has none. */
  readonly operation: string;
  readonly spanKind: SpanKind;
  /** Span names are `<verb> <the first of these facts that is known, else the spec's name>`. */
  readonly verb: string;
  readonly titles: readonly (keyof Facts[K])[];
  /** Where the spec's name goes. */
  readonly nameAs: string;
  readonly facts: { readonly [F in keyof Required<Facts[K]>]: Rule };
};

const { INTERNAL, CLIENT, PRODUCER, CONSUMER } = SpanKind;

/** Kind -> what its span looks like. Every fact must have a rule: the type sees to it. */
export const kinds: { readonly [K in Kind]: KindOf<K> } = {
  workflow: {
    operation: 'invoke_workflow',
    spanKind: INTERNAL,
    verb: 'invoke_workflow',
    titles: [],
    nameAs: genAi.workflowName,
    facts: {
      pattern: as.plain(orchescope.workflowPattern),
      runId: as.plain(orchescope.runId),
      version: as.plain(orchescope.workflowVersion),
      input: as.content(orchescope.input),
      output: as.content(orchescope.output),
      outcome: as.outcome,
      reason: as.reason(orchescope.runReason),
    },
  },
  agent: {
    operation: 'invoke_agent',
    spanKind: INTERNAL,
    verb: 'invoke_agent',
    titles: [],
    nameAs: genAi.agentName,
    facts: {
      id: as.plain(genAi.agentId),
      role: as.plain(orchescope.agentRole),
      version: as.plain(genAi.agentVersion),
      input: as.content(orchescope.input),
      output: as.content(orchescope.output),
    },
  },
  llm: {
    operation: 'chat',
    spanKind: CLIENT,
    verb: 'chat',
    titles: ['model'],
    nameAs: orchescope.name,
    facts: {
      provider: as.plain(genAi.providerName),
      model: as.plain(genAi.requestModel),
      responseModel: as.plain(genAi.responseModel),
      responseId: as.plain(genAi.responseId),
      finishReasons: as.names(genAi.responseFinishReasons),
      costUsd: as.plain(orchescope.costUsd),
      stream: as.plain(genAi.requestStream),
      input: as.messages(genAi.inputMessages, 'user'),
      output: as.messages(genAi.outputMessages, 'assistant'),
      usage: as.usage,
    },
  },
  embedding: {
    operation: 'embeddings',
    spanKind: CLIENT,
    verb: 'embeddings',
    titles: ['model'],
    nameAs: orchescope.name,
    facts: {
      provider: as.plain(genAi.providerName),
      model: as.plain(genAi.requestModel),
      dimensions: as.plain(genAi.embeddingsDimensionCount),
      usage: as.usage,
    },
  },
  tool: {
    operation: 'execute_tool',
    spanKind: INTERNAL,
    verb: 'execute_tool',
    titles: [],
    nameAs: genAi.toolName,
    facts: {
      callId: as.plain(genAi.toolCallId),
      type: as.plain(genAi.toolType),
      args: as.content(genAi.toolCallArguments),
      result: as.content(genAi.toolCallResult),
    },
  },
  retrieval: {
    operation: 'retrieval',
    spanKind: CLIENT,
    verb: 'retrieval',
    titles: ['source'],
    nameAs: orchescope.name,
    facts: {
      source: as.plain(genAi.dataSourceId),
      query: as.contentText(genAi.retrievalQueryText),
      topK: as.plain(genAi.retrievalTopK),
      documents: as.documents,
    },
  },
  plan: {
    operation: 'plan',
    spanKind: INTERNAL,
    verb: 'plan',
    titles: [],
    nameAs: orchescope.name,
    facts: { version: as.plain(orchescope.planVersion), tasks: as.tasks },
  },
  step: {
    operation: '',
    spanKind: INTERNAL,
    verb: 'step',
    titles: [],
    nameAs: orchescope.name,
    facts: {
      type: as.plain(orchescope.stepType),
      id: as.plain(orchescope.stepId),
      index: as.plain(orchescope.stepIndex),
      of: as.plain(orchescope.stepOf),
      dependsOn: as.names(orchescope.stepDependsOn),
      waitsFor: as.names(orchescope.waitFor),
      resource: as.plain(orchescope.resourceName),
      loop: as.plain(orchescope.loopName),
      iteration: as.plain(orchescope.loopIteration),
      attempt: as.plain(orchescope.retryAttempt),
      progress: as.contentText(orchescope.stepProgress),
      input: as.content(orchescope.input),
      output: as.content(orchescope.output),
    },
  },
  route: {
    operation: '',
    spanKind: INTERNAL,
    verb: 'route',
    titles: [],
    nameAs: orchescope.name,
    facts: {
      candidates: as.names(orchescope.routeCandidates),
      selected: as.plain(orchescope.routeSelected),
      confidence: as.plain(orchescope.routeConfidence),
      threshold: as.plain(orchescope.routeThreshold),
      escalated: as.plain(orchescope.routeEscalated),
    },
  },
  handoff: {
    operation: '',
    spanKind: INTERNAL,
    verb: 'handoff',
    titles: ['to'],
    nameAs: orchescope.name,
    facts: {
      from: as.plain(orchescope.handoffFrom),
      to: as.plain(orchescope.handoffTo),
      hop: as.plain(orchescope.handoffHop),
      allowed: as.names(orchescope.handoffAllowed),
      reason: as.reason(orchescope.handoffReason),
      accepted: as.plain(orchescope.handoffAccepted),
    },
  },
  send: {
    operation: '',
    spanKind: PRODUCER,
    verb: 'send',
    titles: ['destination'],
    nameAs: orchescope.name,
    facts: {
      system: as.plain(orchescope.queueSystem),
      destination: as.plain(orchescope.queueName),
      messageId: as.plain(orchescope.queueMessageId),
      key: as.plain(orchescope.queueMessageKey),
    },
  },
  process: {
    operation: '',
    spanKind: CONSUMER,
    verb: 'process',
    titles: ['destination'],
    nameAs: orchescope.name,
    facts: {
      system: as.plain(orchescope.queueSystem),
      destination: as.plain(orchescope.queueName),
      messageId: as.plain(orchescope.queueMessageId),
      attempt: as.plain(orchescope.retryAttempt),
      queuedMs: as.seconds(orchescope.queueWait),
    },
  },
  guardrail: {
    operation: '',
    spanKind: INTERNAL,
    verb: 'guardrail',
    titles: [],
    nameAs: orchescope.guardrailName,
    facts: {
      triggered: as.plain(orchescope.guardrailTriggered),
      action: as.plain(orchescope.guardrailAction),
    },
  },
};

const factNames = Object.fromEntries(
  Object.entries(kinds).map(([kind, { facts }]) => [kind, Object.keys(facts)]),
) as unknown as { readonly [K in Kind]: readonly string[] };

/** Facts of any kind, before we know which. */
export type AnyFacts = { readonly [fact: string]: unknown };

/** Reads the facts of a kind out of an object, each one safely: a getter that throws costs that fact alone. */
export const pickFacts = (kind: Kind, source: AnyFacts): Record<string, unknown> => {
  const found: Record<string, unknown> = {};
  // On the path of every operation: no closures and no texts that are needed only when something fails.
  for (const fact of factNames[kind]) {
    try {
      const value = source[fact];
      if (value !== undefined) found[fact] = value;
    } catch (error) {
      report(`reading ${kind}.${fact}`, error);
    }
  }
  return found;
};

/** Facts as attributes; what cannot be written is left out. */
export const toAttributes = (kind: Kind, facts: AnyFacts): Attributes => {
  const attributes: Attributes = {};
  writeFacts(kind, facts, attributes);
  return attributes;
};

export const writeFacts = (kind: Kind, facts: AnyFacts, into: Attributes): void => {
  const rules: { readonly [fact: string]: Rule } = kinds[kind].facts;
  for (const fact in facts) {
    try {
      rules[fact]?.(facts[fact], into);
    } catch (error) {
      report(`writing ${kind}.${fact}`, error);
    }
  }
};

/** `chat gpt-6`, `execute_tool search`: the verb and the most telling low-cardinality name. */
export const spanName = (
  kind: Kind,
  name: string,
  facts: AnyFacts,
  verb: string = kinds[kind].verb,
): string => {
  const { titles } = kinds[kind];
  const told = titles.map((fact) => facts[fact as string]).find((fact) => typeof fact === 'string');
  return `${verb} ${typeof told === 'string' ? toText('name', told) : name}`;
};
