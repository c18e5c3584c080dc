/** Columns of an answer as spans again. */
import type { RunSpan } from '../run-span.ts';
import { costSources, priceMatches, spanKinds, spanStatuses, type Attributes } from '../span.ts';
import { fromAttributeText } from './attribute-text.ts';
import type { NativeColumn, TextColumn } from './read-native.ts';
import { runSpanColumns, unknownCost } from './run-spans-sql.ts';

export type RunSpanRow = {
  readonly startUnixNano: bigint;
  /** 0 while it is running. */
  readonly version: bigint;
  readonly mapperVersion: number;
  readonly priceEdition: number;
  readonly retentionDays: number;
  readonly span: Omit<RunSpan, 'startNs' | 'endNs' | 'events' | 'digests'>;
  /** JSON of times, names and attributes. */
  readonly events: string;
};

type ColumnName = keyof typeof runSpanColumns;

export function toRunSpanRows(columns: readonly NativeColumn[]): RunSpanRow[] {
  const byName = new Map(Object.keys(runSpanColumns).map((name, at) => [name, columns[at]]));
  const text = (name: ColumnName): ((row: number) => string) => {
    const { texts, index } = (byName.get(name) ?? noTexts) as TextColumn;
    return (row) => texts[index[row] ?? 0] ?? '';
  };
  const number = (name: ColumnName): ((row: number) => number) => {
    const values = byName.get(name) as Float64Array | undefined;
    return (row) => values?.[row] ?? 0;
  };
  const big = (name: ColumnName): ((row: number) => bigint) => {
    const values = byName.get(name) as BigInt64Array | undefined;
    return (row) => values?.[row] ?? 0n;
  };
  const orNull = (name: ColumnName): ((row: number) => number | null) => {
    const values = number(name);
    // What is no number at all was not told either.
    return (row) => (values(row) >= 0 && values(row) < Infinity ? values(row) : null);
  };
  const parsed = <T>(name: ColumnName, parse: (text: string) => T): ((row: number) => T) => {
    const { texts, index } = (byName.get(name) ?? noTexts) as TextColumn;
    // Many spans say the same.
    const known: T[] = [];
    return (row) => (known[index[row] ?? 0] ??= parse(texts[index[row] ?? 0] ?? ''));
  };
  const [start, version, cost] = [big('start'), big('version'), big('cost')];
  const computedCost = big('computedCost');
  const [costSource, priceMatch] = [number('costSource'), number('priceMatch')];
  const [kind, status] = [number('kind'), number('status')];
  const [mapperVersion, retentionDays] = [number('mapperVersion'), number('retentionDays')];
  const priceEdition = number('priceEdition');
  const events = text('events');
  const readers = {
    traceId: text('traceId'),
    spanId: text('spanId'),
    parentSpanId: text('parentSpanId'),
    name: text('name'),
    kind: (row: number) => spanKinds[kind(row)] ?? 'other',
    rawKind: text('rawKind'),
    dialect: text('dialect'),
    otelKind: number('otelKind'),
    status: (row: number) => spanStatuses[status(row)] ?? 'unset',
    statusMessage: text('statusMessage'),
    errorType: text('errorType'),
    flags: number('flags'),
    serviceName: text('serviceName'),
    serviceVersion: text('serviceVersion'),
    environment: text('environment'),
    runId: text('runId'),
    workflowName: text('workflowName'),
    agentName: text('agentName'),
    toolName: text('toolName'),
    toolCallId: text('toolCallId'),
    conversationId: text('conversationId'),
    userId: text('userId'),
    provider: text('provider'),
    model: text('model'),
    responseId: text('responseId'),
    finishReasons: parsed('finishReasons', (json) =>
      json === '' ? [] : (JSON.parse(json) as string[]),
    ),
    inputTokens: orNull('inputTokens'),
    outputTokens: orNull('outputTokens'),
    cacheReadTokens: orNull('cacheReadTokens'),
    cacheWriteTokens: orNull('cacheWriteTokens'),
    reasoningTokens: orNull('reasoningTokens'),
    costTrillionths: (row: number) => (cost(row) === unknownCost ? null : cost(row)),
    costSource: (row: number) => costSources[costSource(row)] ?? 'none',
    computedTrillionths: (row: number) =>
      computedCost(row) === unknownCost ? null : computedCost(row),
    priceMatch: (row: number) => priceMatches[priceMatch(row)] ?? 'none',
    timeToFirstChunk: orNull('timeToFirstChunk'),
    attempt: number('attempt'),
    loopIteration: number('loopIteration'),
    stepIndex: number('stepIndex'),
    handoffFrom: text('handoffFrom'),
    handoffTo: text('handoffTo'),
    attributes: parsed('attributes', toAttributes),
    links: parsed('links', toLinks),
  } satisfies { readonly [K in keyof RunSpanRow['span']]: (row: number) => RunSpanRow['span'][K] };
  const count = (byName.get('version') as BigUint64Array | undefined)?.length ?? 0;
  return Array.from({ length: count }, (_, row) => ({
    startUnixNano: start(row),
    version: version(row),
    mapperVersion: mapperVersion(row),
    priceEdition: priceEdition(row),
    retentionDays: retentionDays(row),
    events: events(row),
    span: readRow(readers, row),
  }));
}

const noTexts: TextColumn = { texts: [], index: new Int32Array() };

type Readers = { readonly [K in keyof RunSpanRow['span']]: (row: number) => RunSpanRow['span'][K] };

/** One literal: objects of one shape are small and quick. */
function readRow(of: Readers, row: number): RunSpanRow['span'] {
  return {
    traceId: of.traceId(row),
    spanId: of.spanId(row),
    parentSpanId: of.parentSpanId(row),
    name: of.name(row),
    kind: of.kind(row),
    rawKind: of.rawKind(row),
    dialect: of.dialect(row),
    otelKind: of.otelKind(row),
    status: of.status(row),
    statusMessage: of.statusMessage(row),
    errorType: of.errorType(row),
    flags: of.flags(row),
    serviceName: of.serviceName(row),
    serviceVersion: of.serviceVersion(row),
    environment: of.environment(row),
    runId: of.runId(row),
    workflowName: of.workflowName(row),
    agentName: of.agentName(row),
    toolName: of.toolName(row),
    toolCallId: of.toolCallId(row),
    conversationId: of.conversationId(row),
    userId: of.userId(row),
    provider: of.provider(row),
    model: of.model(row),
    responseId: of.responseId(row),
    finishReasons: of.finishReasons(row),
    inputTokens: of.inputTokens(row),
    outputTokens: of.outputTokens(row),
    cacheReadTokens: of.cacheReadTokens(row),
    cacheWriteTokens: of.cacheWriteTokens(row),
    reasoningTokens: of.reasoningTokens(row),
    costTrillionths: of.costTrillionths(row),
    costSource: of.costSource(row),
    computedTrillionths: of.computedTrillionths(row),
    priceMatch: of.priceMatch(row),
    timeToFirstChunk: of.timeToFirstChunk(row),
    attempt: of.attempt(row),
    loopIteration: of.loopIteration(row),
    stepIndex: of.stepIndex(row),
    handoffFrom: of.handoffFrom(row),
    handoffTo: of.handoffTo(row),
    attributes: of.attributes(row),
    links: of.links(row),
  };
}

function toAttributes(json: string): Attributes {
  if (json === '') return new Map();
  const [keys, values, typeKeys, typeNames] = JSON.parse(json) as [
    string[],
    string[],
    string[],
    string[],
  ];
  const types = new Map(typeKeys.map((key, at) => [key, typeNames[at]]));
  return new Map(
    keys.map((key, at) => [key, fromAttributeText(types.get(key) ?? 'string', values[at] ?? '')]),
  );
}

function toLinks(json: string): RunSpan['links'] {
  if (json === '') return [];
  const links = JSON.parse(json) as [string, string, string][];
  return links.map(([traceId, spanId, rel]) => ({ traceId, spanId, rel }));
}
