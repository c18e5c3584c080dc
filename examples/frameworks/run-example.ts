import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export const frameworks = [
  'plain-otel',
  'ai-sdk',
  'langgraph',
  'langgraph-sdk',
  'mastra',
  'openai',
  'openai-agents',
  'google-genai',
  'anthropic',
  'bullmq',
  'amqplib',
  'kafkajs',
  'mcp',
  'resilience',
] as const;
export type Framework = (typeof frameworks)[number];

/** Runs an example as its README says and returns what it printed. */
export async function runExample(
  framework: Framework,
  endpoint: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const main = new URL(`./${framework}/main.ts`, import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [main], {
    // Not the test runner's NODE_ENV: OpenAI Agents traces nothing where it is test.
    env: { ...process.env, NODE_ENV: 'production', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...env },
  });
  return stdout;
}
