/** What the snippets of sdk/README.md take for granted: an application with a model client and an index. */
export const question = 'Where is my order?';
export const model = 'gpt-5-mini';
export const sessionId = 'session-1';
export const userId = 'user-1';

export async function answer(text: string): Promise<string> {
  return `An answer to: ${text}`;
}

export const index = {
  find: async (query: string): Promise<readonly string[]> => [`a page about ${query}`],
};

export const client = {
  chat: async (messages: readonly string[]) => ({
    text: `read ${messages.length} message`,
    input: 12,
    output: 3,
  }),
};
