type Part = { readonly type: 'text'; readonly content: string };
type Message = { readonly role: string; readonly parts: readonly Part[] };

/**
 * A model's input or output as OpenTelemetry messages: a text is one message, `{ role, content: text }` becomes
 * parts. Anything else, including messages that already have parts, goes as it is.
 */
export const toMessages = (value: unknown, role: 'user' | 'assistant'): unknown => {
  if (typeof value === 'string') return [textMessage(role, value)];
  if (Array.isArray(value)) return value.slice(0, 10_000).map((item) => toMessage(item, role));
  return isChatMessage(value) ? [toMessage(value, role)] : value;
};

const toMessage = (value: unknown, role: 'user' | 'assistant'): unknown => {
  if (typeof value === 'string') return textMessage(role, value);
  return isChatMessage(value) && Object.keys(value).length === 2
    ? textMessage(value.role, value.content)
    : value;
};

const textMessage = (role: string, content: string): Message => ({
  role,
  parts: [{ type: 'text', content }],
});

const isChatMessage = (value: unknown): value is { role: string; content: string } =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as { role?: unknown }).role === 'string' &&
  typeof (value as { content?: unknown }).content === 'string';
