/** `fetch failed` and `terminated` say nothing; what they were caused by has a name or a code. */
export const causeOf = (error: unknown): unknown =>
  error instanceof TypeError && error.cause instanceof Error ? error.cause : error;

export const nameOf = (error: unknown): string => {
  const { name, code } = (causeOf(error) ?? {}) as { name?: unknown; code?: unknown };
  return String(name === 'Error' && code !== undefined ? code : (name ?? '_OTHER'));
};

/** Stands for an error that nobody has thrown: the client decides what to make of the answer. */
export class AnswerError extends Error {
  constructor({ type, message }: { type: string; message: string }) {
    super(message);
    this.name = type;
    // Where we made it says nothing about where it went wrong.
    this.stack = '';
  }
}
