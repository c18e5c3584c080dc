/** Milliseconds the pointer or the cursor rests on a row before its details are fetched. */
export const peekMs = 120;
