/**
 * The states of a group told a second time, in another way: a list of rows, the first that fits is taken. Written after
 * the table of states and not after the code, it knows minutes and letters alone. Nothing here is fast.
 */
export type ModelRule = {
  readonly grouped: boolean;
  readonly forMinutes: number;
  readonly keepMinutes: number;
  readonly noData: 'ok' | 'keep' | 'show' | 'alert';
  readonly absentMinutes: number;
};

type Memory = {
  core: 'normal' | 'pending' | 'firing' | 'recovering';
  over: 'nodata' | 'error' | '';
  /** Minute in which the wait began, and the recovery. */
  waits: number;
  mends: number;
  born: number;
  heard: number;
  gaps: number;
  faults: number;
  /** Minutes in which firing began or ended. */
  turns: number[];
  flapping: boolean;
};

type Row = readonly [
  when: (now: Now) => boolean,
  core: Memory['core'] | 'same',
  told: readonly string[],
  also?: (now: Now) => void,
];

type Now = {
  readonly rule: ModelRule;
  readonly m: Memory;
  readonly letter: string;
  readonly minute: number;
};

const is =
  (cores: string, letters: string, more: (now: Now) => boolean = () => true) =>
  (now: Now): boolean =>
    cores.split(' ').includes(now.m.core) && letters.includes(now.letter) && more(now);

const silent = ({ m, minute }: Now): number => minute - m.heard;
const waited = ({ rule, m, minute }: Now): boolean =>
  minute - (m.waits < 0 ? minute : m.waits) >= rule.forMinutes &&
  (rule.forMinutes === 0 || minute - m.born >= 1);
const mended = ({ rule, m, minute }: Now): boolean =>
  minute - (m.mends < 0 ? minute : m.mends) >= rule.keepMinutes;
const absent = (now: Now): boolean => silent(now) >= now.rule.absentMinutes;
const policy =
  (noData: string, more: (now: Now) => boolean = () => true) =>
  (now: Now): boolean =>
    now.rule.noData === noData && more(now);
const gone = ({ rule, m }: Now): boolean =>
  rule.grouped && m.gaps >= 2 && (rule.noData === 'ok' || rule.noData === 'show');

const begin = ({ m, minute }: Now): void => void (m.waits = m.waits < 0 ? minute : m.waits);
const mend = ({ m, minute }: Now): void => void (m.mends = m.mends < 0 ? minute : m.mends);
const turn = ({ m, minute }: Now): void => void m.turns.push(minute);

/** Rows of the core: what is left out stays as it is. */
const rows: readonly Row[] = [
  [is('firing recovering', 'X'), 'normal', ['resolved'], turn],
  [is('normal pending firing recovering', 'UF'), 'same', []],
  [is('firing recovering', 'M', gone), 'normal', ['resolved'], turn],
  [is('pending', 'M', gone), 'normal', []],
  [is('normal pending', 'M', policy('alert', absent)), 'firing', ['firing'], turn],
  [is('recovering', 'M', policy('alert', absent)), 'firing', ['refiring']],
  [is('pending', 'M', policy('ok')), 'normal', []],
  [
    is('firing recovering', 'M', (now) => policy('ok')(now) && mended(now)),
    'normal',
    ['resolved'],
    turn,
  ],
  [is('firing', 'M', policy('ok')), 'recovering', ['recovering'], mend],
  [is('recovering', 'M', policy('ok')), 'same', [], mend],
  [is('normal pending firing recovering', 'M'), 'same', []],
  [is('normal pending', 'BX', waited), 'firing', ['firing'], turn],
  [is('normal', 'BX'), 'pending', ['pending'], begin],
  [is('recovering', 'BX'), 'firing', ['refiring']],
  [is('pending', 'IR'), 'normal', []],
  [is('recovering', 'I'), 'same', [], ({ m }) => void (m.mends = -1)],
  [is('firing recovering', 'R', mended), 'normal', ['resolved'], turn],
  [is('firing', 'R'), 'recovering', ['recovering'], mend],
  [is('recovering', 'R'), 'same', [], mend],
];

/** What one group would tell, as `kind@minute`, and what is shown after each letter. */
export function runModel(
  rule: ModelRule,
  letters: readonly string[],
): { readonly told: readonly string[]; readonly shown: readonly string[] } {
  const told: string[] = [];
  const shown: string[] = [];
  const m: Memory = {
    core: 'normal',
    over: '',
    waits: -1,
    mends: -1,
    // The first evaluation of a rule knows no newcomers.
    born: -1,
    heard: 0,
    gaps: 0,
    faults: 0,
    turns: [],
    flapping: false,
  };
  for (const [minute, letter] of letters.entries()) {
    const now = { rule, m, letter, minute };
    const hand = letter === 'X' && (m.core === 'firing' || m.core === 'recovering');
    count(now);
    const row = rows.find(([when]) => when(now));
    if (row !== undefined) {
      row[3]?.(now);
      if (row[1] !== 'same') m.core = row[1];
      told.push(...row[2].map((kind) => `${kind}@${minute}`));
    }
    if (m.core !== 'pending') m.waits = -1;
    if (m.core !== 'recovering') m.mends = -1;
    const veil = veilOf(now, hand);
    if (veil !== '' && veil !== m.over) told.push(`${veil}@${minute}`);
    m.over = veil;
    flap(now, told);
    forget(now);
    shown.push(m.over === '' ? m.core : m.over);
  }
  return { told, shown };
}

function count({ m, letter, minute }: Now): void {
  if (letter === 'F') m.faults += 1;
  else m.faults = 0;
  if (letter === 'M') m.gaps += 1;
  else if (letter !== 'F') m.gaps = 0;
  if (letter !== 'M' && letter !== 'F') m.heard = minute;
}

/** What hides the core. */
function veilOf(now: Now, hand: boolean): Memory['over'] {
  const { rule, m, letter } = now;
  if (hand) return '';
  if (letter === 'F') return m.faults >= 3 ? 'error' : m.over;
  if (letter === 'M' && rule.noData === 'show' && absent(now)) return 'nodata';
  // A group that fell silent is told so once; until it is heard of that is what it is.
  return letter === 'M' && m.over === 'nodata' ? 'nodata' : '';
}

function flap({ m, minute }: Now, told: string[]): void {
  m.turns = m.turns.filter((at) => at > minute - 21);
  if (!m.flapping && m.turns.length >= 6) told.push(`flapping@${minute}`);
  m.flapping = m.flapping ? m.turns.length > 0 : m.turns.length >= 6;
}

/** Of a group that is gone nothing is left but its flapping: when it comes back it is new. */
function forget({ rule, m, letter, minute }: Now): void {
  const isGone = rule.grouped && rule.noData === 'ok' && letter === 'M' && m.gaps >= 2;
  if (!isGone || m.turns.length > 0) return;
  m.gaps = 0;
  m.born = minute + 1;
}
