import type { WalFile } from './wal-files.ts';

/** Single writes of one or two megabytes cost about ten times the system time of these. */
const portionBytes = 512 * 1024;
/** What the kernel takes in one call. */
const portionPieces = 1_000;

/** Resolves with the position after the last byte. */
export async function writePieces(
  file: WalFile,
  pieces: Iterable<Uint8Array>,
  position: number,
): Promise<number> {
  let at = position;
  let portion: Uint8Array[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (bytes === 0) return;
    await file.write(portion, at);
    at += bytes;
    portion = [];
    bytes = 0;
  };
  for (const piece of pieces) {
    for (let from = 0; from < piece.length;) {
      const slice = piece.subarray(from, from + portionBytes - bytes);
      portion.push(slice);
      bytes += slice.length;
      from += slice.length;
      if (bytes === portionBytes || portion.length === portionPieces) await flush();
    }
  }
  await flush();
  return at;
}
