/** A decoded log record, in whatever dialect, becomes a canonical one. None is rejected for what it says. */
import { logFlags, type LogFact, type LogRecord } from '../../log-record.ts';
import type { Attributes, Usage } from '../../span.ts';
import type { EventRule } from '../dialects/events.ts';
import { readMilliseconds } from '../dialects/readers.ts';
import type { DecodedLog } from '../otlp/decoded-logs.ts';
import { readCharges } from '../pricing/charges.ts';
import { noCost, type Cost, type Pricer } from '../pricing/pricer.ts';
import {
  cutAttributes,
  cutText,
  cutValue,
  maxAttributeBytes,
  maxContentBytes,
  maxNameBytes,
  newCuts,
  type Cuts,
} from '../to-span/limits.ts';
import { readDialect } from '../to-span/read-dialect.ts';
import type { Fields } from '../to-span/read-fields.ts';
import { flagIf } from '../to-span/read-flags.ts';
import { isSpanId, isTraceId } from '../to-span/read-ids.ts';
import type { Resource, Scope } from '../to-span/read-resource.ts';
import { readUsage } from '../to-span/read-usage.ts';
import { messageEventSlots } from '../to-span/rules.ts';
import { readEventContent } from './event-content.ts';
import { readEventFields } from './event-fields.ts';
import { readEvent } from './event-rules.ts';
import { readEvaluation } from './read-evaluation.ts';

export type LogContext = {
  readonly projectId: string;
  readonly receivedUnixNano: bigint;
  readonly resource: Resource;
  readonly scope: Scope;
  readonly price: Pricer;
};

/** @param position of the record in its request */
export function toLog(decoded: DecodedLog, position: number, context: LogContext): LogRecord {
  const { resource, scope } = context;
  const cuts = newCuts();
  const { name, rule, dialect: sender } = readEvent(decoded, scope.scopeName);
  const usual = rule?.fact ?? guessFact(name, decoded.attributes);
  const fields = readEventFields(decoded.attributes, usual, rule);
  const fact = fields.get('errorType') === null ? usual : (rule?.failedFact ?? usual);
  const messageSlot = messageEventSlots.get(name) ?? '';
  const { content, rest } =
    messageSlot === ''
      ? readEventContent(decoded.attributes, fact, rule, cuts)
      : { content: [], rest: decoded.attributes };
  const dialect = readDialect(scope.scopeName, decoded.attributes);
  const record = {
    projectId: context.projectId,
    ...readPlace(decoded),
    position,
    severityNumber: decoded.severityNumber,
    severityText: cutText(decoded.severityText, maxNameBytes, cuts),
    eventName: cutText(name, maxNameBytes, cuts),
    traceFlags: decoded.flags,
    body: cutValue(decoded.body, cuts, maxContentBytes),
    attributes: cutAttributes(rest, cuts, messageSlot === '' ? maxAttributeBytes : maxContentBytes),
    resourceAttributes: resource.resourceAttributes,
    scopeAttributes: scope.scopeAttributes,
    serviceName: resource.serviceName,
    scopeName: scope.scopeName,
    scopeVersion: scope.scopeVersion,
    dialect: dialect === 'otel' && sender !== '' ? sender : dialect,
    fact,
    content,
    messageSlot,
    evaluation: fact === 'evaluation' ? readEvaluation(decoded.attributes, cuts) : null,
    durationMs: readDuration(decoded.attributes, rule),
    ...readNames(fields, rule, fact, decoded.attributes, cuts),
  } as const;
  const time = readTime(decoded, context.receivedUnixNano);
  const usage = readEventUsage(fields, rule);
  return {
    ...record,
    timeUnixNano: time.timeUnixNano,
    observedTimeUnixNano: decoded.observedTimeUnixNano,
    usage,
    ...(fact === 'llm_call'
      ? toCost({ ...record, ...time, usage }, fields, context.price)
      : noCost),
    droppedAttributes: decoded.droppedAttributes + cuts.droppedAttributes,
    // Last, when everything that could be cut has been.
    flags:
      resource.flags |
      scope.flags |
      time.flags |
      flagIf(logFlags.truncated, cuts.truncated || decoded.cut),
  };
}

/** OpenTelemetry asks receivers to read a wrong id as none: the record belongs to no trace. */
function readPlace({ traceId, spanId }: DecodedLog): Pick<LogRecord, 'traceId' | 'spanId'> {
  if (!isTraceId(traceId)) return { traceId: '', spanId: '' };
  return { traceId, spanId: isSpanId(spanId) ? spanId : '' };
}

const oneDayNano = 86_400_000_000_000n;

function readTime(
  { timeUnixNano, observedTimeUnixNano }: DecodedLog,
  receivedUnixNano: bigint,
): Pick<LogRecord, 'timeUnixNano' | 'flags'> {
  const time = timeUnixNano || observedTimeUnixNano || receivedUnixNano;
  const flags =
    flagIf(logFlags.noTime, timeUnixNano === 0n) |
    flagIf(logFlags.badTime, time > receivedUnixNano + oneDayNano);
  return { timeUnixNano: time, flags };
}

function guessFact(name: string, attributes: Attributes): LogFact {
  if (messageEventSlots.has(name)) return 'message';
  return name.endsWith('.exception') || attributes.has('exception.type') ? 'error' : 'other';
}

function readNames(
  fields: Fields,
  rule: EventRule | null,
  fact: LogFact,
  attributes: Attributes,
  cuts: Cuts,
) {
  const text = (field: Parameters<Fields['get']>[0]): string =>
    cutText(String(fields.get(field) ?? ''), maxNameBytes, cuts);
  const exception = attributes.get('exception.type');
  const isException = fact === 'error' && typeof exception === 'string';
  return {
    conversationId: text('conversationId'),
    userId: text('userId'),
    agentName: text('agentName'),
    provider: text('provider') || (rule?.provider ?? ''),
    modelRequested: text('modelRequested'),
    modelAnswered: text('modelAnswered'),
    toolName: text('toolName'),
    toolCallId: text('toolCallId'),
    responseId: text('responseId'),
    errorType: text('errorType') || (isException ? cutText(exception, maxNameBytes, cuts) : ''),
  };
}

function readDuration(attributes: Attributes, rule: EventRule | null): number | null {
  if (rule?.durationKey === undefined) return null;
  const seconds = readMilliseconds(attributes.get(rule.durationKey) ?? null);
  return seconds === null ? null : seconds * 1_000;
}

function readEventUsage(fields: Fields, rule: EventRule | null): Usage {
  const usage = readUsage(fields, {
    kind: 'llm',
    rawKind: '',
    isNamed: false,
    repeatsUsage: false,
    cacheBesideInput: rule?.cacheBesideInput === true,
  });
  const { outputTokens, reasoningTokens } = usage;
  // Where the total said so, it is in there already.
  const isIncluded = outputTokens !== fields.get('outputTokens');
  if (rule?.reasoningBesideOutput !== true || outputTokens === null || isIncluded) return usage;
  return { ...usage, outputTokens: outputTokens + (reasoningTokens ?? 0) };
}

type PricedFields = Pick<
  LogRecord,
  | 'provider'
  | 'modelRequested'
  | 'modelAnswered'
  | 'timeUnixNano'
  | 'usage'
  | 'attributes'
  | 'durationMs'
>;

function toCost(record: PricedFields, fields: Fields, price: Pricer): Cost {
  return price({
    kind: 'llm',
    provider: record.provider,
    modelRequested: record.modelRequested,
    modelAnswered: record.modelAnswered,
    usage: record.usage,
    charges: readCharges(record.attributes),
    reportedUsd: fields.get('costUsd'),
    startUnixMs: Number(record.timeUnixNano / 1_000_000n),
    durationNano: toNano(record.durationMs),
  });
}

function toNano(milliseconds: number | null): bigint | null {
  return milliseconds === null ? null : BigInt(Math.round(milliseconds * 1_000_000));
}
