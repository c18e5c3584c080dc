/** Answers from memory for a while, and asks once however many want to know. What fails is not kept. */
export function createCached<T>(
  ask: () => Promise<T>,
  forMs: number,
  nowMs: () => number = () => performance.now(),
): () => Promise<T> {
  let asked: { readonly answer: Promise<T>; readonly atMs: number } | null = null;
  return () => {
    if (asked !== null && nowMs() - asked.atMs < forMs) return asked.answer;
    const mine = { answer: ask(), atMs: nowMs() };
    asked = mine;
    mine.answer.catch(() => {
      if (asked === mine) asked = null;
    });
    return mine.answer;
  };
}
