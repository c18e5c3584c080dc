/** What was asked cannot be read: the usage follows. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
