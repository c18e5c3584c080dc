/** One block of a message, in any of the vocabularies, as a part of OpenTelemetry's message schema. */
import type { MessagePart } from '../../contract.ts';
import {
  field,
  firstField,
  isObject,
  objectField,
  textField,
  toText,
  type JsonObject,
} from './json-fields.ts';
import { isMediaType, toGeminiMedia, toMedia } from './media.ts';

/** Undefined when the block says nothing at all. */
export function toPart(block: unknown): MessagePart | undefined {
  if (typeof block === 'string') return toTextPart(block);
  if (!isObject(block)) return undefined;
  const inner = objectField(block, 'message_content') ?? block;
  const type = textField(inner, 'type');
  return type === '' ? toUntypedPart(inner) : toTypedPart(type, inner);
}

export function toTextPart(content: string): MessagePart | undefined {
  return content === '' ? undefined : { type: 'text', content };
}

const textTypes = new Set(['text', 'input_text', 'output_text', 'refusal']);
const reasoningTypes = new Set(['reasoning', 'thinking', 'redacted_thinking']);
const callTypes = new Set([
  'tool_call',
  'tool-call',
  'tool_use',
  'toolUse',
  'function_call',
  'function',
  'server_tool_call',
  'server_tool_use',
  'custom_tool_call',
]);
const responseTypes = new Set([
  'tool_call_response',
  'tool-result',
  'tool_result',
  'toolResult',
  'function_call_output',
  'function_call_result',
  'server_tool_call_response',
  'custom_tool_call_output',
]);

function toTypedPart(type: string, block: JsonObject): MessagePart | undefined {
  if (textTypes.has(type)) return toTextPart(textField(block, 'content', 'text', 'refusal'));
  if (reasoningTypes.has(type)) return toReasoning(block);
  if (callTypes.has(type)) return toToolCall(block);
  if (responseTypes.has(type)) return toToolResponse(block);
  if (isMediaType(type)) return toMedia(type, block);
  return { type: 'other', originalType: type, json: JSON.stringify(block) };
}

function toReasoning(block: JsonObject): MessagePart | undefined {
  const text = textField(block, 'content', 'text', 'thinking', 'reasoning');
  const summary = field(block, 'summary');
  const content = text || (Array.isArray(summary) ? summary.map(toSummaryText).join('\n') : '');
  return content === '' ? undefined : { type: 'reasoning', content };
}

function toSummaryText(one: unknown): string {
  return isObject(one) ? textField(one, 'text') : toText(one);
}

/** `{id, name, arguments}`, `{id, function: {name, arguments}}`, `{toolCallId, toolName, input}`, `{id, name, input}`. */
export function toToolCall(block: JsonObject): MessagePart {
  const outer = objectField(block, 'tool_call') ?? block;
  const call = objectField(outer, 'function') ?? objectField(outer, 'server_tool_call') ?? outer;
  return {
    type: 'tool_call',
    id: textField(outer, 'call_id', 'callId', 'id', 'toolCallId', 'tool_call_id', 'toolUseId'),
    name: textField(call, 'name', 'toolName', 'tool_name') || textField(outer, 'name'),
    arguments: toText(firstField(call, 'arguments', 'args', 'input', 'parameters')),
  };
}

export function toToolResponse(block: JsonObject): MessagePart {
  const response = firstField(
    block,
    'response',
    'result',
    'output',
    'content',
    'server_tool_call_response',
  );
  return {
    type: 'tool_call_response',
    id: textField(
      block,
      'id',
      'call_id',
      'callId',
      'tool_use_id',
      'toolCallId',
      'tool_call_id',
      'toolUseId',
    ),
    response: toResponseText(response),
  };
}

/** AI SDK says `{type: 'text', value}`, OpenAI Agents `{type: 'text', text}`; Anthropic and MCP give a list of text blocks. */
export function toResponseText(response: unknown): string {
  if (isObject(response) && Object.hasOwn(response, 'type') && Object.hasOwn(response, 'value')) {
    return toText(response['value']);
  }
  if (isObject(response) && isTextBlock(response)) return textField(response, 'text');
  if (!Array.isArray(response) || response.length === 0) return toText(response);
  const texts = response.map((one) =>
    isObject(one) && isTextBlock(one) ? field(one, 'text') : undefined,
  );
  return texts.every((text) => typeof text === 'string') ? texts.join('\n') : toText(response);
}

function isTextBlock(block: JsonObject): boolean {
  return field(block, 'type') === 'text' || Object.keys(block).join() === 'text';
}

/** Gemini and Bedrock tell parts apart by the name of their only field. */
function toUntypedPart(block: JsonObject): MessagePart | undefined {
  const text = textField(block, 'text', 'content');
  if (text !== '')
    return field(block, 'thought') === true
      ? { type: 'reasoning', content: text }
      : toTextPart(text);
  const use = objectField(block, 'toolUse');
  if (use !== undefined) return toToolCall(use);
  const result = objectField(block, 'toolResult');
  if (result !== undefined) return toToolResponse(result);
  if (textField(block, 'toolCallId') !== '') return toToolCall(block);
  const call = objectField(block, 'functionCall') ?? objectField(block, 'function_call');
  if (call !== undefined) return toToolCall(call);
  if (isObject(field(block, 'function')) || objectField(block, 'tool_call') !== undefined)
    return toToolCall(block);
  const answer = objectField(block, 'functionResponse') ?? objectField(block, 'function_response');
  if (answer !== undefined)
    return {
      ...toToolResponse(answer),
      type: 'tool_call_response',
      id: textField(answer, 'id', 'name'),
    } as MessagePart;
  const data = firstField(block, 'inlineData', 'inline_data', 'fileData', 'file_data');
  if (isObject(data)) return toGeminiMedia(data);
  return Object.keys(block).length === 0
    ? undefined
    : { type: 'other', originalType: '', json: JSON.stringify(block) };
}
