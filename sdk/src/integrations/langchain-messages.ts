import type { Attributes } from '@opentelemetry/api';
import { orchescope } from '../attributes.ts';
import type { Facts, Usage } from '../facts.ts';
import { captureMode } from '../redact.ts';
import {
  messagesOf,
  openaiPart,
  parts,
  toolCall,
  toolResponse,
  type Message,
} from './genai-parts.ts';
import { at, listAt, numberAt, textAt, told } from './json.ts';

const roles: Readonly<Record<string, string>> = { human: 'user', ai: 'assistant' };

/** A LangChain message in OpenTelemetry's words. */
export const toMessage = (message: unknown): Message => {
  const type = textAt(message, 'type') ?? textAt(message, 'role') ?? 'ai';
  const role = roles[type] ?? type;
  const content = at(message, 'content');
  if (role === 'tool') return { role, parts: [toolResponse(at(message, 'tool_call_id'), content)] };
  const calls = listAt(message, 'tool_calls').map((call) =>
    toolCall(at(call, 'id'), at(call, 'name'), at(call, 'args')),
  );
  return { role, parts: [...parts(content, openaiPart), ...calls] };
};

/** A graph's state, with its messages as other spans show theirs. */
export const toState = (state: unknown): unknown => {
  if (captureMode() !== 'full') return undefined;
  const messages = at(state, 'messages');
  return Array.isArray(messages)
    ? { ...(state as object), messages: messages.map(toMessage) }
    : state;
};

type ModelStart = {
  readonly messages: readonly unknown[];
  readonly extra: unknown;
  readonly metadata: unknown;
};

/** What is known of a model call when it starts. */
export const readModelStart = ({ messages, extra, metadata }: ModelStart): Partial<Facts['llm']> =>
  told({
    provider: textAt(metadata, 'ls_provider'),
    model:
      textAt(metadata, 'ls_model_name') ??
      textAt(extra, 'invocation_params', 'model') ??
      textAt(extra, 'invocation_params', 'model_name'),
    input: messagesOf(messages, toInput),
  });

/** Models that are no chat models are given texts. */
const toInput = (given: unknown): Message =>
  typeof given === 'string'
    ? { role: 'user', parts: [{ type: 'text', content: given }] }
    : toMessage(given);

/** What an answer of a model says, whichever provider it came from. */
export const readModelEnd = (
  result: unknown,
): { readonly facts: Partial<Facts['llm']>; readonly attributes: Attributes } => {
  const generations = listAt(result, 'generations', 0);
  const messages = generations.flatMap((one) => at(one, 'message') ?? []);
  const reasons = generations.flatMap(finishReason);
  const calls = messages.flatMap((one) => listAt(one, 'tool_calls'));
  const names = calls.flatMap((call) => textAt(call, 'name') ?? []).slice(0, 128);
  const about = at(messages[0], 'response_metadata');
  return {
    facts: told({
      responseId: textAt(about, 'id') ?? ownId(messages[0]),
      responseModel: textAt(about, 'model_name') ?? textAt(about, 'model'),
      finishReasons: reasons.length > 0 ? reasons : undefined,
      usage: readUsage(at(messages[0], 'usage_metadata')) ?? readTotals(result),
      output: messagesOf(generations, toOutput),
    }),
    attributes: names.length > 0 ? { [orchescope.responseToolCalls]: names } : {},
  };
};

/** Where a provider gave no id, LangChain makes one of its run's. */
const ownId = (message: unknown): string | undefined => {
  const id = textAt(message, 'id');
  return id === undefined || /^(?:lc_)?run-/.test(id) ? undefined : id;
};

const toOutput = (generation: unknown): Message =>
  at(generation, 'message') === undefined
    ? { role: 'assistant', parts: [{ type: 'text', content: at(generation, 'text') }] }
    : toMessage(at(generation, 'message'));

const finishReason = (generation: unknown): string | [] => {
  const about = at(generation, 'message', 'response_metadata');
  return (
    textAt(about, 'finish_reason') ??
    textAt(about, 'finishReason') ??
    textAt(about, 'stop_reason') ??
    textAt(generation, 'generationInfo', 'finish_reason') ??
    []
  );
};

/** LangChain counts as OpenTelemetry does: input with cached tokens, output with reasoning. */
const readUsage = (usage: unknown): Usage | undefined =>
  usage === undefined
    ? undefined
    : told({
        inputTokens: numberAt(usage, 'input_tokens'),
        outputTokens: numberAt(usage, 'output_tokens'),
        cacheReadTokens: numberAt(usage, 'input_token_details', 'cache_read'),
        cacheWriteTokens: numberAt(usage, 'input_token_details', 'cache_creation'),
        reasoningTokens: numberAt(usage, 'output_token_details', 'reasoning'),
      });

/** Where a provider's package knows only the older form. */
const readTotals = (result: unknown): Usage | undefined => {
  const usage = at(result, 'llmOutput', 'tokenUsage');
  return usage === undefined
    ? undefined
    : told({
        inputTokens: numberAt(usage, 'promptTokens'),
        outputTokens: numberAt(usage, 'completionTokens'),
      });
};
