/** The store cannot be opened; the message says why and what to do, and is all an operator needs to see. */
export class StoreStartError extends Error {
  override readonly name: string = 'StoreStartError';
}
