/**
 * The words on the wire: every attribute name an Orchescope span may carry.
 * OpenTelemetry's names come first; `orchescope.*` is used only where OpenTelemetry has none.
 * The collector reads this file too, so that sender and reader cannot drift. It imports nothing.
 */

/** Names of the OpenTelemetry GenAI conventions (development stability), newest spelling. */
export const genAi = {
  operationName: 'gen_ai.operation.name',
  providerName: 'gen_ai.provider.name',
  conversationId: 'gen_ai.conversation.id',
  agentId: 'gen_ai.agent.id',
  agentName: 'gen_ai.agent.name',
  agentVersion: 'gen_ai.agent.version',
  workflowName: 'gen_ai.workflow.name',
  requestModel: 'gen_ai.request.model',
  requestStream: 'gen_ai.request.stream',
  responseModel: 'gen_ai.response.model',
  responseId: 'gen_ai.response.id',
  responseFinishReasons: 'gen_ai.response.finish_reasons',
  /** Seconds, double. */
  responseTimeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  /** Includes cached tokens. */
  usageInputTokens: 'gen_ai.usage.input_tokens',
  /** Includes reasoning tokens. */
  usageOutputTokens: 'gen_ai.usage.output_tokens',
  usageCacheReadInputTokens: 'gen_ai.usage.cache_read.input_tokens',
  usageCacheWriteInputTokens: 'gen_ai.usage.cache_write.input_tokens',
  usageReasoningOutputTokens: 'gen_ai.usage.reasoning.output_tokens',
  embeddingsDimensionCount: 'gen_ai.embeddings.dimension.count',
  systemInstructions: 'gen_ai.system_instructions',
  inputMessages: 'gen_ai.input.messages',
  outputMessages: 'gen_ai.output.messages',
  toolName: 'gen_ai.tool.name',
  toolType: 'gen_ai.tool.type',
  toolDescription: 'gen_ai.tool.description',
  toolDefinitions: 'gen_ai.tool.definitions',
  toolCallId: 'gen_ai.tool.call.id',
  toolCallArguments: 'gen_ai.tool.call.arguments',
  toolCallResult: 'gen_ai.tool.call.result',
  dataSourceId: 'gen_ai.data_source.id',
  retrievalQueryText: 'gen_ai.retrieval.query.text',
  retrievalTopK: 'gen_ai.retrieval.top_k',
  retrievalDocuments: 'gen_ai.retrieval.documents',
} as const;

/** Names of other OpenTelemetry conventions that we write. */
export const otel = {
  errorType: 'error.type',
  sessionId: 'session.id',
  userId: 'user.id',
} as const;

/** Our own namespace: orchestration facts for which OpenTelemetry has no name yet. */
export const orchescope = {
  /** One of the canonical span kinds (workflow, agent, llm, ...). */
  kind: 'orchescope.kind',
  sdkVersion: 'orchescope.sdk.version',
  tags: 'orchescope.tags',
  /** JSON of a workflow's, agent's or step's input and output; subject to the capture setting. */
  input: 'orchescope.input',
  output: 'orchescope.output',
  contentTruncated: 'orchescope.content.truncated',
  /** USD as a double. */
  costUsd: 'orchescope.cost.usd',

  runId: 'orchescope.run.id',
  runParentId: 'orchescope.run.parent.id',
  /** completed | failed | cancelled | suspended | partial */
  runOutcome: 'orchescope.run.outcome',
  runReason: 'orchescope.run.reason',
  workflowPattern: 'orchescope.workflow.pattern',
  workflowVersion: 'orchescope.workflow.version',

  agentRole: 'orchescope.agent.role',

  stepType: 'orchescope.step.type',
  stepId: 'orchescope.step.id',
  /** 0-based position and total, for branches, rounds and stages. */
  stepIndex: 'orchescope.step.index',
  stepOf: 'orchescope.step.of',
  stepDependsOn: 'orchescope.step.depends_on',
  loopName: 'orchescope.loop.name',
  /** 1-based. */
  loopIteration: 'orchescope.loop.iteration',

  planVersion: 'orchescope.plan.version',
  planTasks: 'orchescope.plan.tasks',

  routeCandidates: 'orchescope.route.candidates',
  routeSelected: 'orchescope.route.selected',
  routeConfidence: 'orchescope.route.confidence',
  routeThreshold: 'orchescope.route.threshold',
  routeEscalated: 'orchescope.route.escalated',

  handoffFrom: 'orchescope.handoff.from',
  handoffTo: 'orchescope.handoff.to',
  handoffHop: 'orchescope.handoff.hop',
  handoffAllowed: 'orchescope.handoff.allowed',
  handoffReason: 'orchescope.handoff.reason',
  handoffAccepted: 'orchescope.handoff.accepted',

  queueSystem: 'orchescope.queue.system',
  queueName: 'orchescope.queue.name',
  queueMessageId: 'orchescope.queue.message.id',
  queueMessageKey: 'orchescope.queue.message.key',
  /** Seconds, double: time between send and process. */
  queueWait: 'orchescope.queue.wait',

  /** 1 = the first try. */
  retryAttempt: 'orchescope.retry.attempt',

  guardrailName: 'orchescope.guardrail.name',
  guardrailTriggered: 'orchescope.guardrail.triggered',
  guardrailAction: 'orchescope.guardrail.action',

  /** On a span link: what the linked span is to this one. */
  linkRel: 'orchescope.link.rel',
  /** Prefix of the event names and of their attributes, e.g. orchescope.retry, orchescope.retry.attempt. */
  eventPrefix: 'orchescope.',
} as const;

/** Values of `orchescope.link.rel`. */
export const relations = [
  'resumes',
  'retries',
  'fan_in',
  'caused_by',
  'replies_to',
  'compensates',
  'projects',
] as const;
