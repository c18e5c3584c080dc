/** Facts of runs as a person reads them: a line each for calls and handoffs, and nothing of what is not known. */
import type { AgentCall, Handoff, ModelCall, QueueTake, TokenBuckets } from '../../run.ts';
import type { RunFacts } from './to-run.ts';

export function printRuns(recorded: Readonly<Record<string, readonly RunFacts[]>>): string {
  const printed = Object.entries(recorded).map(([name, runs]) => [name, runs.map(printRun)]);
  return `${JSON.stringify(Object.fromEntries(printed), null, 2)}\n`;
}

function printRun(run: RunFacts): Readonly<Record<string, unknown>> {
  const {
    projectId: _,
    analysisVersion: __,
    serviceVersion: ___,
    environment: ____,
    ...told
  } = run;
  const printed = {
    ...told,
    startUnixNano: String(run.startUnixNano),
    endUnixNano: String(run.endUnixNano),
    lastActivityUnixNano: undefined,
    tokens: printTokens(run.tokens),
    costTrillionths: undefined,
    costUsd: printUsd(run.costTrillionths),
    agentCalls: run.agentCalls.map(printAgentCall),
    modelCalls: run.modelCalls.map(printModelCall),
    handoffs: run.handoffs.map(printHandoff),
    breakerTransitions: run.breakerTransitions.map(({ breaker, state }) => `${breaker} ${state}`),
    queueTakes: run.queueTakes.map(printTake),
  };
  return Object.fromEntries(Object.entries(printed).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  const isNothing = value === '' || value === 0 || value === null || value === undefined;
  return isNothing || (Array.isArray(value) && value.length === 0);
}

function printAgentCall({ agent, durationNs, failed }: AgentCall): string {
  return `${agent}: ${printMs(durationNs)}${failed ? ', failed' : ''}`;
}

function printModelCall(call: ModelCall): string {
  const { model, provider, agent, durationNs, failed, firstTokenNs, tokens } = call;
  const by = agent === '' ? '' : ` for ${agent}`;
  const firstToken = firstTokenNs === null ? '' : `, first token after ${printMs(firstTokenNs)}`;
  const cost = printUsd(call.costTrillionths);
  return [
    `${model || 'a model'} of ${provider || 'nobody'}${by}: ${printMs(durationNs)}${firstToken}`,
    printTokens(tokens) || 'no tokens told',
    cost === null ? 'no price' : `${cost} USD`,
    ...(failed ? ['failed'] : []),
  ].join('; ');
}

function printHandoff({ from, to, outcome, latencyNs, contextTokens }: Handoff): string {
  const taken = latencyNs === null ? 'never taken over' : `taken over after ${printMs(latencyNs)}`;
  const context = contextTokens === null ? '' : ` with ${contextTokens} tokens`;
  return `${from || 'nobody'} -> ${to}: ${outcome}, ${taken}${context}`;
}

function printTake({ queue, waitNs, failed }: QueueTake): string {
  return `${queue}: waited ${waitNs === null ? 'nobody knows how long' : printMs(waitNs)}${failed ? ', failed' : ''}`;
}

function printTokens(tokens: TokenBuckets): string {
  const told = Object.entries(tokens).filter(([, count]) => count !== null);
  return told.map(([bucket, count]) => `${bucket} ${count}`).join(', ');
}

function printMs(ns: number | null): string {
  return ns === null ? 'still running' : `${ns / 1e6} ms`;
}

function printUsd(trillionths: bigint | null): string | null {
  if (trillionths === null) return null;
  const digits = String(trillionths).padStart(13, '0');
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, '');
}
