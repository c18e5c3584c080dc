/** All facts of a run but its shape and its findings. */
import { orchescope } from '@orchescope/sdk/attributes';
import type { Run } from '../../run.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { toSubtrees, type Subtrees } from '../tree/subtrees.ts';
import { addTokens, noTokens, toTokenBuckets } from '../usage/token-buckets.ts';
import { agentOf, toAgentCall, toAgentCallNodes } from './agent-calls.ts';
import { toBreakerTransitions } from './breaker-transitions.ts';
import { rootOf, toExecutions } from './executions.ts';
import { toHandoffs } from './handoffs.ts';
import { isUnpriced, toModelCall } from './model-call.ts';
import { nameWorkflow } from './name-workflow.ts';
import { toQueueTakes } from './queue-takes.ts';
import { countRetries } from './retry-count.ts';
import { toVerdict } from './run-status.ts';
import { toRunTimes } from './run-times.ts';
import { hasFailed, textOf } from './span-facts.ts';
import { toToolNames } from './tool-of.ts';
import { toToolCalls } from './tool-calls.ts';

export type RunFacts = Omit<
  Run,
  'findings' | 'failedDetectors' | 'pattern' | 'patternReason' | 'criticalPath'
>;

export type RunInput = {
  readonly projectId: string;
  readonly runId: string;
  readonly tree: RunTree;
  /** Spans that were too many to analyse. */
  readonly leftOut: number;
  /** Now, in the time of the tree. */
  readonly nowNs: number;
  readonly analysisVersion: number;
  /** Those that count, see `toModelCalls`. */
  readonly modelCalls: readonly RunNode[];
};

export function toRunFacts(input: RunInput): RunFacts {
  const { tree, modelCalls, nowNs } = input;
  const subtrees = toSubtrees(tree);
  const agentCalls = toAgentCallNodes(tree, subtrees);
  const tools = toToolNames(subtrees.topDown);
  return {
    projectId: input.projectId,
    runId: input.runId,
    analysisVersion: input.analysisVersion,
    ...toOutcome(tree, subtrees, agentCalls, nowNs),
    ...toNames(tree),
    models: distinct(modelCalls.map(({ span }) => span.model)),
    spanCount: tree.nodes.length,
    leftOutSpanCount: input.leftOut,
    errorCount: tree.nodes.filter(({ span }) => hasFailed(span)).length,
    ...countToolCalls(tree, subtrees),
    retryCount: countRetries(subtrees),
    ...toUsage(modelCalls),
    agentCalls: agentCalls.map((node) => toAgentCall(node, tree.baseUnixNano)),
    modelCalls: modelCalls.map((node) =>
      toModelCall(node, tree.baseUnixNano, tools[node.at] ?? ''),
    ),
    handoffs: toHandoffs(tree, subtrees, modelCalls),
    breakerTransitions: toBreakerTransitions(tree),
    queueTakes: toQueueTakes(tree),
  };
}

type Outcome = Pick<
  RunFacts,
  | 'workflow'
  | 'workflowVersion'
  | 'rootName'
  | 'rootTraceId'
  | 'rootSpanId'
  | 'status'
  | 'statusReason'
  | 'errorType'
  | 'startUnixNano'
  | 'endUnixNano'
  | 'lastActivityUnixNano'
  | 'durationNs'
  | 'activeNs'
  | 'waitingNs'
>;

function toOutcome(
  tree: RunTree,
  subtrees: Subtrees,
  agentCalls: readonly RunNode[],
  nowNs: number,
): Outcome {
  const executions = toExecutions(tree);
  const [main] = executions;
  const root = main === undefined ? null : rootOf(main);
  const { status, reason, errorType } = toVerdict(tree, subtrees, executions, nowNs);
  const { startNs, endNs, activeNs } = toRunTimes(tree);
  const toUnixNano = (ns: number): bigint => tree.baseUnixNano + BigInt(Math.round(ns));
  return {
    workflow: nameWorkflow(tree, main, agentCalls),
    workflowVersion: firstText(tree, orchescope.workflowVersion),
    rootName: root?.span.name ?? '',
    rootTraceId: root?.span.traceId ?? '',
    rootSpanId: root?.span.parentSpanId === '' ? root.span.spanId : '',
    status,
    statusReason: reason,
    errorType,
    startUnixNano: toUnixNano(startNs),
    endUnixNano: status === 'running' ? 0n : toUnixNano(endNs),
    lastActivityUnixNano: toUnixNano(endNs),
    durationNs: endNs - startNs,
    activeNs,
    waitingNs: endNs - startNs - activeNs,
  };
}

function firstText({ nodes }: RunTree, key: string): string {
  const told = nodes.find(({ span }) => textOf(span, key) !== '');
  return told === undefined ? '' : textOf(told.span, key);
}

type Names = Pick<
  RunFacts,
  | 'traceIds'
  | 'services'
  | 'serviceVersion'
  | 'environment'
  | 'agents'
  | 'tools'
  | 'conversationId'
  | 'userId'
  | 'tags'
>;

function toNames({ nodes }: RunTree): Names {
  const spans = nodes.map(({ span }) => span);
  return {
    traceIds: distinct(spans.map(({ traceId }) => traceId)),
    services: distinct(spans.map(({ serviceName }) => serviceName)),
    serviceVersion: spans.find(({ serviceVersion }) => serviceVersion !== '')?.serviceVersion ?? '',
    environment: spans.find(({ environment }) => environment !== '')?.environment ?? '',
    agents: distinct(nodes.map(agentOf)),
    tools: distinct(spans.map(({ toolName, kind }) => (kind === 'handoff' ? '' : toolName))),
    conversationId: spans.find(({ conversationId }) => conversationId !== '')?.conversationId ?? '',
    userId: spans.find(({ userId }) => userId !== '')?.userId ?? '',
    tags: distinct(spans.flatMap(({ attributes }) => toTexts(attributes.get(orchescope.tags)))),
  };
}

function toTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** In order of first appearance, empty ones left out. */
function distinct(names: readonly string[]): string[] {
  const all = new Set(names);
  all.delete('');
  return [...all];
}

function countToolCalls(
  tree: RunTree,
  subtrees: Subtrees,
): Pick<RunFacts, 'toolCallCount' | 'failedToolCallCount'> {
  const calls = toToolCalls(tree, subtrees);
  const failed = calls.filter(({ span }) => hasFailed(span));
  return { toolCallCount: calls.length, failedToolCallCount: failed.length };
}

function toUsage(
  modelCalls: readonly RunNode[],
): Pick<RunFacts, 'tokens' | 'costTrillionths' | 'unpricedCallCount'> {
  return {
    tokens: modelCalls.reduce((sum, { span }) => addTokens(sum, toTokenBuckets(span)), noTokens),
    costTrillionths: modelCalls.reduce<bigint | null>(
      (sum, { span: { costTrillionths: cost } }) => (cost === null ? sum : (sum ?? 0n) + cost),
      null,
    ),
    unpricedCallCount: modelCalls.filter(isUnpriced).length,
  };
}
