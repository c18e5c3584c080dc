import type { Span } from '../../collector/src/span.ts';
import { decodeJson } from '../../collector/src/ingest/otlp/decode-json.ts';
import { createPricer } from '../../collector/src/ingest/pricing/pricer.ts';
import { toPricedSpan } from '../../collector/src/ingest/pricing/to-priced-span.ts';
import { readResource, readScope } from '../../collector/src/ingest/to-span/read-resource.ts';
import { toSpan } from '../../collector/src/ingest/to-span/to-span.ts';
import {
  toKeyValues,
  type OtlpSpan,
  type ResourceSpans,
  type Value,
} from '../../examples/demo/otlp.ts';
import { createRandom, type Random } from '../../examples/demo/random.ts';
import { createAgents } from '../shapes/agents.ts';

/**
 * Spans of agent runs without bodies, some hundred runs at a time. `agents` are the runs of shapes/agents.ts, as our SDK
 * writes them: workflow, agents, steps, model and tool calls, retries, handoffs. `attributes` are model and tool calls
 * alone, with 25 attributes each, 1 kB on the wire, as instrumentations and applications write them, random ids among them.
 */
export const spanSources = { agents: createAgentRuns, attributes: createAttributeSpans } as const;

export type SpanBatches = {
  /** The next `count` spans in the order of their start. */
  readonly next: (count: number) => Span[];
};

type Run = {
  readonly traceId: string;
  readonly rootId: string;
  readonly own: Readonly<Record<string, Value>>;
  left: number;
  step: number;
  parentId: string;
};

type Model = readonly [provider: string, requested: string, answered: string];
const models: readonly [Model, ...Model[]] = [
  ['openai', 'gpt-5.2', 'gpt-5.2-2025-12-11'],
  ['openai', 'gpt-5-mini', 'gpt-5-mini-2025-08-07'],
  ['anthropic', 'claude-sonnet-4-5', 'claude-sonnet-4-5-20250929'],
  ['gcp.gemini', 'gemini-3-flash', 'gemini-3-flash'],
];
const agents = ['planner', 'researcher', 'writer', 'critic', 'support-triage'] as const;
const tools = ['web_search', 'read_file', 'run_sql', 'send_email', 'list_tickets'] as const;
const openRuns = 300;
/** Spans of one process share a resource; a request of an exporter holds 512. */
const processes = 4;

function createAttributeSpans(seed: number): SpanBatches {
  const random = createRandom(seed);
  const runs: Run[] = Array.from({ length: openRuns }, () => startRun(random));
  let clockUnixNano = 1_795_000_000_000_000_000n;
  const resources = Array.from({ length: processes }, () => toResource(random));

  function next(count: number): Span[] {
    const perResource = resources.map((): OtlpSpan[] => []);
    for (let made = 0; made < count; made++) {
      const at = random.int(0, openRuns - 1);
      const run = runs[at] as Run;
      clockUnixNano += BigInt(random.int(10_000, 300_000));
      perResource[at % processes]?.push(toOtlp(random, run, clockUnixNano));
      if (run.left === 0) runs[at] = startRun(random);
    }
    return perResource.flatMap((spans, at) =>
      toCanonical(toResourceSpans(resources[at] ?? {}, spans)),
    );
  }

  return { next };
}

/** Runs begin one after the other, so that hundreds are open at a time; exporters send what has ended. */
function createAgentRuns(seed: number): SpanBatches {
  const random = createRandom(seed);
  let waiting: Span[] = [];
  let runs = 0;

  function next(count: number): Span[] {
    while (waiting.length < count + openRuns * 60) {
      const endUnixMs = 1_795_000_000_000 + (runs += 1) * 40;
      const shape = createAgents(random.int(8, 120), { seed: seed * 1_000_003 + runs, endUnixMs });
      for (const request of shape.requests) waiting.push(...toCanonical(request.resourceSpans));
    }
    waiting.sort((a, b) => Number(a.endTimeUnixNano - b.endTimeUnixNano));
    const spans = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return spans;
  }

  return { next };
}

const price = createPricer();

export function toCanonical(resourceSpans: readonly ResourceSpans[]): Span[] {
  const body = Buffer.from(JSON.stringify({ resourceSpans }));
  return decodeJson(body).resourceSpans.flatMap(({ scopeSpans, ...decoded }) => {
    const resource = readResource(decoded);
    return scopeSpans.flatMap((one) => {
      const context = {
        projectId: 'default',
        receivedUnixNano: 0n,
        resource,
        scope: readScope(one),
      };
      return one.spans.map((source) => {
        const result = toSpan(source, context);
        if (!result.ok) throw new Error(result.reason);
        return toPricedSpan(result.span, price);
      });
    });
  });
}

function toResourceSpans(
  attributes: Readonly<Record<string, Value>>,
  spans: OtlpSpan[],
): ResourceSpans[] {
  const scopeSpans = [{ scope: { name: '@acme/agents', version: '1.4.2' }, spans }];
  return [{ resource: { attributes: toKeyValues(Object.entries(attributes)) }, scopeSpans }];
}

function startRun(random: Random): Run {
  const rootId = random.hex(8);
  return {
    traceId: random.hex(16),
    rootId,
    parentId: rootId,
    left: random.int(8, 60),
    step: 0,
    own: {
      'gen_ai.conversation.id': `conv_${random.hex(8)}`,
      'gen_ai.agent.name': random.pick(agents),
      'gen_ai.agent.id': `asst_${random.hex(8)}`,
      'session.id': `sess-${random.hex(8)}`,
      'user.id': `user-${random.int(1, 5000)}`,
      'deployment.environment.name': 'production',
      'app.release': '2026.11.3',
      'app.tenant': `tenant-${random.int(1, 40)}`,
    },
  };
}

function toOtlp(random: Random, run: Run, startUnixNano: bigint): OtlpSpan {
  run.left -= 1;
  const failed = random.chance(0.03);
  const call = random.chance(0.55) ? chat(random) : callTool(random);
  const spanId = run.step === 0 ? run.rootId : random.hex(8);
  const parentSpanId = run.step === 0 ? '' : run.parentId;
  // A step of the loop is the parent of the calls that follow it.
  if (random.chance(0.25)) run.parentId = spanId;
  const attributes = {
    ...call.attributes,
    ...run.own,
    'thread.id': random.int(1, 32),
    'app.step.index': run.step++,
    'app.cached': random.chance(0.2),
  };
  const endUnixNano = startUnixNano + BigInt(Math.round(random.longTail(900, 1) * 1e6));
  return {
    traceId: run.traceId,
    spanId,
    parentSpanId,
    name: call.name,
    kind: call.kind,
    startTimeUnixNano: String(startUnixNano),
    endTimeUnixNano: String(endUnixNano),
    attributes: toKeyValues(Object.entries(attributes)),
    events: [],
    links: [],
    status: failed ? { code: 2, message: 'upstream timed out after 30000 ms' } : { code: 0 },
  };
}

type Call = { readonly name: string; readonly kind: number; readonly attributes: object };

function chat(random: Random): Call {
  const [provider, model, answered] = random.pick(models);
  const inputTokens = Math.round(random.longTail(3200, 0.8));
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': model,
    'gen_ai.response.model': answered,
    'gen_ai.response.id': `chatcmpl-${random.hex(12)}`,
    'gen_ai.request.temperature': random.int(0, 10) / 10,
    'gen_ai.request.max_tokens': 4096,
    'gen_ai.response.finish_reasons': [random.pick(['stop', 'tool_calls'])],
    'gen_ai.usage.input_tokens': inputTokens,
    'gen_ai.usage.output_tokens': Math.round(random.longTail(350, 0.7)),
    'gen_ai.usage.cache_read.input_tokens': Math.floor(inputTokens / 3),
    'server.address': `api.${provider}.com`,
    'server.port': 443,
  };
  return { name: `chat ${model}`, kind: 3, attributes };
}

function callTool(random: Random): Call {
  const tool = random.pick(tools);
  const attributes = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': tool,
    'gen_ai.tool.call.id': `call_${random.hex(12)}`,
    'gen_ai.tool.type': 'function',
    'gen_ai.tool.description': `Runs ${tool} for the agent`,
    'app.retry': random.int(0, 2),
    'url.full': `https://svc.example.com/v1/${tool}`,
    'http.request.method': 'POST',
    'http.response.status_code': 200,
    'server.address': 'svc.example.com',
    'server.port': 443,
  };
  return { name: `execute_tool ${tool}`, kind: 1, attributes };
}

function toResource(random: Random): Readonly<Record<string, Value>> {
  return {
    'service.name': 'support-agent',
    'service.version': '2026.11.3',
    'service.instance.id': random.hex(16),
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.version': '2.12.1',
    'host.name': `ip-10-0-12-${random.int(1, 250)}`,
    'process.pid': random.int(100, 30_000),
    'process.runtime.name': 'nodejs',
    'process.runtime.version': '24.21.0',
    'os.type': 'linux',
    'k8s.pod.name': `support-agent-6d8f7c9b4-${random.hex(3)}`,
    'k8s.namespace.name': 'prod',
  };
}
