import {
  media,
  messagesOf,
  other,
  parts,
  reasoning,
  text,
  toolCall,
  toolResponse,
} from './genai-parts.ts';
import type { Message, Part } from './genai-parts.ts';
import { at, listAt, textAt } from './json.ts';

/** What a model was asked, in OpenTelemetry's words; Mastra writes the AI SDK's. */
export const toInputMessages = (input: unknown): readonly Message[] | undefined =>
  messagesOf(Array.isArray(input) ? input : listAt(input, 'messages'), toMessage);

const toMessage = (message: unknown): Message => ({
  role: textAt(message, 'role') ?? 'user',
  parts: parts(at(message, 'content'), toPart),
});

const toPart = (part: unknown): Part => {
  const type = textAt(part, 'type');
  if (type === 'text') return text(at(part, 'text'));
  if (type === 'reasoning') return reasoning(at(part, 'text'));
  if (type === 'tool-call')
    return toolCall(
      at(part, 'toolCallId'),
      at(part, 'toolName'),
      at(part, 'input') ?? at(part, 'args'),
    );
  if (type === 'tool-result')
    return toolResponse(at(part, 'toolCallId'), at(part, 'output') ?? at(part, 'result'));
  if (type === 'file' || type === 'image')
    return media(type, at(part, 'data') ?? at(part, 'image'), at(part, 'mediaType'));
  return other(part);
};

/** What it answered: a text, its reasoning, the tools it asks for. */
export const toOutputMessages = (output: unknown): readonly Message[] | undefined =>
  output === undefined ? undefined : messagesOf([output], toAnswer);

const toAnswer = (output: unknown): Message => {
  const said = textAt(output, 'text') ?? '';
  const thought = textAt(output, 'reasoningText') ?? textAt(output, 'reasoning') ?? '';
  return {
    role: 'assistant',
    parts: [
      ...(thought === '' ? [] : [reasoning(thought)]),
      ...(said === '' ? [] : [text(said)]),
      ...listAt(output, 'toolCalls').map((call) =>
        toolCall(at(call, 'toolCallId'), at(call, 'toolName'), at(call, 'args')),
      ),
    ],
  };
};
