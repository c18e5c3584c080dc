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
  requestTemperature: 'gen_ai.request.temperature',
  requestTopP: 'gen_ai.request.top_p',
  requestTopK: 'gen_ai.request.top_k',
  requestMaxTokens: 'gen_ai.request.max_tokens',
  requestFrequencyPenalty: 'gen_ai.request.frequency_penalty',
  requestPresencePenalty: 'gen_ai.request.presence_penalty',
  requestSeed: 'gen_ai.request.seed',
  requestChoiceCount: 'gen_ai.request.choice.count',
  requestEncodingFormats: 'gen_ai.request.encoding_formats',
  requestReasoningLevel: 'gen_ai.request.reasoning.level',
  requestPreviousResponseId: 'gen_ai.request.previous_response_id',
  /** text | json | image | speech */
  outputType: 'gen_ai.output.type',
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
  /** Label of the token metric: input | output. */
  tokenType: 'gen_ai.token.type',
  promptName: 'gen_ai.prompt.name',
  dataSourceId: 'gen_ai.data_source.id',
  retrievalQueryText: 'gen_ai.retrieval.query.text',
  retrievalTopK: 'gen_ai.retrieval.top_k',
  retrievalDocuments: 'gen_ai.retrieval.documents',
  /** Name of the event that tells of an evaluation, on the span that made it. */
  evaluationResult: 'gen_ai.evaluation.result',
  evaluationName: 'gen_ai.evaluation.name',
  evaluationScoreValue: 'gen_ai.evaluation.score.value',
  evaluationExplanation: 'gen_ai.evaluation.explanation',
} as const;

/** Names of other OpenTelemetry conventions that we write. */
export const otel = {
  errorType: 'error.type',
  httpStatusCode: 'http.response.status_code',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  sessionId: 'session.id',
  userId: 'user.id',
  /** tools/call | resources/read | prompts/get | ... */
  mcpMethodName: 'mcp.method.name',
  mcpSessionId: 'mcp.session.id',
  mcpResourceUri: 'mcp.resource.uri',
  jsonrpcRequestId: 'jsonrpc.request.id',
  /** The error code of a JSON-RPC response. */
  rpcResponseStatusCode: 'rpc.response.status_code',
  /** Of messages that were sent or handled as one. */
  messagingBatchMessageCount: 'messaging.batch.message_count',
  messagingConsumerGroupName: 'messaging.consumer.group.name',
  messagingDestinationPartitionId: 'messaging.destination.partition.id',
  messagingKafkaOffset: 'messaging.kafka.offset',
  messagingRabbitmqRoutingKey: 'messaging.rabbitmq.destination.routing_key',
} as const;

/** Our own namespace: orchestration facts for which OpenTelemetry has no name yet. */
export const orchescope = {
  /** One of the canonical span kinds (workflow, agent, llm, ...). */
  kind: 'orchescope.kind',
  /** The name the user gave an operation, where OpenTelemetry has no attribute for it. */
  name: 'orchescope.name',
  sdkVersion: 'orchescope.sdk.version',
  tags: 'orchescope.tags',
  /** JSON of a workflow's, agent's or step's input and output; subject to the capture setting. */
  input: 'orchescope.input',
  output: 'orchescope.output',
  contentTruncated: 'orchescope.content.truncated',
  /** Names of the tools that a model's answer asks for. */
  responseToolCalls: 'orchescope.response.tool_calls',
  /** USD as a double. */
  costUsd: 'orchescope.cost.usd',

  runId: 'orchescope.run.id',
  runParentId: 'orchescope.run.parent.id',
  /** completed | failed | cancelled | suspended | partial | terminated */
  runOutcome: 'orchescope.run.outcome',
  runReason: 'orchescope.run.reason',
  /** How any other operation ended when neither well nor by error: cancelled | abandoned. */
  outcome: 'orchescope.outcome',
  workflowPattern: 'orchescope.workflow.pattern',
  workflowVersion: 'orchescope.workflow.version',

  agentRole: 'orchescope.agent.role',

  stepType: 'orchescope.step.type',
  stepId: 'orchescope.step.id',
  /** 0-based position and total, for branches, rounds and stages. */
  stepIndex: 'orchescope.step.index',
  stepOf: 'orchescope.step.of',
  stepDependsOn: 'orchescope.step.depends_on',
  /** Where the work stood after the step; subject to the capture setting. */
  stepProgress: 'orchescope.step.progress',
  /** Agents that a step waits for; `gen_ai.agent.name` says who waits. A circle of them is a deadlock. */
  waitFor: 'orchescope.wait.for',
  /** Something that agents share, a document or a lock, by name. */
  resourceName: 'orchescope.resource.name',
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
  /** How it ended, on the span and on the metric: accepted | refused | failed | cancelled */
  handoffOutcome: 'orchescope.handoff.outcome',

  queueSystem: 'orchescope.queue.system',
  queueName: 'orchescope.queue.name',
  queueMessageId: 'orchescope.queue.message.id',
  queueMessageKey: 'orchescope.queue.message.key',
  /** Seconds, double: time between send and process. */
  queueWait: 'orchescope.queue.wait',
  /** Seconds, double: how long the sender asked for the message to be held back. */
  queueDelay: 'orchescope.queue.delay',

  /** 1 = the first try. */
  retryAttempt: 'orchescope.retry.attempt',

  guardrailName: 'orchescope.guardrail.name',
  guardrailTriggered: 'orchescope.guardrail.triggered',
  guardrailAction: 'orchescope.guardrail.action',

  /** What a person, a policy or a model was asked to approve. */
  approvalSubject: 'orchescope.approval.subject',
  /** approved | rejected | edited | expired */
  approvalDecision: 'orchescope.approval.decision',
  /** human | policy | model */
  approvalDeciderType: 'orchescope.approval.decider.type',

  /** What a framework calls the span that an integration made of it, and the id it has there. */
  sourceSpanType: 'orchescope.source.span.type',
  sourceSpanId: 'orchescope.source.span.id',

  /** On a span link: what the linked span is to this one. */
  linkRel: 'orchescope.link.rel',
  /** Prefix of the event names and of their attributes, e.g. orchescope.retry, orchescope.retry.attempt. */
  eventPrefix: 'orchescope.',
} as const;

/** Event type and its fields -> attribute names. The event's own name is `eventPrefix` + type. */
export const eventAttributes = {
  retry: {
    attempt: 'orchescope.retry.attempt',
    max: 'orchescope.retry.limit',
    /** Seconds, double. */
    delayMs: 'orchescope.retry.delay',
    reason: 'orchescope.retry.reason',
    withContext: 'orchescope.retry.with_context',
  },
  fallback: { from: 'orchescope.fallback.from', to: 'orchescope.fallback.to' },
  /** State: closed | open | half_open. */
  breaker: { name: 'orchescope.breaker.name', state: 'orchescope.breaker.state' },
  rejected: {
    /** backpressure | rate_limit | breaker | schema | budget | policy | unknown_tool | conflict */
    by: 'orchescope.rejected.by',
    target: 'orchescope.rejected.target',
    /** Seconds, double. */
    retryAfterMs: 'orchescope.rejected.retry_after',
  },
  escalation: { to: 'orchescope.escalation.to', reason: 'orchescope.escalation.reason' },
  review: {
    verdict: 'orchescope.review.verdict',
    score: 'orchescope.review.score',
    feedback: 'orchescope.review.feedback',
  },
  replan: {
    version: 'orchescope.plan.version',
    added: 'orchescope.replan.added',
    removed: 'orchescope.replan.removed',
  },
  vote: {
    round: 'orchescope.vote.round',
    agreement: 'orchescope.vote.agreement',
    winner: 'orchescope.vote.winner',
  },
  terminate: { reason: 'orchescope.terminate.reason' },
  /** A shared resource was read, or written. Version: a number or an etag; the base is what the writer had read. */
  read: {
    resource: 'orchescope.resource.name',
    version: 'orchescope.resource.version',
    by: 'gen_ai.agent.name',
  },
  write: {
    resource: 'orchescope.resource.name',
    version: 'orchescope.resource.version',
    basedOn: 'orchescope.resource.base_version',
    by: 'gen_ai.agent.name',
  },
  conflict: {
    resource: 'orchescope.resource.name',
    key: 'orchescope.conflict.key',
    strategy: 'orchescope.conflict.strategy',
    winner: 'orchescope.conflict.winner',
  },
  checkpoint: {
    op: 'orchescope.checkpoint.op',
    id: 'orchescope.checkpoint.id',
    step: 'orchescope.checkpoint.step',
  },
  interrupt: { reason: 'orchescope.interrupt.reason' },
  partial: {
    ok: 'orchescope.partial.ok',
    failed: 'orchescope.partial.failed',
    policy: 'orchescope.partial.policy',
  },
  queue: {
    name: 'orchescope.queue.name',
    depth: 'orchescope.queue.depth',
    /** Seconds, double. */
    waitMs: 'orchescope.queue.wait',
    priority: 'orchescope.queue.priority',
  },
  worker: {
    id: 'orchescope.worker.id',
    /** idle | busy | overloaded | failed | dead */
    state: 'orchescope.worker.state',
    pool: 'orchescope.worker.pool',
    load: 'orchescope.worker.load',
  },
  dead_letter: {
    destination: 'orchescope.dead_letter.destination',
    reason: 'orchescope.dead_letter.reason',
    attempts: 'orchescope.dead_letter.attempts',
  },
  appended: {
    stream: 'orchescope.appended.stream',
    version: 'orchescope.appended.version',
    event: 'orchescope.appended.event',
  },
  budget: {
    unit: 'orchescope.budget.unit',
    used: 'orchescope.budget.used',
    limit: 'orchescope.budget.limit',
  },
  loop: {
    kind: 'orchescope.loop.kind',
    period: 'orchescope.loop.period',
    repeats: 'orchescope.loop.repeats',
    signature: 'orchescope.loop.signature',
  },
} as const;

/** Metric names. Durations and waits are in seconds, tokens in {token}, cost in USD. */
export const metricNames = {
  clientDuration: 'gen_ai.client.operation.duration',
  timeToFirstChunk: 'gen_ai.client.operation.time_to_first_chunk',
  tokenUsage: 'gen_ai.client.token.usage',
  workflowDuration: 'gen_ai.workflow.duration',
  agentDuration: 'gen_ai.invoke_agent.duration',
  toolDuration: 'gen_ai.execute_tool.duration',
  /** The server's side of a request that its client measures as a tool, or as a step. */
  mcpServerDuration: 'mcp.server.operation.duration',
  operationDuration: 'orchescope.operation.duration',
  cost: 'orchescope.cost',
  handoffs: 'orchescope.handoffs',
  events: 'orchescope.events',
  loops: 'orchescope.loops',
  breakerTransitions: 'orchescope.breaker.transitions',
  /** 0 closed, 1 half open, 2 open. */
  breakerState: 'orchescope.breaker.state',
  queueDepth: 'orchescope.queue.depth',
  queueWait: 'orchescope.queue.wait.duration',
  /** Workers by the state they were last in. */
  workers: 'orchescope.workers',
  /** Those that are busy or overloaded. */
  workersBusy: 'orchescope.worker.busy',
  /** Finished tasks: workflows, and steps of the type `task`; `orchescope.kind` says which. */
  tasks: 'orchescope.tasks',
  taskDuration: 'orchescope.task.duration',
  tasksActive: 'orchescope.tasks.active',
} as const;

/** Labels that only metrics carry. */
export const metricLabels = {
  eventType: 'orchescope.event.type',
  eventState: 'orchescope.event.state',
  eventName: 'orchescope.event.name',
  taskName: 'orchescope.task.name',
  /** completed | partial | interrupted | terminated | failed | cancelled | abandoned */
  taskOutcome: 'orchescope.task.outcome',
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
