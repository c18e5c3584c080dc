import { openaiChatMessage } from './openai-chat.ts';
import {
  openaiPart,
  parts,
  reasoning,
  text,
  toolCall,
  toolResponse,
  type Message,
  type Part,
} from './genai-parts.ts';
import { at, listAt, textAt } from './json.ts';

/**
 * A message or item as the models of OpenAI Agents tell it: the library's own items, those of the two APIs of OpenAI,
 * and prompts of the AI SDK, whose models it can use.
 */
export const toMessage = (item: unknown): Message => {
  if (typeof item === 'string') return { role: 'user', parts: [text(item)] };
  const type = textAt(item, 'type');
  const callId = at(item, 'callId') ?? at(item, 'call_id');
  const said = (part: Part): Message => ({ role: 'assistant', parts: [part] });
  if (type === 'function_call')
    return said(toolCall(callId, at(item, 'name'), at(item, 'arguments')));
  if (type === 'function_call_result' || type === 'function_call_output')
    return { role: 'tool', parts: [toolResponse(callId, outputOf(item))] };
  if (type === 'reasoning')
    return {
      role: 'assistant',
      parts: [...listAt(item, 'content'), ...listAt(item, 'summary')].map((part) =>
        reasoning(at(part, 'text')),
      ),
    };
  if (at(item, 'tool_calls') !== undefined || at(item, 'tool_call_id') !== undefined)
    return openaiChatMessage(item);
  if (textAt(item, 'role') === undefined) return said(toPart(item));
  return { role: textAt(item, 'role') ?? 'assistant', parts: parts(at(item, 'content'), toPart) };
};

const outputOf = (item: unknown): unknown =>
  at(item, 'output', 'text') ?? at(item, 'output') ?? at(item, 'content');

/** Parts of the AI SDK have names of their own. */
const toPart = (part: unknown): Part => {
  const type = textAt(part, 'type');
  if (type === 'tool-call')
    return toolCall(at(part, 'toolCallId'), at(part, 'toolName'), at(part, 'input'));
  if (type === 'tool-result')
    return toolResponse(at(part, 'toolCallId'), at(part, 'output', 'value') ?? at(part, 'output'));
  if (type === 'reasoning') return reasoning(at(part, 'text'));
  return openaiPart(part);
};
