import type { Random } from '../../examples/demo/random.ts';

/** Text of so many characters. */
export type Writer = (length: number) => string;

const syllables =
  'an ter con pro re st le ment tion er in al de com ar ex per tra um sol ve ic ou gra pi so men qu est lo'.split(
    ' ',
  );

/**
 * Made-up words, a few of them frequent and most of them rare: compresses about as English does, and belongs to nobody.
 * The words are the same for every seed, as a language is the same for all who speak it.
 */
export function createWriter(random: Random): Writer {
  const pickWord = (): string => words[Math.floor(random.next() ** 2.5 * words.length)] ?? '';
  const pickEnd = (): string => (random.chance(0.1) ? '. ' : random.chance(0.02) ? '\n' : ' ');
  return (length) => {
    let text = '';
    while (text.length < length) text += pickWord() + pickEnd();
    return text.slice(0, length);
  };
}

/** A sequence of its own: those of two corpora must share the words. */
const words = createWords();

function createWords(): string[] {
  let state = 12_345;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: 4_000 }, () =>
    Array.from({ length: 1 + next(4) }, () => syllables[next(syllables.length)] ?? '').join(''),
  );
}
