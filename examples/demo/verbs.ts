import { genAi, orchescope } from '@orchescope/sdk/attributes';
import type { Attributes } from './otlp.ts';
import type { Run } from './run.ts';
import type { Link, OpenSpan, SpanRef } from './trace.ts';

/** One function a kind of span. Each says how the span is named and which attributes belong to it. */

export type WorkflowFacts = {
  readonly pattern: string;
  readonly input: string;
  readonly links?: readonly Link[];
};

export function workflow(
  run: Run,
  name: string,
  facts: WorkflowFacts,
  body: (span: OpenSpan) => void,
): void {
  const attributes = {
    [genAi.operationName]: 'invoke_workflow',
    [genAi.workflowName]: name,
    [orchescope.workflowPattern]: facts.pattern,
    [orchescope.input]: facts.input,
  };
  const links = facts.links ?? [];
  run.open({ name: `invoke_workflow ${name}`, kind: 'workflow', attributes, links }, (span) => {
    span.set({ [orchescope.runOutcome]: 'completed' });
    body(span);
  });
}

export function agent<R>(run: Run, name: string, role: string, body: (span: OpenSpan) => R): R {
  const attributes = { [genAi.operationName]: 'invoke_agent', [orchescope.agentRole]: role };
  return run.open({ name: `invoke_agent ${name}`, kind: 'agent', agent: name, attributes }, body);
}

export type StepFacts = {
  readonly index?: number;
  readonly of?: number;
  readonly loop?: string;
  /** 1-based. */
  readonly iteration?: number;
  readonly attempt?: number;
  readonly dependsOn?: readonly string[];
  readonly links?: readonly Link[];
};

export function step<R>(
  run: Run,
  type: string,
  name: string,
  facts: StepFacts,
  body: (span: OpenSpan) => R,
): R {
  const attributes = known({
    [orchescope.stepType]: type,
    [orchescope.stepIndex]: facts.index,
    [orchescope.stepOf]: facts.of,
    [orchescope.stepDependsOn]: facts.dependsOn,
    [orchescope.loopName]: facts.loop,
    [orchescope.loopIteration]: facts.iteration,
    [orchescope.retryAttempt]: facts.attempt,
  });
  return run.open(
    { name: `step ${name}`, kind: 'step', attributes, links: facts.links ?? [] },
    body,
  );
}

export type ToolCall = {
  readonly name: string;
  readonly args: object;
  /** What it gave back, or how it failed. */
  readonly result: object | string | { readonly errorType: string; readonly message: string };
  /** Median; real durations scatter around it. */
  readonly ms: number;
};

/** Returns what the model is told. */
export function tool(run: Run, call: ToolCall, callId: string): string {
  const attributes = {
    [genAi.operationName]: 'execute_tool',
    [genAi.toolName]: call.name,
    [genAi.toolType]: 'function',
    [genAi.toolCallId]: callId,
    [genAi.toolCallArguments]: JSON.stringify(call.args),
  };
  return run.open({ name: `execute_tool ${call.name}`, kind: 'tool', attributes }, (span) => {
    run.wait(run.random.longTail(call.ms));
    const { result } = call;
    if (typeof result === 'object' && 'errorType' in result && 'message' in result) {
      span.event('exception', {
        'exception.type': result.errorType,
        'exception.message': result.message,
      });
      span.fail(result.errorType, result.message);
      return `error: ${result.message}`;
    }
    const text = typeof result === 'string' ? result : JSON.stringify(result);
    span.set({ [genAi.toolCallResult]: text });
    return text;
  });
}

export type Handoff = {
  readonly to: string;
  readonly reason: string;
  /** 1 = the first of the conversation. */
  readonly hop: number;
  readonly accepted?: boolean;
};

export function handoff(run: Run, facts: Handoff): void {
  const accepted = facts.accepted ?? true;
  const attributes = {
    [orchescope.handoffFrom]: run.agentName(),
    [orchescope.handoffTo]: facts.to,
    [orchescope.handoffHop]: facts.hop,
    [orchescope.handoffReason]: facts.reason,
    [orchescope.handoffAccepted]: accepted,
  };
  run.open({ name: `handoff ${facts.to}`, kind: 'handoff', attributes }, (span) => {
    run.wait(run.random.longTail(6));
    if (!accepted) span.fail('handoff_rejected', `${facts.to} did not take over: ${facts.reason}`);
  });
}

export type Document = { readonly id: string; readonly score: number };

export function retrieval(
  run: Run,
  source: string,
  query: string,
  documents: readonly Document[],
): void {
  const attributes = {
    [genAi.operationName]: 'retrieval',
    [genAi.dataSourceId]: source,
    [genAi.retrievalQueryText]: query,
    [genAi.retrievalTopK]: 8,
  };
  run.open({ name: `retrieval ${source}`, kind: 'retrieval', otelKind: 3, attributes }, (span) => {
    run.wait(run.random.longTail(140));
    span.set({ [genAi.retrievalDocuments]: JSON.stringify(documents) });
  });
}

export function embedding(run: Run, tokens: number): void {
  const attributes = {
    [genAi.operationName]: 'embeddings',
    [genAi.providerName]: 'openai',
    [genAi.requestModel]: 'text-embedding-3-small',
    [genAi.embeddingsDimensionCount]: 1536,
  };
  const spec = {
    name: 'embeddings text-embedding-3-small',
    kind: 'embedding',
    otelKind: 3,
    attributes,
  };
  run.open(spec, (span) => {
    run.wait(run.random.longTail(90));
    span.set({ [genAi.usageInputTokens]: tokens, [orchescope.costUsd]: tokens * 2e-8 });
  });
}

export function route(
  run: Run,
  candidates: readonly string[],
  selected: string,
  confidence: number,
): void {
  const attributes = {
    [orchescope.routeCandidates]: candidates,
    [orchescope.routeSelected]: selected,
    [orchescope.routeConfidence]: confidence,
    [orchescope.routeThreshold]: 0.6,
  };
  run.open({ name: `route ${selected}`, kind: 'route', attributes }, () =>
    run.wait(run.random.longTail(3)),
  );
}

export type Task = { readonly id: string; readonly dependsOn: readonly string[] };

/** The model call that makes the plan belongs into `body`. */
export function plan(run: Run, version: number, tasks: readonly Task[], body: () => void): void {
  const attributes = { [genAi.operationName]: 'plan', [orchescope.planVersion]: version };
  run.open({ name: `plan ${run.agentName()}`, kind: 'plan', attributes }, (span) => {
    body();
    span.set({ [orchescope.planTasks]: JSON.stringify(tasks) });
  });
}

export function guardrail(run: Run, name: string, triggered: boolean, action: string): void {
  const attributes = { [orchescope.guardrailName]: name };
  run.open({ name: `guardrail ${name}`, kind: 'guardrail', attributes }, (span) => {
    run.wait(run.random.longTail(45));
    span.set({ [orchescope.guardrailTriggered]: triggered, [orchescope.guardrailAction]: action });
  });
}

/** Somebody has to say yes; the span lasts as long as they take. */
export function approval(run: Run, subject: string, waitMs: number, decision: string): SpanRef {
  const attributes = { 'orchescope.approval.subject': subject };
  return run.open({ name: `approval ${subject}`, kind: 'approval', attributes }, (span) => {
    run.emit('interrupt', { reason: `waiting for a person to decide on ${subject}` });
    run.wait(waitMs);
    span.set({
      'orchescope.approval.decision': decision,
      'orchescope.approval.decider.type': 'human',
    });
    return span;
  });
}

function known(attributes: Record<string, Attributes[string] | undefined>): Attributes {
  const told = Object.entries(attributes).filter(
    (entry): entry is [string, Attributes[string]] => entry[1] !== undefined,
  );
  return Object.fromEntries(told);
}
