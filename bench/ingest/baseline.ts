/**
 * What a collector is compared with: the way most would write it. A library decodes the body to objects, each span becomes
 * an object of 28 columns, and these become lines of JSON for `INSERT ... FORMAT JSONEachRow`. No dialects, no prices.
 */
import { exportTraceServiceRequest } from './otlp-types.ts';

type AnyValue = {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: { toString(): string };
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly AnyValue[] };
  readonly kvlistValue?: { readonly values: readonly KeyValue[] };
};
type KeyValue = { readonly key: string; readonly value: AnyValue };
type Long = { toString(): string };
type Span = {
  readonly traceId: Buffer;
  readonly spanId: Buffer;
  readonly parentSpanId: Buffer;
  readonly traceState: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: Long;
  readonly endTimeUnixNano: Long;
  readonly attributes: readonly KeyValue[];
  readonly events: readonly {
    readonly timeUnixNano: Long;
    readonly name: string;
    readonly attributes: readonly KeyValue[];
  }[];
  readonly status: { readonly code: number; readonly message: string } | null;
};
type Request = {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string; readonly version: string };
      readonly spans: readonly Span[];
    }[];
  }[];
};

export function toJsonEachRow(body: Buffer): Buffer {
  const request = exportTraceServiceRequest.decode(body) as unknown as Request;
  const lines: string[] = [];
  for (const { resource, scopeSpans } of request.resourceSpans) {
    const resourceAttributes = toRecord(resource.attributes);
    for (const { scope, spans } of scopeSpans) {
      for (const span of spans) lines.push(JSON.stringify(toRow(span, scope, resourceAttributes)));
    }
  }
  return Buffer.from(lines.join('\n'));
}

function toRow(
  span: Span,
  scope: { readonly name: string; readonly version: string },
  resourceAttributes: Record<string, string>,
) {
  const attributes = toRecord(span.attributes);
  const start = BigInt(span.startTimeUnixNano.toString());
  const end = BigInt(span.endTimeUnixNano.toString());
  return {
    trace_id: span.traceId.toString('hex'),
    span_id: span.spanId.toString('hex'),
    parent_span_id: span.parentSpanId.toString('hex'),
    trace_state: span.traceState,
    name: span.name,
    kind: span.kind,
    start_time: start.toString(),
    duration_ns: (end - start).toString(),
    status_code: span.status?.code ?? 0,
    status_message: span.status?.message ?? '',
    service_name: resourceAttributes['service.name'] ?? '',
    scope_name: scope.name,
    scope_version: scope.version,
    operation: attributes['gen_ai.operation.name'] ?? '',
    provider: attributes['gen_ai.provider.name'] ?? '',
    model: attributes['gen_ai.response.model'] ?? attributes['gen_ai.request.model'] ?? '',
    agent_name: attributes['gen_ai.agent.name'] ?? '',
    tool_name: attributes['gen_ai.tool.name'] ?? '',
    conversation_id: attributes['gen_ai.conversation.id'] ?? '',
    input_tokens: Number(attributes['gen_ai.usage.input_tokens'] ?? 0),
    output_tokens: Number(attributes['gen_ai.usage.output_tokens'] ?? 0),
    input_messages: take(attributes, 'gen_ai.input.messages'),
    output_messages: take(attributes, 'gen_ai.output.messages'),
    attributes,
    resource_attributes: resourceAttributes,
    event_times: span.events.map((event) => event.timeUnixNano.toString()),
    event_names: span.events.map((event) => event.name),
    event_attributes: span.events.map((event) => toRecord(event.attributes)),
  };
}

/** Kept in a column of its own, so not twice. */
function take(attributes: Record<string, string>, key: string): string {
  const value = attributes[key] ?? '';
  delete attributes[key];
  return value;
}

function toRecord(attributes: readonly KeyValue[]): Record<string, string> {
  const record: Record<string, string> = {};
  for (const { key, value } of attributes) record[key] = toText(value);
  return record;
}

function toText(value: AnyValue): string {
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.intValue !== undefined) return value.intValue.toString();
  if (value.doubleValue !== undefined) return String(value.doubleValue);
  if (value.boolValue !== undefined) return String(value.boolValue);
  return JSON.stringify(toPlain(value));
}

function toPlain(value: AnyValue): unknown {
  if (value.arrayValue !== undefined) return value.arrayValue.values.map(toPlain);
  if (value.kvlistValue !== undefined) return toRecord(value.kvlistValue.values);
  return value.stringValue ?? value.doubleValue ?? value.boolValue ?? value.intValue?.toString();
}
