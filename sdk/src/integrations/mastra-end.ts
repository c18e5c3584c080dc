import type { Attributes } from '@opentelemetry/api';
import { genAi, orchescope } from '../attributes.ts';
import type { Facts, Kind, Usage } from '../facts.ts';
import { captureMode, toText } from '../redact.ts';
import type { Op } from '../spec.ts';
import { at, listAt, numberAt, textAt, told } from './json.ts';
import { toInputMessages, toOutputMessages } from './mastra-messages.ts';
import { stoppedOf, type MastraRecord } from './mastra-record.ts';

/** Writes what Mastra says of a span when it ends. `ended` is its `ExportedSpan`. */
export const tellEnd = (record: MastraRecord, op: Op<Kind>, ended: unknown): void => {
  const attributes = at(ended, 'attributes');
  const input = at(ended, 'input');
  const output = at(ended, 'output');
  if (record.kind === 'llm') tellCall(record, op, ended);
  else if (record.kind === 'tool') set<'tool'>(op, { args: input, result: output });
  else if (record.kind === 'route') set<'route'>(op, selected(attributes));
  else if (record.kind === 'guardrail') set<'guardrail'>(op, verdict(attributes));
  else if (record.kind === 'embedding')
    set<'embedding'>(op, told({ usage: readUsage(at(attributes, 'usage')) }));
  // A turn's messages are those of the model call inside.
  else if (record.kind !== 'retrieval' && record.type !== 'model_step')
    set<'step'>(op, told({ input, output }));
  if (record.kind === 'workflow') tellRun(record, op, textAt(attributes, 'status'));
  if (record.kind === 'agent') tellAgent(record, op, attributes);
  if (record.type === 'scorer_run') tellScore(record, op, output);
  if (record.kind === 'step' && textAt(attributes, 'status') === 'suspended')
    op.emit({ type: 'interrupt', reason: 'suspended' });
};

/** Facts of whatever kind the record is. */
const set = <K extends Kind>(op: Op<Kind>, facts: Partial<Facts[K]>): void => {
  op.set(facts as Partial<Facts[Kind]>);
};

const tellCall = (record: MastraRecord, op: Op<Kind>, ended: unknown): void => {
  const attributes = at(ended, 'attributes');
  const reason = textAt(attributes, 'finishReason');
  set<'llm'>(
    op,
    told({
      usage: readUsage(at(attributes, 'usage')),
      finishReasons: reason === undefined ? undefined : [reason],
      responseModel: textAt(attributes, 'responseModel'),
      responseId: textAt(attributes, 'responseId'),
      stream: at(attributes, 'streaming') === true ? true : undefined,
      input: toInputMessages(at(ended, 'input') ?? record.parent?.input),
      output: toOutputMessages(at(ended, 'output')),
    }),
  );
  const names = listAt(ended, 'output', 'toolCalls').flatMap(
    (one) => textAt(one, 'toolName') ?? [],
  );
  const about: Attributes = {};
  if (names.length > 0) about[orchescope.responseToolCalls] = names.slice(0, 128);
  const first = at(attributes, 'completionStartTime');
  const firstMs = first instanceof Date ? first.getTime() : Date.parse(String(first));
  const seconds = (firstMs - record.startedMs) / 1000;
  if (seconds >= 0) about[genAi.responseTimeToFirstChunk] = seconds;
  op.span.setAttributes(about);
};

/** As OpenTelemetry counts: input with cached tokens, output with reasoning. A call that failed has no numbers. */
const readUsage = (usage: unknown): Usage | undefined => {
  const found = told({
    inputTokens: numberAt(usage, 'inputTokens'),
    outputTokens: numberAt(usage, 'outputTokens'),
    cacheReadTokens: numberAt(usage, 'inputDetails', 'cacheRead'),
    cacheWriteTokens: numberAt(usage, 'inputDetails', 'cacheWrite'),
    reasoningTokens: numberAt(usage, 'outputDetails', 'reasoning'),
  });
  return Object.keys(found).length > 0 ? found : undefined;
};

const selected = (attributes: unknown): Partial<Facts['route']> => {
  const steps = listAt(attributes, 'selectedSteps').map(String);
  return steps.length > 0 ? { selected: steps.join(', ') } : {};
};

const verdict = (attributes: unknown): Facts['guardrail'] =>
  at(attributes, 'tripwireAbort') === undefined
    ? { triggered: false, action: 'allow' }
    : { triggered: true, action: 'block' };

const pauses: ReadonlySet<unknown> = new Set(['suspended', 'waiting', 'paused']);

const tellRun = (record: MastraRecord, op: Op<Kind>, status: string | undefined): void => {
  if (pauses.has(status)) {
    set<'workflow'>(op, { outcome: 'interrupted', reason: String(status) });
    op.emit({ type: 'checkpoint', op: 'save', id: record.runId ?? '' });
  } else if (status === 'tripwire')
    set<'workflow'>(op, { outcome: 'terminated', reason: 'tripwire' });
  else if (status === 'success' || status === 'bailed')
    set<'workflow'>(op, { outcome: 'completed' });
};

const tellAgent = (record: MastraRecord, op: Op<Kind>, attributes: unknown): void => {
  const target = textAt(attributes, 'tripwireAbort', 'processorId');
  if (at(attributes, 'tripwireAbort') !== undefined)
    op.emit({ type: 'rejected', by: 'policy', ...(target !== undefined && { target }) });
  if (stoppedOf(record) !== 'suspended') return;
  op.emit({ type: 'interrupt', reason: 'suspended' });
  op.emit({ type: 'checkpoint', op: 'save', id: record.runId ?? '' });
  if (record.parent === undefined) op.span.setAttribute(orchescope.runOutcome, 'suspended');
};

/** As OpenTelemetry tells an evaluation: an event on the span that made it. */
const tellScore = (record: MastraRecord, op: Op<Kind>, output: unknown): void => {
  const score = numberAt(output, 'score');
  const reason = captureMode() === 'off' ? undefined : textAt(output, 'reason');
  if (score === undefined) return;
  op.span.addEvent(genAi.evaluationResult, {
    [genAi.evaluationName]: record.name,
    [genAi.evaluationScoreValue]: score,
    ...(reason !== undefined && {
      [genAi.evaluationExplanation]: toText(genAi.evaluationExplanation, reason),
    }),
  });
};

/** Why a span failed, as an error; nothing when it did not. */
export const failureOf = (record: MastraRecord, ended: unknown): Error | undefined => {
  const attributes = at(ended, 'attributes');
  const info = at(ended, 'errorInfo');
  // A guardrail that stops something has done its work.
  if (at(attributes, 'tripwireAbort') !== undefined) return undefined;
  if (info !== undefined) return toError(info);
  if (stoppedOf(record) === 'aborted' || textAt(attributes, 'status') === 'canceled')
    return named('AbortError', 'aborted');
  if (record.kind === 'llm' && textAt(attributes, 'finishReason') === 'error')
    return named('ModelError', 'the model call failed');
  if (record.kind === 'tool' && at(attributes, 'success') === false)
    return named('ToolError', 'the tool failed');
  return undefined;
};

/** Mastra wraps what steps throw: the first word of the stack says what it was. */
const toError = (info: unknown): Error => {
  const name = textAt(info, 'name') ?? 'Error';
  const stack = textAt(info, 'stack');
  const thrown = /^(\w*(?:Error|Exception))\b/.exec(stack ?? '')?.[1];
  const error = named(name === 'Error' ? (thrown ?? name) : name, textAt(info, 'message') ?? name);
  return stack === undefined ? error : Object.assign(error, { stack });
};

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });
