/** Where the cursor goes: the WAI-ARIA treegrid's moves over the rows in sight. */
import { foldEntry } from './layout/visible.ts';
import type { Command } from './keys.ts';
import type { WaterfallState } from './waterfall-state.svelte.ts';

/** True when the command was a move, whether or not there was somewhere to go. */
export function moveCursor(state: WaterfallState, command: Command, pageRows: number): boolean {
  const index = state.indexOf(state.active);
  const last = state.visible.length - 1;
  const to = (target: number): boolean => {
    state.active = state.visible[Math.max(0, Math.min(last, target))] ?? state.active;
    return true;
  };
  switch (command) {
    case 'down':
      return to(index + 1);
    case 'up':
      return to(index - 1);
    case 'first':
      return to(0);
    case 'last':
      return to(last);
    case 'pageDown':
      return to(index + pageRows);
    case 'pageUp':
      return to(index - pageRows);
    case 'openOrChild':
      return openOrChild(state, index, to);
    case 'closeOrParent':
      return closeOrParent(state);
    case 'nextSibling':
      return toSibling(state, index, 1);
    case 'previousSibling':
      return toSibling(state, index, -1);
    default:
      return false;
  }
}

function openOrChild(
  state: WaterfallState,
  index: number,
  to: (index: number) => boolean,
): boolean {
  if (!state.hasChildren(state.active)) return true;
  if (state.isOpen(state.active)) return to(index + 1);
  state.toggle(state.active);
  return true;
}

function closeOrParent(state: WaterfallState): boolean {
  const { active } = state;
  if (state.hasChildren(active) && state.isOpen(active)) {
    state.toggle(active);
    return true;
  }
  const fold = active < 0 ? -1 : (state.trace.layout.folds.ofNode[active] ?? -1);
  const foldRow = fold < 0 ? null : foldEntry(fold);
  const isListed = foldRow !== null && state.visible[state.indexOf(foldRow)] === foldRow;
  state.active = isListed ? foldRow : (state.parentOf(active) ?? active);
  return true;
}

function toSibling(state: WaterfallState, index: number, step: 1 | -1): boolean {
  const { depth } = state.trace.layout;
  const level = depth[state.nodeOf(state.active)] ?? 0;
  for (let i = index + step; i >= 0 && i < state.visible.length; i += step) {
    const entry = state.visible[i] ?? 0;
    const other = depth[state.nodeOf(entry)] ?? 0;
    if (other < level) return true;
    if (other > level) continue;
    state.active = entry;
    return true;
  }
  return true;
}
