/** Messages as a person reads them: a tool call and its result are one block, wherever the result was sent. */
import type { Message, MessagePart } from 'orchescope/contract';

export type MessageBlock =
  | Exclude<MessagePart, { readonly type: 'tool_call' | 'tool_call_response' }>
  | {
      readonly type: 'tool';
      readonly id: string;
      /** Empty when the call itself is not in these messages. */
      readonly name: string;
      /** null when only the result is here. */
      readonly arguments: string | null;
      /** null when the result is not here, or not yet. */
      readonly response: string | null;
    };

export type ReadableMessage = {
  readonly role: string;
  readonly name: string;
  readonly finishReason: string;
  readonly blocks: readonly MessageBlock[];
};

/** In order; a message that only carried results of calls above is left out. */
export function toReadableMessages(messages: readonly Message[]): ReadableMessage[] {
  const calls = new Set(messages.flatMap(({ parts }) => parts.flatMap(callIdOf)));
  const results = new Map<string, string>();
  for (const { parts } of messages) {
    for (const part of parts) {
      if (part.type === 'tool_call_response' && calls.has(part.id)) {
        results.set(part.id, part.response);
      }
    }
  }
  return messages
    .map(({ role, name, finishReason, parts }) => ({
      role,
      name,
      finishReason,
      blocks: parts.flatMap((part) => toBlocks(part, calls, results)),
    }))
    .filter(({ blocks }, index) => blocks.length > 0 || messages[index]?.parts.length === 0);
}

/** A call without an id cannot be matched. */
function callIdOf(part: MessagePart): string[] {
  return part.type === 'tool_call' && part.id !== '' ? [part.id] : [];
}

function toBlocks(
  part: MessagePart,
  calls: ReadonlySet<string>,
  results: ReadonlyMap<string, string>,
): MessageBlock[] {
  if (part.type === 'tool_call') {
    const { id, name } = part;
    return [
      { type: 'tool', id, name, arguments: part.arguments, response: results.get(id) ?? null },
    ];
  }
  if (part.type !== 'tool_call_response') return [part];
  if (calls.has(part.id)) return [];
  return [{ type: 'tool', id: part.id, name: '', arguments: null, response: part.response }];
}
