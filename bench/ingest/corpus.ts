/**
 * What agents send: 512 spans a request, 55 % model calls and 45 % tool calls, about 25 attributes each, one resource and
 * three scopes, 13 % of spans with an event. `heavy` carries two message bodies of one to two kilobytes on every span and
 * is about 3.6 kB a span in protobuf; `light` is the same without them, about 1 kB. The same seed gives the same bytes.
 */
import {
  toKeyValues,
  type OtlpSpan,
  type TraceRequest,
  type Value,
} from '../../examples/demo/otlp.ts';
import { createRandom, type Random } from '../../examples/demo/random.ts';
import { createWriter, type Writer } from './prose.ts';

export const corpusNames = ['heavy', 'light'] as const;
export type CorpusName = (typeof corpusNames)[number];

export const spansPerRequest = 512;

export type CorpusOptions = {
  readonly seed: number;
  /** Unix milliseconds at which the last span of a request ends. */
  readonly endUnixMs: number;
};

/** Every trace id of a request begins with the same six bytes, so that a copy gets ids of its own by changing them. */
export const idPrefixBytes = 6;

export function createRequest(name: CorpusName, { seed, endUnixMs }: CorpusOptions): TraceRequest {
  const random = createRandom(seed);
  const tell = { random, write: createWriter(random), hasBodies: name === 'heavy' };
  const prefix = random.hex(idPrefixBytes);
  const spans: Told[] = [];
  let run: Run | null = null;
  for (let i = 0; i < spansPerRequest; i++) {
    if (run === null || random.chance(0.08)) run = startRun(tell, prefix);
    spans.push(random.chance(0.55) ? tellChat(tell, run) : tellTool(tell, run));
  }
  return toRequest(spans, random, endUnixMs);
}

type Tell = { readonly random: Random; readonly write: Writer; readonly hasBodies: boolean };
type Entry = readonly [key: string, value: Value];
type Told = Pick<OtlpSpan, 'traceId' | 'parentSpanId' | 'name' | 'kind'> & {
  readonly scope: number;
  readonly entries: readonly Entry[];
};

/** One execution of an agent: what all of its spans tell alike. */
type Run = {
  readonly traceId: string;
  readonly rootSpanId: string;
  /** About one sender in ten instruments with OpenInference. */
  readonly isOpenInference: boolean;
  readonly entries: readonly Entry[];
  readonly system: string;
  readonly history: { role: string; text: string }[];
  steps: number;
};

const agents = ['planner', 'researcher', 'writer', 'critic', 'support-triage'] as const;
type Model = readonly [provider: string, name: string];
const models: readonly [Model, ...Model[]] = [
  ['openai', 'gpt-5.2'],
  ['openai', 'gpt-5-mini'],
  ['anthropic', 'claude-sonnet-4-5'],
  ['gcp.gemini', 'gemini-3-flash'],
  ['aws.bedrock', 'llama-4-70b'],
];
const tools = ['web_search', 'read_file', 'run_sql', 'send_email', 'list_tickets'] as const;

function startRun({ random, write }: Tell, prefix: string): Run {
  return {
    traceId: prefix + random.hex(16 - idPrefixBytes),
    rootSpanId: random.hex(8),
    isOpenInference: random.chance(0.1),
    entries: [
      ['gen_ai.conversation.id', `conv_${random.hex(8)}`],
      ['gen_ai.agent.name', random.pick(agents)],
      ['gen_ai.agent.id', `asst_${random.hex(8)}`],
      ['session.id', `sess-${random.hex(8)}`],
      ['user.id', `user-${random.int(1, 5000)}`],
    ],
    system: write(380),
    history: [{ role: 'user', text: write(420) }],
    steps: 0,
  };
}

/** What a team adds to every span. */
function ownEntries({ random }: Tell, run: Run): Entry[] {
  run.steps += 1;
  return [
    ...run.entries,
    ['deployment.environment.name', 'production'],
    ['code.function.name', random.pick(['runStep', 'callModel', 'dispatchTool', 'reduceState'])],
    ['thread.id', random.int(1, 32)],
    ['app.release', '2026.11.3'],
    ['app.tenant', `tenant-${random.int(1, 40)}`],
    ['app.step.index', run.steps],
    ['app.cached', random.chance(0.2)],
  ];
}

function tellChat(tell: Tell, run: Run): Told {
  const { random } = tell;
  const [provider, model] = random.pick(models);
  const usage = { input: random.int(300, 9000), output: random.int(10, 900) };
  const call = { provider, model, ...usage, answered: `${model}-2026-08-01` };
  const told = run.isOpenInference ? openInferenceChat(call, tell) : genAiChat(call, tell);
  const entries = [...told, ...chatBodies(tell, run), ...ownEntries(tell, run)];
  return { ...placeOf(run), name: `chat ${model}`, kind: 3, scope: 1, entries };
}

type Call = {
  readonly provider: string;
  readonly model: string;
  readonly answered: string;
  readonly input: number;
  readonly output: number;
};

function genAiChat({ provider, model, answered, input, output }: Call, { random }: Tell): Entry[] {
  return [
    ['gen_ai.operation.name', 'chat'],
    ['gen_ai.provider.name', provider],
    ['gen_ai.request.model', model],
    ['gen_ai.response.model', answered],
    ['gen_ai.response.id', `chatcmpl-${random.hex(12)}`],
    ['gen_ai.request.temperature', 0.1 + random.int(0, 8) / 10],
    ['gen_ai.request.max_tokens', 4096],
    ['gen_ai.response.finish_reasons', [random.pick(['stop', 'tool_calls', 'length'])]],
    ['gen_ai.usage.input_tokens', input],
    ['gen_ai.usage.output_tokens', output],
    ['gen_ai.usage.cache_read.input_tokens', Math.floor(input / 3)],
    ['server.address', `api.${provider}.com`],
    ['server.port', 443],
  ];
}

function openInferenceChat(call: Call, { random }: Tell): Entry[] {
  const { provider, answered, input, output } = call;
  return [
    ['openinference.span.kind', 'LLM'],
    ['llm.provider', provider],
    ['llm.system', provider],
    ['llm.model_name', answered],
    ['llm.invocation_parameters', `{"temperature":0.${random.int(1, 9)},"max_tokens":4096}`],
    ['llm.token_count.prompt', input],
    ['llm.token_count.completion', output],
    ['llm.token_count.total', input + output],
    ['llm.token_count.prompt_details.cache_read', Math.floor(input / 3)],
    ['input.mime_type', 'application/json'],
    ['output.mime_type', 'application/json'],
    ['server.address', `api.${provider}.com`],
    ['server.port', 443],
  ];
}

function chatBodies({ random, write, hasBodies }: Tell, run: Run): Entry[] {
  if (!hasBodies) return [];
  const reply = write(random.int(850, 1700));
  const asked = [{ role: 'system', text: run.system }, ...run.history.slice(-2)];
  run.history.push(
    { role: 'assistant', text: reply.slice(0, 400) },
    { role: 'user', text: write(random.int(150, 500)) },
  );
  const answer = [{ role: 'assistant', text: reply }];
  return run.isOpenInference
    ? [
        ['input.value', JSON.stringify({ messages: asked.map(toPlain) })],
        ['output.value', JSON.stringify({ messages: answer.map(toPlain) })],
      ]
    : [
        ['gen_ai.input.messages', JSON.stringify(asked.map(toParts))],
        ['gen_ai.output.messages', JSON.stringify(answer.map(toParts))],
      ];
}

const toParts = ({ role, text }: { role: string; text: string }) => ({
  role,
  parts: [{ type: 'text', content: text }],
});
const toPlain = ({ role, text }: { role: string; text: string }) => ({ role, content: text });

function tellTool(tell: Tell, run: Run): Told {
  const { random } = tell;
  const tool = random.pick(tools);
  const own: Entry[] = run.isOpenInference
    ? [
        ['openinference.span.kind', 'TOOL'],
        ['tool.name', tool],
        ['tool.id', `call_${random.hex(12)}`],
        ['tool.description', `Runs ${tool} for the agent`],
      ]
    : [
        ['gen_ai.operation.name', 'execute_tool'],
        ['gen_ai.tool.name', tool],
        ['gen_ai.tool.call.id', `call_${random.hex(12)}`],
        ['gen_ai.tool.type', 'function'],
        ['gen_ai.tool.description', `Runs ${tool} for the agent`],
      ];
  const call: Entry[] = [
    ['app.retry', random.int(0, 2)],
    ['url.full', `https://svc.example.com/v1/${tool}/${random.hex(4)}`],
    ['http.request.method', 'POST'],
    ['http.response.status_code', 200],
    ['server.address', 'svc.example.com'],
    ['server.port', 443],
  ];
  const entries = [...own, ...call, ...toolBodies(tell, run), ...ownEntries(tell, run)];
  const scope = random.chance(0.25) ? 2 : 0;
  return { ...placeOf(run), name: `execute_tool ${tool}`, kind: 1, scope, entries };
}

function toolBodies({ random, write, hasBodies }: Tell, { isOpenInference }: Run): Entry[] {
  if (!hasBodies) return [];
  const given = JSON.stringify({
    query: write(random.int(700, 1500)),
    limit: random.int(1, 50),
    filters: { lang: 'en', since: '2026-01-01' },
  });
  const row = () => ({
    id: random.int(1, 1_000_000),
    title: write(random.int(30, 70)),
    body: write(random.int(80, 160)),
  });
  const got = JSON.stringify({
    status: 'ok',
    rows: Array.from({ length: random.int(4, 9) }, row),
  });
  const [givenKey, gotKey] = isOpenInference
    ? ['input.value', 'output.value']
    : ['gen_ai.tool.call.arguments', 'gen_ai.tool.call.result'];
  return [
    [givenKey, given],
    [gotKey, got],
  ];
}

const placeOf = ({ traceId, rootSpanId }: Run) => ({ traceId, parentSpanId: rootSpanId });

const scopes = [
  { name: '@acme/agents', version: '1.4.2' },
  { name: '@opentelemetry/instrumentation-openai', version: '0.31.0' },
  { name: '@opentelemetry/instrumentation-http', version: '0.301.0' },
] as const;

function toRequest(told: readonly Told[], random: Random, endUnixMs: number): TraceRequest {
  const groups = scopes.map((scope) => ({ scope, spans: [] as OtlpSpan[] }));
  // A batch as an exporter fills it: spans of the last seconds, in the order they ended.
  const endNano = BigInt(endUnixMs) * 1_000_000n;
  for (const [at, span] of told.entries()) {
    const ended = endNano - BigInt((told.length - at) * random.int(2_000_000, 10_000_000));
    groups[span.scope]?.spans.push(toSpan(span, random, ended));
  }
  return {
    resourceSpans: [{ resource: { attributes: toKeyValues(resource) }, scopeSpans: groups }],
  };
}

function toSpan(told: Told, random: Random, ended: bigint): OtlpSpan {
  const { traceId, parentSpanId, name, kind } = told;
  const failed = random.chance(0.03);
  const started = ended - BigInt(random.int(1_000_000, 4_000_000_000));
  return {
    traceId,
    parentSpanId,
    name,
    kind,
    spanId: random.hex(8),
    startTimeUnixNano: String(started),
    endTimeUnixNano: String(ended),
    attributes: toKeyValues(told.entries),
    events: failed ? [exceptionAt(ended, random)] : random.chance(0.1) ? [chunkAt(started)] : [],
    links: [],
    status: failed
      ? { code: 2, message: 'upstream timed out after 30000 ms' }
      : { code: random.int(0, 1) },
  };
}

function exceptionAt(time: bigint, random: Random): OtlpSpan['events'][number] {
  const frame = () =>
    `    at ${random.pick(['run', 'call', 'next', 'step'])} (/app/src/${random.hex(3)}.ts:${random.int(1, 900)}:7)`;
  return {
    timeUnixNano: String(time),
    name: 'exception',
    attributes: toKeyValues([
      ['exception.type', 'TimeoutError'],
      ['exception.message', 'upstream timed out after 30000 ms'],
      ['exception.stacktrace', ['TimeoutError', ...Array.from({ length: 12 }, frame)].join('\n')],
    ]),
  };
}

function chunkAt(started: bigint): OtlpSpan['events'][number] {
  const attributes = toKeyValues([['app.chunk', 1]]);
  return { timeUnixNano: String(started + 300_000n), name: 'gen_ai.first_token', attributes };
}

const resource: readonly Entry[] = [
  ['service.name', 'support-agent'],
  ['service.version', '2026.11.3'],
  ['service.instance.id', '4f1c2a9be07d4c55a3b2d1c0ffee4242'],
  ['telemetry.sdk.name', 'opentelemetry'],
  ['telemetry.sdk.language', 'nodejs'],
  ['telemetry.sdk.version', '3.1.0'],
  ['host.name', 'ip-10-0-12-7'],
  ['process.pid', 4242],
  ['process.runtime.name', 'nodejs'],
  ['process.runtime.version', '24.21.0'],
  ['os.type', 'linux'],
  ['k8s.pod.name', 'support-agent-6d8f7c9b4-x2k9p'],
  ['k8s.namespace.name', 'prod'],
];
