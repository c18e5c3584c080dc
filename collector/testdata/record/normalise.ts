/**
 * Makes recordings of the same program alike: ids, times, paths and generated names become counters. Only spans that
 * run at the same time may change places from one recording to the next.
 */

export type RecordedRequest = {
  readonly resourceSpans: readonly unknown[];
  readonly resourceLogs?: readonly unknown[];
};

const firstTimeUnixNano = 1_763_690_400_000_000_000n;
const stepNano = 1_000_000n;

/** Attributes that hold a measured duration. */
const measured = new Set([
  'gen_ai.client.operation.duration',
  'gen_ai.client.operation.time_to_first_chunk',
  'gen_ai.client.operation.time_per_output_chunk',
  'gen_ai.response.time_to_first_chunk',
  'gen_ai.execute_tool.duration',
  'gen_ai.server.time_to_first_token',
  'ai.response.msToFirstChunk',
  'ai.response.msToFinish',
  'ai.response.avgOutputTokensPerSecond',
  'ai.response.avgCompletionTokensPerSecond',
  'ai.stream.msToFirstChunk',
]);

/** Attributes that hold an id without a shape of its own, or something about the machine that recorded. */
const generated = new Set([
  'gcp.vertex.agent.event_id',
  'service.instance.id',
  'service.version',
  'process.pid',
  'process.runtime.description',
  'host.name',
  'host.id',
  'os.version',
  'server.port',
  'code.lineno',
  'thread.id',
  'weave.sys_version',
  'weave.os_name',
  'weave.os_version',
  'weave.os_release',
]);

/** `places` are folders of the machine that recorded. */
export function normalise(whole: RecordedRequest, places: readonly string[]): RecordedRequest {
  const times = rankTimes(JSON.stringify(whole));
  const ids = new Map<string, string>();
  return walk(whole) as RecordedRequest;

  function walk(value: unknown, field = ''): unknown {
    if (Array.isArray(value)) return value.map((item) => walk(item, field));
    if (typeof value === 'string') return normaliseText(field, value);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, item]) => [name, walk(item, name)]);
    return keepSteady(Object.fromEntries(entries) as Record<string, unknown>);
  }

  function normaliseText(field: string, text: string): string {
    if (field.endsWith('UnixNano')) return times.get(text) ?? text;
    const isId = /^(?!0+$)(?:[0-9a-f]{16}|[0-9a-f]{32})$/.test(text);
    if (isId || /^(traceId|spanId|parentSpanId)$/.test(field)) return countId(text, text.length);
    return places
      .reduce((rest, place) => rest.replaceAll(place, '/app'), text)
      .replaceAll(/(?<=Traceback \(most recent call last\):\n)[\s\S]*\n(?=[\w.]+(?:Error|Exception)\b)/g, '  File "/app/main.py", line 1\n')
      .replaceAll(/(127\.0\.0\.1|localhost):\d{4,5}/g, '$1:8080')
      .replaceAll(/\n {4}at [\s\S]*/g, '\n    at app (/app/main.ts:1:1)')
      .replaceAll(/\d{4}-\d\d-\d\d([T ])\d\d:\d\d:\d\d\.\d{3}(?:\d{3})?(?:Z|\+00:00)?/g, '2025-11-21$102:00:00.000Z')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => countId(id, 8))
      .replaceAll(/(?<=\bspan_)[0-9a-f]{24}/g, (id) => countId(id, 24))
      .replaceAll(/(?<=\btrace_)[0-9a-f]{32}/g, (id) => countId(id, 32))
      .replaceAll(/(?<=\b(?:aitxt|msg|aiobj|call)-)[A-Za-z0-9]{16,}/g, (id) => countId(id, 1));
  }

  function countId(id: string, length: number): string {
    const known = ids.get(id) ?? (ids.size + 1).toString(16).padStart(length, '0');
    ids.set(id, known);
    return known;
  }
}

/** Every distinct time -> its place in order, one millisecond apart. */
function rankTimes(json: string): Map<string, string> {
  const found = new Set(json.match(/(?<="[A-Za-z]*UnixNano":")\d+/g) ?? []);
  const sorted = [...found].map(BigInt).sort((a, b) => (a < b ? -1 : 1));
  return new Map(
    sorted.map((time, rank) => [String(time), String(firstTimeUnixNano + BigInt(rank) * stepNano)]),
  );
}

function keepSteady(object: Record<string, unknown>): Record<string, unknown> {
  const key = String(object['key']);
  const value = (object['value'] ?? {}) as Readonly<Record<string, unknown>>;
  const isWhole = 'intValue' in value;
  if (key.startsWith('host.') || generated.has(key)) {
    return { ...object, value: isWhole ? { intValue: '1' } : { stringValue: 'generated' } };
  }
  if (!measured.has(key)) return object;
  return { ...object, value: isWhole ? { intValue: '250' } : { doubleValue: 0.25 } };
}
