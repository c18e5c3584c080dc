/**
 * Every dialect, in order of precedence: when two of them stand on one span, the earlier is believed, field by field.
 * Ours, the newest gen_ai, the frameworks' own, the old gen_ai, and what anybody may write.
 */
import { aiSdk, aiSdkLegacy } from './ai-sdk.ts';
import { general, genAi, genAiOld } from './gen-ai.ts';
import { langfuse } from './langfuse.ts';
import { openInference } from './openinference.ts';
import { openLlmetry } from './openllmetry.ts';
import { orchescope } from './orchescope.ts';
import type { Dialect } from './table.ts';

export const precedence: readonly Dialect[] = [
  orchescope,
  genAi,
  aiSdk,
  aiSdkLegacy,
  openInference,
  openLlmetry,
  langfuse,
  genAiOld,
  general,
];

/** The kind a framework's own key tells is believed before the general `gen_ai.operation.name`. */
export const kindPrecedence: readonly Dialect[] = [
  orchescope,
  openInference,
  openLlmetry,
  aiSdkLegacy,
  genAi,
  // Strands calls everything a span of Langfuse, so that Langfuse does not count usage twice.
  langfuse,
  aiSdk,
  genAiOld,
  general,
];
