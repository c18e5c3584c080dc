import { captureMode } from '../redact.ts';
import { at, parse, textAt } from './json.ts';

/** A part of a message, in OpenTelemetry's words. */
export type Part = { readonly type: string; readonly [member: string]: unknown };

export type Message = { readonly role: string; readonly parts: readonly Part[] };

export const text = (content: unknown): Part => ({ type: 'text', content });

export const reasoning = (content: unknown): Part => ({ type: 'reasoning', content });

/** Arguments come as JSON in a string from some APIs, as an object from others. */
export const toolCall = (id: unknown, name: unknown, given: unknown): Part => ({
  type: 'tool_call',
  ...(id !== undefined && { id }),
  name,
  arguments: typeof given === 'string' ? (parse(given) ?? given) : given,
});

export const toolResponse = (id: unknown, response: unknown): Part => ({
  type: 'tool_call_response',
  ...(id !== undefined && { id }),
  response,
});

/** A picture, sound or file: where it is when it is elsewhere, its type alone when it is in the request. */
export const media = (modality: string, address: unknown, mimeType?: unknown): Part => {
  const known = typeof mimeType === 'string' ? { mime_type: mimeType } : {};
  if (typeof address !== 'string' || address.startsWith('data:'))
    return { type: 'blob', modality, ...known };
  return { type: 'uri', modality, ...known, uri: address };
};

/** A part we do not know: its type alone, since it may hold anything of any size. */
export const other = (part: unknown): Part => ({ type: textAt(part, 'type') ?? 'unknown' });

/** Content that is either one text or a list of parts. */
export const parts = (content: unknown, read: (part: unknown) => Part): readonly Part[] => {
  if (typeof content === 'string') return content === '' ? [] : [text(content)];
  return Array.isArray(content) ? content.map(read) : [];
};

/** OpenAI's parts, of both its APIs. */
export const openaiPart = (part: unknown): Part => {
  const type = textAt(part, 'type') ?? '';
  if (/^(?:input_|output_)?text$/.test(type)) return text(at(part, 'text'));
  if (type === 'refusal') return text(at(part, 'refusal'));
  if (type === 'image_url') return media('image', at(part, 'image_url', 'url'));
  if (type === 'input_image') return media('image', at(part, 'image_url'));
  if (type === 'input_audio') return media('audio', undefined);
  if (type === 'input_file' || type === 'file') return media('file', at(part, 'file_url'));
  return other(part);
};

/** An answer's messages, where content may be recorded and there are any. */
export const messagesOf = (
  items: readonly unknown[],
  read: (item: unknown) => Message,
): readonly Message[] | undefined =>
  captureMode() === 'full' && items.length > 0 ? items.map(read) : undefined;
