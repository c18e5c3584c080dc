/**
 * What each kind of operation may say about itself. Every field is optional unless it identifies the kind.
 *
 * @example const facts: Facts['route'] = { candidates: ['billing', 'orders'], selected: 'orders', confidence: 0.9 };
 */
export interface Facts {
  workflow: {
    pattern?: Pattern;
    /** One execution, whatever number of processes and pauses. Generated when not given. */
    runId?: string;
    version?: string;
    input?: unknown;
    output?: unknown;
    outcome?: 'completed' | 'partial' | 'interrupted' | 'terminated';
    reason?: string;
  };
  agent: { id?: string; role?: string; version?: string; input?: unknown; output?: unknown };
  llm: {
    provider?: string;
    model?: string;
    responseModel?: string;
    responseId?: string;
    finishReasons?: readonly string[];
    usage?: Usage;
    /** USD. */
    costUsd?: number;
    stream?: boolean;
    input?: unknown;
    output?: unknown;
  };
  embedding: { provider?: string; model?: string; usage?: Usage; dimensions?: number };
  tool: {
    callId?: string;
    type?: 'function' | 'extension' | 'datastore';
    args?: unknown;
    result?: unknown;
  };
  retrieval: { source?: string; query?: string; topK?: number; documents?: readonly Doc[] };
  plan: { version?: number; tasks?: readonly PlanTask[] };
  step: {
    type: StepType;
    id?: string;
    /** 0-based position and total, for branches, rounds and stages. */
    index?: number;
    of?: number;
    dependsOn?: readonly string[];
    /** Agents that the agent at work waits for. Agents that wait for each other in a circle are deadlocked. */
    waitsFor?: string | readonly string[];
    /** What it waits for or works on, when others share it: a document, a lock. By name. */
    resource?: string;
    /** Name of the loop and 1-based round this step is. */
    loop?: string;
    iteration?: number;
    /** 1 = the first try. */
    attempt?: number;
    /** Whatever tells one state of the work from another. The same five times in a row is reported as a loop; sent with capture `full` alone. */
    progress?: string | number;
    input?: unknown;
    output?: unknown;
  };
  route: {
    candidates?: readonly string[];
    selected?: string;
    confidence?: number;
    threshold?: number;
    escalated?: boolean;
  };
  handoff: {
    from?: string;
    to?: string;
    hop?: number;
    allowed?: readonly string[];
    reason?: string;
    accepted?: boolean;
  };
  send: { system: string; destination: string; messageId?: string; key?: string };
  process: {
    system: string;
    destination: string;
    messageId?: string;
    attempt?: number;
    queuedMs?: number;
  };
  guardrail: { triggered?: boolean; action?: 'allow' | 'block' | 'redact' | 'escalate' };
}

/** What a span is: `workflow`, `agent`, `llm`, `tool`, `step`, `handoff` and seven more. */
export type Kind = keyof Facts;

/** How a workflow is organised; any other word is allowed. */
export type Pattern =
  | 'sequential'
  | 'parallel'
  | 'router'
  | 'handoff'
  | 'supervisor'
  | 'hierarchical'
  | 'group_chat'
  | 'plan_execute'
  | 'debate'
  | 'swarm'
  | 'peer'
  | 'saga'
  | (string & {});

/** The part a step plays in its workflow. */
export type StepType =
  | 'stage'
  | 'transform'
  | 'branch'
  | 'aggregate'
  | 'attempt'
  | 'review'
  | 'round'
  | 'turn'
  | 'node'
  | 'iteration'
  | 'arbitrate'
  | 'resolve'
  | 'action'
  | 'compensation'
  | 'project'
  | 'task'
  /** Time spent waiting, not working: shown apart. */
  | 'wait'
  | 'backoff'
  | 'approval'
  | 'queue';

/**
 * Tokens of one model call. Input includes cached tokens, output includes reasoning, as providers bill them.
 *
 * @example op.set({ usage: { inputTokens: 1_200, cacheReadTokens: 1_000, outputTokens: 80 } });
 */
export type Usage = {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly reasoningTokens?: number;
};

/**
 * A document that a retrieval found. Only `id` and `score` are written, whatever else it holds.
 *
 * @example const documents: Doc[] = hits.map(({ id, score }) => ({ id, score }));
 */
export type Doc = { readonly id: string; readonly score?: number };

/**
 * A task of a plan and the tasks it waits for.
 *
 * @example const tasks: PlanTask[] = [{ id: 'read' }, { id: 'write', dependsOn: ['read'] }];
 */
export type PlanTask = { readonly id: string; readonly dependsOn?: readonly string[] };
