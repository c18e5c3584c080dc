/** What a row says in words: name, chips, duration, and the sentence a screen reader speaks. */
import { glyphOf, kindLabel } from './layout/kinds.ts';
import { foldTypes, marks, nodeTypes } from './layout/trace-layout.ts';
import type { LoadedTrace, TraceLayout } from './layout/trace-layout.ts';
import { foldOf } from './layout/visible.ts';
import { costText, countText, durationText } from './value-text.ts';

export type ChipModel = { readonly text: string; readonly tone: 'error' | 'warn' | 'plain' };

export type RowModel = {
  readonly type: 'span' | 'fold' | 'orphans' | 'omission';
  /** The span itself; of a fold its first member. */
  readonly node: number;
  readonly depth: number;
  readonly hasChildren: boolean;
  readonly glyph: string;
  readonly name: string;
  readonly chips: readonly ChipModel[];
  readonly duration: string;
  /** The whole of it, for the tooltip and for those who cannot see the bar. */
  readonly sentence: string;
};

export function toRowModel({ layout, facts }: LoadedTrace, entry: number): RowModel {
  if (entry < 0) return foldModel(layout, facts.strings, foldOf(entry));
  if (layout.type[entry] === nodeTypes.orphans) return orphansModel(layout, entry);
  if (layout.type[entry] === nodeTypes.omission) return omissionModel(layout, entry);
  return spanModel(layout, facts.strings, entry);
}

function spanModel(layout: TraceLayout, strings: readonly string[], node: number): RowModel {
  const value = layout.marks[node] ?? 0;
  const has = (bit: number): boolean => (value & bit) !== 0;
  const name = strings[layout.name[node] ?? -1] ?? '';
  const took = (layout.end[node] ?? 0) - (layout.start[node] ?? 0);
  const duration = has(marks.running) ? `${durationText(took)}…` : durationText(took);
  const error = strings[layout.errorType[node] ?? -1] ?? '';
  const kind = kindLabel(layout.kind[node] ?? 0);
  const sentence = [
    name === '' ? 'span without a name' : name,
    kind,
    has(marks.running) ? `running for ${durationText(took)}` : duration,
    has(marks.error) ? `failed: ${error === '' ? 'error' : error}` : '',
    has(marks.wait) ? 'waiting' : '',
    has(marks.critical) ? 'critical path' : '',
    has(marks.skew) ? 'starts before its parent, the clocks differ' : '',
  ];
  return {
    type: 'span',
    node,
    depth: layout.depth[node] ?? 0,
    hasChildren: (layout.subtreeEnd[node] ?? 0) > node + 1,
    glyph: glyphOf(layout.kind[node] ?? 0),
    name: name === '' ? '(no name)' : name,
    chips: spanChips(layout, node, has, error),
    duration,
    sentence: sentence.filter((part) => part !== '').join(', '),
  };
}

function spanChips(
  layout: TraceLayout,
  node: number,
  has: (bit: number) => boolean,
  error: string,
): ChipModel[] {
  const chips: ChipModel[] = [];
  const attempt = layout.attempt[node] ?? 0;
  const attempts = layout.attempts[node] ?? 0;
  const iteration = layout.loopIteration[node] ?? 0;
  const tokens = layout.tokens[node] ?? -1;
  const cost = layout.costMicroUsd[node] ?? -1;
  if (has(marks.error)) chips.push({ text: error === '' ? 'error' : error, tone: 'error' });
  if (attempt > 1 || attempts > 1) {
    chips.push({
      text: attempts > 1 ? `try ${Math.max(1, attempt)}/${attempts}` : `try ${attempt}`,
      tone: 'warn',
    });
  }
  if (has(marks.cycle)) chips.push({ text: 'parent circle cut', tone: 'warn' });
  if (has(marks.endBeforeStart)) chips.push({ text: 'end before start', tone: 'warn' });
  if (has(marks.badTime)) chips.push({ text: 'bad time', tone: 'warn' });
  if (has(marks.skew)) chips.push({ text: 'clock skew', tone: 'warn' });
  if (iteration > 0) chips.push({ text: `#${iteration}`, tone: 'plain' });
  if (tokens >= 0) chips.push({ text: `${countText(tokens)} tok`, tone: 'plain' });
  if (cost >= 0) chips.push({ text: costText(cost), tone: 'plain' });
  return chips;
}

function foldModel(layout: TraceLayout, strings: readonly string[], fold: number): RowModel {
  const { folds } = layout;
  const node = folds.first[fold] ?? 0;
  const members = folds.members[fold] ?? 0;
  const errors = folds.errors[fold] ?? 0;
  const cost = folds.costMicroUsd[fold] ?? 0;
  const name = strings[layout.name[node] ?? -1] ?? '';
  const [p50, p95] = [durationText(folds.p50[fold] ?? 0), durationText(folds.p95[fold] ?? 0)];
  const what = foldWord(folds.type[fold] ?? 0, members);
  const took = foldDuration(layout, fold);
  const chips: ChipModel[] = [{ text: what, tone: 'plain' }];
  if (errors > 0) chips.push({ text: `${errors} failed`, tone: 'error' });
  if (folds.type[fold] !== foldTypes.attempts) chips.push({ text: `p50 ${p50}`, tone: 'plain' });
  if (cost > 0) chips.push({ text: costText(cost), tone: 'plain' });
  return {
    type: 'fold',
    node,
    depth: layout.depth[node] ?? 0,
    hasChildren: true,
    glyph: glyphOf(layout.kind[node] ?? 0),
    name,
    chips,
    duration: folds.type[fold] === foldTypes.attempts ? durationText(took) : `p95 ${p95}`,
    sentence: `${name}, ${what}, p50 ${p50}, p95 ${p95}, ${errors} failed`,
  };
}

/** From the first start to the last end. */
function foldDuration({ folds, start, end, subtreeEnd }: TraceLayout, fold: number): number {
  const first = folds.first[fold] ?? 0;
  const stop = folds.end[fold] ?? 0;
  let last = 0;
  for (let node = first; node < stop; node = subtreeEnd[node] ?? stop) {
    last = Math.max(last, end[node] ?? 0);
  }
  return last - (start[first] ?? 0);
}

function foldWord(type: number, members: number): string {
  if (type === foldTypes.attempts) return `${members} attempts`;
  if (type === foldTypes.iterations) return `${members} iterations`;
  return `×${members}`;
}

function orphansModel(layout: TraceLayout, node: number): RowModel {
  const spans = childCount(layout, node);
  const sentence = `Parent not received: ${spans} ${spans === 1 ? 'span names a parent' : 'spans name a parent'} that has not arrived`;
  return {
    type: 'orphans',
    node,
    depth: 0,
    hasChildren: true,
    glyph: '?',
    name: 'parent not received',
    chips: [{ text: `${countText(spans)} ${spans === 1 ? 'span' : 'spans'}`, tone: 'warn' }],
    duration: '',
    sentence,
  };
}

function childCount(layout: TraceLayout, node: number): number {
  let count = 0;
  const stop = layout.subtreeEnd[node] ?? 0;
  for (let child = node + 1; child < stop; child = layout.subtreeEnd[child] ?? stop) count += 1;
  return count;
}

function omissionModel(layout: TraceLayout, node: number): RowModel {
  const count = new Intl.NumberFormat('en').format(layout.omittedCount[node] ?? 0);
  const cost = layout.costMicroUsd[node] ?? -1;
  const duration = durationText(layout.self[node] ?? 0);
  return {
    type: 'omission',
    node,
    depth: layout.depth[node] ?? 0,
    hasChildren: false,
    glyph: '…',
    name: `${count} more spans, not drawn`,
    chips: cost >= 0 ? [{ text: costText(cost), tone: 'plain' }] : [],
    duration,
    sentence: `${count} more spans, ${duration} in all, are counted but cannot be opened here: the trace is too large to be drawn whole`,
  };
}
