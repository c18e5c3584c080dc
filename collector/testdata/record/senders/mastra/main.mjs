// Mastra with its OpenTelemetry exporter: an agent with a tool, and a workflow with a branch.
import { Agent } from '@mastra/core/agent';
import { Mastra } from '@mastra/core/mastra';
import { createTool } from '@mastra/core/tools';
import { createStep, createWorkflow } from '@mastra/core/workflows';
import { Observability } from '@mastra/observability';
import { OtelExporter } from '@mastra/otel-exporter';
import { MockLanguageModelV3 as MockModel } from 'ai/test';
import { z } from 'zod';

const usage = {
  inputTokens: { total: 320, noCache: 64, cacheRead: 256, cacheWrite: 0 },
  outputTokens: { total: 40, text: 28, reasoning: 12 },
};
const chunks = (...content) => [
  { type: 'stream-start', warnings: [] },
  { type: 'response-metadata', id: 'resp_1', modelId: 'gpt-5-mini-2025-08-07', timestamp: new Date(0) },
  ...content,
];
const finish = (unified) => ({ type: 'finish', usage, finishReason: { unified, raw: unified } });
const answers = [
  chunks(
    { type: 'tool-call', toolCallId: 'call_1', toolName: 'getWeather', input: '{"city":"Lisbon"}' },
    finish('tool-calls'),
  ),
  chunks(
    { type: 'text-start', id: '1' },
    { type: 'text-delta', id: '1', delta: '21 degrees in Lisbon.' },
    { type: 'text-end', id: '1' },
    finish('stop'),
  ),
];
const model = new MockModel({
  provider: 'openai.responses',
  modelId: 'gpt-5-mini',
  doStream: async () => ({ stream: ReadableStream.from(answers.shift()) }),
});

const getWeather = createTool({
  id: 'getWeather',
  description: 'Weather of a city',
  inputSchema: z.object({ city: z.string() }),
  execute: async () => ({ city: 'Lisbon', celsius: 21 }),
});
const forecaster = new Agent({
  id: 'forecaster',
  name: 'Forecaster',
  instructions: 'Be short.',
  model,
  tools: { getWeather },
});

const look = createStep({
  id: 'look',
  inputSchema: z.object({ city: z.string() }),
  outputSchema: z.object({ celsius: z.number() }),
  execute: async () => ({ celsius: 21 }),
});
const warm = createStep({
  id: 'warm',
  inputSchema: z.object({ celsius: z.number() }),
  outputSchema: z.object({ advice: z.string() }),
  execute: async () => ({ advice: 'no coat' }),
});
const dressing = createWorkflow({
  id: 'dressing',
  inputSchema: z.object({ city: z.string() }),
  outputSchema: z.object({ advice: z.string() }),
})
  .then(look)
  .branch([[async ({ inputData }) => inputData.celsius > 20, warm]])
  .commit();

const exporter = new OtelExporter({
  provider: {
    custom: {
      endpoint: `${process.env.OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces`,
      protocol: 'http/json',
    },
  },
});
const mastra = new Mastra({
  agents: { forecaster },
  workflows: { dressing },
  logger: false,
  observability: new Observability({
    configs: { recording: { serviceName: 'mastra-recording', exporters: [exporter] } },
  }),
});
const answer = await mastra.getAgent('forecaster').stream('How warm is it in Lisbon?', {
  memory: undefined,
  tracingOptions: { metadata: { threadId: 'thread-7', userId: 'ada' } },
});
await answer.text;
const run = await mastra.getWorkflow('dressing').createRun();
await run.start({ inputData: { city: 'Lisbon' } });
await mastra.observability.shutdown?.();
await exporter.shutdown();
process.exit(0);
