/** A number against the one of the range before, in words and with a sign. */
import { formatCount } from '../format.ts';

export type ChangeWords = {
  readonly text: string;
  readonly direction: 'up' | 'down' | 'same' | 'none';
  /** Null = neither: more runs are no better. */
  readonly isGood: boolean | null;
};

export type ChangeKind = {
  /** What more of it is called, and less: "slower", "faster". */
  readonly up: string;
  readonly down: string;
  readonly good: 'up' | 'down' | 'neither';
  /** `share`: of shares the difference is told in points; `count`: small counts in ones. */
  readonly as: 'relative' | 'points' | 'difference';
};

const none: ChangeWords = { text: 'nothing to compare with', direction: 'none', isGood: null };

/** @param before null = not known then */
export function toChangeWords(
  now: number | null,
  before: number | null,
  kind: ChangeKind,
): ChangeWords {
  if (now === null || before === null) return none;
  if (before === 0 && now > 0 && kind.as === 'relative') {
    return { text: 'none before', direction: 'up', isGood: null };
  }
  if (now === before) return { text: 'as before', direction: 'same', isGood: null };
  const direction = now > before ? 'up' : 'down';
  const word = kind[direction];
  const isGood = kind.good === 'neither' ? null : kind.good === direction;
  return { text: `${amount(now, before, kind.as)} ${word}`, direction, isGood };
}

function amount(now: number, before: number, as: ChangeKind['as']): string {
  const sign = now > before ? '+' : '−';
  const size = Math.abs(now - before);
  if (as === 'points') return `${sign}${threeDigits(size * 100)} points`;
  if (as === 'difference') return `${sign}${formatCount(size)}`;
  const share = size / before;
  if (share >= 10) return `${formatCount(Math.round(now / before))} times,`;
  return share < 0.001 ? `${sign}<0.1 %` : `${sign}${threeDigits(share * 100)} %`;
}

function threeDigits(value: number): string {
  return value >= 10 ? String(Math.round(value)) : String(Number(value.toFixed(1)));
}
