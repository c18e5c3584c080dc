/** Which key does what. Pure, so that the help dialog and the handler cannot disagree. */
export type Command =
  | 'down'
  | 'up'
  | 'openOrChild'
  | 'closeOrParent'
  | 'first'
  | 'last'
  | 'pageDown'
  | 'pageUp'
  | 'nextSibling'
  | 'previousSibling'
  | 'details'
  | 'escape'
  | 'find'
  | 'nextMatch'
  | 'previousMatch'
  | 'nextError'
  | 'previousError'
  | 'critical'
  | 'fitSelection'
  | 'reset'
  | 'fitRows'
  | 'collapseAll'
  | 'expandAll'
  | 'levelUp'
  | 'levelDown'
  | 'panLeft'
  | 'panRight'
  | 'zoomIn'
  | 'zoomOut'
  | 'help';

type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** Work while a row has the focus. */
const rowKeys: Readonly<Record<string, Command>> = {
  ArrowDown: 'down',
  ArrowUp: 'up',
  ArrowRight: 'openOrChild',
  ArrowLeft: 'closeOrParent',
  Home: 'first',
  End: 'last',
  PageDown: 'pageDown',
  PageUp: 'pageUp',
  Enter: 'details',
  ' ': 'details',
  Escape: 'escape',
};

/** Work on the whole page, unless a person switched them off or is typing. */
const letterKeys: Readonly<Record<string, Command>> = {
  j: 'down',
  k: 'up',
  '/': 'find',
  n: 'nextMatch',
  N: 'previousMatch',
  e: 'nextError',
  E: 'previousError',
  c: 'critical',
  f: 'fitSelection',
  '0': 'reset',
  v: 'fitRows',
  '[': 'collapseAll',
  ']': 'expandAll',
  o: 'levelUp',
  p: 'levelDown',
  a: 'panLeft',
  d: 'panRight',
  '+': 'zoomIn',
  '=': 'zoomIn',
  '-': 'zoomOut',
  '?': 'help',
};

export function rowCommand(pressed: Pressed): Command | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null;
  if (pressed.shiftKey && pressed.key === 'ArrowRight') return 'nextSibling';
  if (pressed.shiftKey && pressed.key === 'ArrowLeft') return 'previousSibling';
  return rowKeys[pressed.key] ?? null;
}

export function letterCommand(pressed: Pressed): Command | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null;
  return letterKeys[pressed.key] ?? null;
}

/** What the help dialog lists. */
export const keyHelp: readonly { readonly keys: string; readonly does: string }[] = [
  { keys: '↑ ↓ or j k', does: 'Previous, next row' },
  { keys: '→ ←', does: 'Open or first child; close or parent' },
  { keys: 'Shift → ←', does: 'Next, previous sibling' },
  { keys: 'Home End PgUp PgDn', does: 'First, last row; a screen up, down' },
  { keys: 'Enter, Esc', does: 'Open, close the details' },
  { keys: '/ n N', does: 'Find; next, previous match' },
  { keys: 'e E', does: 'Next, previous error' },
  { keys: 'c', does: 'Critical path only' },
  { keys: 'f 0 v', does: 'Fit the row, the whole trace, the rows in view' },
  { keys: '[ ] o p', does: 'Collapse, expand all; one level more, less' },
  { keys: 'a d + -', does: 'Pan left, right; zoom in, out' },
  { keys: '?', does: 'This list' },
];

/** True where letters are text: a person typing must never move the waterfall. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input, textarea, select, dialog') !== null;
}
