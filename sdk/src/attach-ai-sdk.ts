import { createRequire } from 'node:module';
import { join } from 'node:path';
import { safely } from './safely.ts';

type AiSdkOtel = { readonly OpenTelemetry: new (options: { agentSpanName: string }) => unknown };

/** The program's own packages, never dependencies of ours. */
const needed = ['ai', '@ai-sdk/otel'] as const;

/**
 * The Vercel AI SDK reads this global when it runs, so that neither copy of it, ESM or CommonJS, must be found first.
 * True when the app has both `ai` and `@ai-sdk/otel`. What the app has set itself is left alone.
 */
export const attachAiSdk = (): boolean => {
  const holder = globalThis as { AI_SDK_TELEMETRY_INTEGRATIONS?: unknown[] };
  const integration = safely('looking for the AI SDK', findIntegration);
  if (integration === undefined || holder.AI_SDK_TELEMETRY_INTEGRATIONS) return false;
  holder.AI_SDK_TELEMETRY_INTEGRATIONS = [integration];
  return true;
};

const findIntegration = (): unknown => {
  const require = createRequire(join(process.cwd(), 'package.json'));
  if (!needed.every((name) => resolves(require, name))) return undefined;
  const { OpenTelemetry } = require(needed[1]) as AiSdkOtel;
  return new OpenTelemetry({ agentSpanName: 'functionId' });
};

const resolves = (require: NodeJS.Require, name: string): boolean => {
  try {
    return require.resolve(name) !== '';
  } catch {
    return false;
  }
};
