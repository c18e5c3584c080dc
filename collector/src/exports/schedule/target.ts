/** Where files go that are written every day. */

export type ExportTarget = {
  readonly has: (name: string, signal: AbortSignal) => Promise<boolean>;
  /** Whole or not at all. @throws ExportFailed with a sentence */
  readonly put: (name: string, body: Uint8Array, signal: AbortSignal) => Promise<void>;
  /** For the log; without secrets. */
  readonly place: string;
};

/** May go well later. */
export class ExportFailed extends Error {
  override readonly name = 'ExportFailed';
}
