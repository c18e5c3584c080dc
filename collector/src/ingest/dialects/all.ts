/**
 * Every dialect, in order of precedence: when two of them stand on one span, the earlier is believed, field by field.
 * Ours, the newest gen_ai, the frameworks' own, the old gen_ai, and what anybody may write.
 */
import { aiSdk, aiSdkLegacy } from './ai-sdk.ts';
import { claudeCode, codex, geminiCli } from './coding-agents.ts';
import { general, genAi, genAiInProcess, genAiOld } from './gen-ai.ts';
import { googleAdk } from './google-adk.ts';
import { langfuse } from './langfuse.ts';
import { langsmith } from './langsmith.ts';
import { mastra } from './mastra.ts';
import { agentFramework, autogen, semanticKernel } from './microsoft.ts';
import { openInference } from './openinference.ts';
import { openLlmetry } from './openllmetry.ts';
import { orchescope } from './orchescope.ts';
import { anthropic, weave } from './others.ts';
import { logfire, pydanticAi } from './pydantic-ai.ts';
import { strands } from './strands.ts';
import type { Dialect } from './table.ts';

export const precedence: readonly Dialect[] = [
  orchescope,
  genAi,
  aiSdk,
  aiSdkLegacy,
  openInference,
  openLlmetry,
  langsmith,
  langfuse,
  mastra,
  pydanticAi,
  logfire,
  strands,
  googleAdk,
  agentFramework,
  semanticKernel,
  autogen,
  anthropic,
  weave,
  claudeCode,
  codex,
  geminiCli,
  genAiOld,
  genAiInProcess,
  general,
];

/** The kind a framework's own key tells is believed before the general `gen_ai.operation.name`. */
export const kindPrecedence: readonly Dialect[] = [
  orchescope,
  openInference,
  openLlmetry,
  langsmith,
  mastra,
  aiSdkLegacy,
  pydanticAi,
  logfire,
  strands,
  googleAdk,
  agentFramework,
  semanticKernel,
  anthropic,
  claudeCode,
  codex,
  geminiCli,
  genAi,
  autogen,
  weave,
  // Strands calls everything a span of Langfuse, so that Langfuse does not count usage twice.
  langfuse,
  aiSdk,
  genAiOld,
  genAiInProcess,
  general,
];
