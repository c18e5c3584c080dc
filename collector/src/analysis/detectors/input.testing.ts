/** What detectors are given, made of spans alone: for tests that look at one detector and not at the whole of analysis. */
import type { RunStatus } from '../../run.ts';
import type { RunSpans } from '../../run-span.ts';
import { toRunTree, type RunNode, type RunTree } from '../tree/run-tree.ts';
import type { DetectorInput, Spent } from './detector.ts';
import { coveredNs } from './intervals.ts';

/** Unless told, now is a second after the last thing that happened. */
export function toTestInput(spans: RunSpans, nowMs?: number): DetectorInput {
  const tree = toRunTree(spans);
  const modelCalls = tree.nodes.filter(isCounted);
  return {
    tree,
    run: toTestRun(tree, modelCalls),
    modelCalls,
    spentUnder: toSpentUnder(tree, modelCalls),
    nowNs: nowMs === undefined ? tree.endNs + 1e9 : nowMs * 1e6,
  };
}

const isModelCall = ({ span: { kind } }: RunNode): boolean =>
  kind === 'llm' || kind === 'embedding';

/** The lowest of model calls within each other. */
function isCounted(node: RunNode): boolean {
  return isModelCall(node) && !node.children.some(isModelCall);
}

function toSpentUnder(tree: RunTree, modelCalls: readonly RunNode[]): DetectorInput['spentUnder'] {
  const spent = new Map<RunNode, Spent>();
  for (const call of modelCalls) {
    const { inputTokens, outputTokens, costTrillionths } = call.span;
    const tokens =
      inputTokens === null && outputTokens === null
        ? null
        : (inputTokens ?? 0) + (outputTokens ?? 0);
    for (let at: RunNode | null = call; at !== null; at = at.parent) {
      const sum = spent.get(at) ?? nothing;
      spent.set(at, {
        calls: sum.calls + 1,
        tokens: tokens === null ? sum.tokens : (sum.tokens ?? 0) + tokens,
        costTrillionths:
          costTrillionths === null
            ? sum.costTrillionths
            : (sum.costTrillionths ?? 0n) + costTrillionths,
      });
    }
  }
  return (node) => spent.get(node) ?? nothing;
}

const nothing: Spent = { calls: 0, tokens: null, costTrillionths: null };

function toTestRun(tree: RunTree, modelCalls: readonly RunNode[]): DetectorInput['run'] {
  const { nodes, roots, startNs, endNs, baseUnixNano } = tree;
  const root = roots.find(({ span }) => span.parentSpanId === '') ?? roots[0];
  const sum = (pick: (node: RunNode) => number | null): number | null =>
    modelCalls.reduce<number | null>((sum, node) => {
      const value = pick(node);
      return value === null ? sum : (sum ?? 0) + value;
    }, null);
  const costs = modelCalls.map(({ span }) => span.costTrillionths).filter((cost) => cost !== null);
  const names = (pick: (node: RunNode) => string): string[] => [
    ...new Set(nodes.map(pick).filter((name) => name !== '')),
  ];
  const toUnixNano = (ns: number): bigint => baseUnixNano + BigInt(Math.round(ns));
  const status = statusOf(root);
  const lastNs = nodes.reduce(
    (last, { span }) => Math.max(last, span.endNs ?? span.startNs),
    startNs,
  );
  const activeNs = coveredNs(nodes.map(({ span, endNs }) => ({ startNs: span.startNs, endNs })));
  return {
    projectId: 'default',
    runId: root === undefined ? '' : root.span.runId || `trace:${root.span.traceId}`,
    analysisVersion: 1,
    workflow: names(({ span }) => span.workflowName)[0] ?? '',
    workflowVersion: '',
    rootName: root?.span.name ?? '',
    rootTraceId: root?.span.traceId ?? '',
    rootSpanId: root?.span.spanId ?? '',
    status,
    statusReason: root?.span.statusMessage ?? '',
    errorType: root?.span.errorType ?? '',
    pattern: 'unknown',
    patternReason: '',
    startUnixNano: toUnixNano(startNs),
    endUnixNano: status === 'running' ? 0n : toUnixNano(endNs),
    lastActivityUnixNano: toUnixNano(lastNs),
    durationNs: endNs - startNs,
    activeNs,
    waitingNs: endNs - startNs - activeNs,
    traceIds: names(({ span }) => span.traceId),
    services: names(({ span }) => span.serviceName),
    serviceVersion: '',
    environment: '',
    agents: names(({ span }) => (span.kind === 'agent' ? span.agentName : '')),
    models: names(({ span }) => span.model),
    tools: names(({ span }) => span.toolName),
    conversationId: '',
    userId: '',
    tags: [],
    spanCount: nodes.length,
    leftOutSpanCount: 0,
    errorCount: nodes.filter(({ span }) => span.status === 'error').length,
    toolCallCount: nodes.filter(({ span }) => span.kind === 'tool').length,
    failedToolCallCount: 0,
    retryCount: 0,
    tokens: {
      input: sum(({ span }) => span.inputTokens),
      cacheRead: null,
      cacheWrite: null,
      output: sum(({ span }) => span.outputTokens),
      reasoning: null,
    },
    costTrillionths: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0n),
    unpricedCallCount: modelCalls.length - costs.length,
    agentCalls: [],
    modelCalls: [],
    handoffs: [],
    breakerTransitions: [],
    queueTakes: [],
    criticalPath: { shares: [], costOnPathTrillionths: 0n, slack: [] },
  };
}

function statusOf(root: RunNode | undefined): RunStatus {
  if (root === undefined || root.span.endNs === null) return 'running';
  const outcome = root.span.attributes.get('orchescope.run.outcome');
  if (outcome === 'suspended' || outcome === 'cancelled' || outcome === 'partial') return outcome;
  return root.span.status === 'error' ? 'failed' : 'completed';
}
