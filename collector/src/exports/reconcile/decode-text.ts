/** Bytes of a file as text: never with letters that were not in it. */
import { ApiFailure } from '../../query/api-failure.ts';

/** @throws ApiFailure that says how to save it */
export function decodeText(bytes: Uint8Array): string {
  const [a, b] = bytes;
  const encoding =
    a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8';
  try {
    // A byte order mark is taken off.
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  throw new ApiFailure('invalid_request', 'The file is not text in UTF-8. Save it as CSV UTF-8.');
}
