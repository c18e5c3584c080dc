/**
 * Calls priced in a second of one core, by the pricer itself and with reading their charges from attributes: a mix of
 * models as a month has them, nine of ten calls plain, the others with tiers, sound or searches. The median of the
 * rounds, by processor time: `node bench/pricing.ts [--rounds 7] [--calls 200000]`.
 */
import { parseArgs } from 'node:util';
import { readCharges } from '../collector/src/ingest/pricing/charges.ts';
import { createPricer, type Call } from '../collector/src/ingest/pricing/pricer.ts';
import type { AttributeValue } from '../collector/src/span.ts';
import { percentile } from './percentile.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    calls: { type: 'string', default: '200000' },
  },
});
const goalPerSecond = 500_000;
const command = 'node bench/pricing.ts';

const models = [
  ['openai', 'gpt-4o-2024-11-20'],
  ['openai', 'gpt-5-mini-2025-08-07'],
  ['openai', 'gpt-5.4'],
  ['openai', 'o4-mini-2025-04-16'],
  ['anthropic', 'claude-sonnet-4-5-20250929'],
  ['anthropic', 'claude-haiku-4-5-20251001'],
  ['gcp.gemini', 'gemini-2.5-flash'],
  ['gcp.vertex_ai', 'gemini-3-pro-preview'],
  ['aws.bedrock', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
  ['azure.ai.openai', 'gpt-4.1-2025-04-14'],
  ['deepseek', 'deepseek-v4-pro'],
  ['groq', 'openai/gpt-oss-120b'],
  ['mistral_ai', 'mistral-large-2512'],
  ['x_ai', 'grok-4.3'],
  ['ollama', 'llama3.3:70b'],
  ['', 'a-model-nobody-knows'],
] as const;

/** What stands on one call in ten. */
const charged: readonly (readonly [string, AttributeValue])[][] = [
  [['openai.response.service_tier', 'flex']],
  [['gen_ai.usage.audio.input_tokens', 120]],
  [['orchescope.usage.tools.web_search', 2]],
  [['gen_ai.usage.cache_creation.ephemeral_1h_input_tokens', 64]],
];

type Sent = { readonly call: Call; readonly attributes: ReadonlyMap<string, AttributeValue> };

function createCalls(count: number): readonly Sent[] {
  const startUnixMs = Date.parse('2026-11-01T00:00:00Z');
  return Array.from({ length: count }, (_, at): Sent => {
    const [provider, modelAnswered] = models[(at * 7) % models.length] ?? models[0];
    const cached = at % 3 === 0 ? 4_096 + (at % 512) : 0;
    const more = at % 10 === 0 ? (charged[(at / 10) % charged.length] ?? []) : [];
    const attributes = new Map<string, AttributeValue>([
      ['gen_ai.operation.name', 'chat'],
      ['gen_ai.provider.name', provider],
      ['gen_ai.request.model', modelAnswered],
      ['gen_ai.usage.input_tokens', 1_500 + (at % 4_000) + cached],
      ['gen_ai.usage.output_tokens', 300 + (at % 900)],
      ['openai.api.type', 'responses'],
      ['openai.response.service_tier', 'default'],
      ...more,
    ]);
    const call: Call = {
      kind: 'llm',
      provider,
      modelRequested: modelAnswered,
      modelAnswered,
      usage: {
        inputTokens: 1_500 + (at % 4_000) + cached,
        outputTokens: 300 + (at % 900),
        cacheReadTokens: cached,
        cacheWriteTokens: at % 4 === 0 ? 256 : null,
        reasoningTokens: at % 2 === 0 ? 128 : null,
      },
      charges: readCharges(attributes),
      reportedUsd: at % 20 === 0 ? '0.0123' : null,
      startUnixMs: startUnixMs + at * 13_000,
      durationNano: 2_000_000_000n,
    };
    return { call, attributes };
  });
}

const sent = createCalls(Number(values.calls));
const price = createPricer();

/** Calls for each second of processor time. */
function measure(task: (one: Sent) => unknown): number {
  const before = process.cpuUsage();
  let priced = 0;
  for (const one of sent) if (task(one) !== null) priced += 1;
  const { user, system } = process.cpuUsage(before);
  if (priced === 0) throw new Error('nothing was priced');
  return sent.length / ((user + system) / 1e6);
}

const tasks = {
  'priced, charges already read': ({ call }: Sent) => price(call).costUsd,
  'charges read from attributes, and priced': ({ call, attributes }: Sent) =>
    price(Object.assign(call, { charges: readCharges(attributes) })).costUsd,
};

const figures = new Map<string, number[]>();
// The first round finds the prices and lets the engine warm up.
for (let round = -1; round < Number(values.rounds); round += 1) {
  for (const [name, task] of Object.entries(tasks)) {
    const figure = measure(task);
    if (round >= 0) figures.set(name, [...(figures.get(name) ?? []), figure]);
  }
}
for (const [name, all] of figures) {
  const median = Math.round(percentile(all, 0.5));
  const verdict = median >= goalPerSecond ? 'ok' : 'BELOW';
  console.log(
    `${name}: ${median.toLocaleString('en')} calls/s/core (goal ${goalPerSecond.toLocaleString('en')}, ${verdict}) | ${command}`,
  );
}
