/** OTLP/JSON bodies for tests: only what a test says differs from a dull span. */
type Value = string | number | boolean;

export type TestSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** Milliseconds before now. */
  readonly agoMs: number;
  readonly durationMs: number;
  readonly failed?: string;
  /** Told by its start alone; `durationMs` means nothing. */
  readonly isRunning?: boolean;
  readonly attributes?: readonly (readonly [string, Value])[];
  readonly events?: readonly {
    readonly name: string;
    readonly attributes: readonly (readonly [string, Value])[];
  }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
};

export function toRequest(service: string, spans: readonly TestSpan[]): unknown {
  return {
    resourceSpans: [
      {
        resource: { attributes: toKeyValues([['service.name', service]]) },
        scopeSpans: [{ scope: { name: 'e2e' }, spans: spans.map(toOtlp) }],
      },
    ],
  };
}

export type TestLog = {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly eventName: string;
  readonly body?: string;
  readonly attributes?: readonly (readonly [string, Value])[];
};

export function toLogRequest(service: string, logs: readonly TestLog[]): unknown {
  return {
    resourceLogs: [
      {
        resource: { attributes: toKeyValues([['service.name', service]]) },
        scopeLogs: [{ scope: { name: 'e2e' }, logRecords: logs.map(toLogRecord) }],
      },
    ],
  };
}

function toLogRecord({ body, attributes = [], ...log }: TestLog, at: number): unknown {
  return {
    ...log,
    timeUnixNano: `${Date.now() + at}000000`,
    ...(body === undefined ? {} : { body: { stringValue: body } }),
    attributes: toKeyValues(attributes),
  };
}

/** 32 hex characters, one trace a number. */
export function traceIdOf(number: number): string {
  return number.toString(16).padStart(32, 'a');
}

export function spanIdOf(number: number): string {
  return number.toString(16).padStart(16, 'b');
}

function toOtlp(span: TestSpan): unknown {
  const startMs = Date.now() - span.agoMs;
  const start = `${startMs}000000`;
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? '',
    name: span.name,
    kind: 1,
    startTimeUnixNano: start,
    endTimeUnixNano: span.isRunning === true ? '0' : `${startMs + span.durationMs}000000`,
    attributes: toKeyValues(span.attributes ?? []),
    events: (span.events ?? []).map(({ name, attributes }) => ({
      name,
      timeUnixNano: start,
      attributes: toKeyValues(attributes),
    })),
    links: span.links ?? [],
    status: span.failed === undefined ? { code: 0 } : { code: 2, message: span.failed },
  };
}

function toKeyValues(pairs: readonly (readonly [string, Value])[]): unknown[] {
  return pairs.map(([key, value]) => ({ key, value: toAnyValue(value) }));
}

function toAnyValue(value: Value): unknown {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
