/** What silences and mute timings say. */
import type { MuteTiming, Silence, SilenceMatcher } from 'orchescope/contract';
import { operatorWords } from './matchers.ts';

export const silenceStateWords: Readonly<Record<Silence['state'], string>> = {
  active: 'Active',
  waiting: 'To come',
  over: 'Over',
};

/** What holds now, what will, and what did. */
export function inOrder(silences: readonly Silence[]): Silence[] {
  const states: readonly Silence['state'][] = ['active', 'waiting', 'over'];
  return silences.toSorted(
    (a, b) => states.indexOf(a.state) - states.indexOf(b.state) || b.startsAtMs - a.startsAtMs,
  );
}

/** "rule is slow-agents and group is like coder*". */
export function matchersInWords(matchers: readonly SilenceMatcher[]): string {
  return matchers
    .map(({ name, operator, value }) => `${name} ${operatorWords[operator]} ${value}`)
    .join(' and ');
}

type Interval = MuteTiming['intervals'][number];
export const weekdays: readonly Interval['weekdays'][number][] = [
  'mon',
  'tue',
  'wed',
  'thu',
  'fri',
  'sat',
  'sun',
];
export const weekdayWords: Readonly<Record<Interval['weekdays'][number], string>> = {
  mon: 'Mon',
  tue: 'Tue',
  wed: 'Wed',
  thu: 'Thu',
  fri: 'Fri',
  sat: 'Sat',
  sun: 'Sun',
};

/** "Sat, Sun all day", "every day 22:00 to 06:00 of the next day". */
export function intervalInWords({ weekdays: chosen, from, to, days, months }: Interval): string {
  const parts = [
    chosen.length === 0 || chosen.length === weekdays.length
      ? 'every day'
      : weekdays
          .filter((day) => chosen.includes(day))
          .map((day) => weekdayWords[day])
          .join(', '),
    hoursInWords(from, to),
  ];
  if (days.length > 0) parts.push(`on days ${days.join(', ')} of the month`);
  if (months.length > 0) parts.push(`in months ${months.join(', ')}`);
  return parts.join(' ');
}

function hoursInWords(from: string, to: string): string {
  if (from === '00:00' && to === '24:00') return 'all day';
  return from > to ? `${from} to ${to} of the next day` : `${from} to ${to}`;
}
