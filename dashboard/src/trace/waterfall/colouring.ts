/** Which colour a bar has, and the legend that says why. Colours are numbers; the style sheet knows what they are. */
import { groupNumberOf, kindGroups } from './layout/kinds.ts';
import { marks, nodeTypes } from './layout/trace-layout.ts';
import type { TraceLayout } from './layout/trace-layout.ts';
import type { ColourBy } from './view-codec.ts';

/** 0-6 are the kind groups, in the order of `kindGroups`. */
export const colours = { rest: 7, ok: 8, error: 9 } as const;

export type LegendItem = {
  /** What `valueOf` answers for the spans it stands for. */
  readonly value: number;
  readonly colour: number;
  readonly label: string;
  readonly count: number;
};

export type Colouring = {
  readonly legend: readonly LegendItem[];
  readonly colourOf: (node: number) => number;
  readonly valueOf: (node: number) => number;
};

/** More series than this share the last colour. */
const maxSeries = 7;

export function createColouring(
  layout: TraceLayout,
  strings: readonly string[],
  by: ColourBy,
): Colouring {
  if (by === 'kind') return byKind(layout);
  if (by === 'status') return byStatus(layout);
  return byName(layout, layout[by], strings);
}

function byKind(layout: TraceLayout): Colouring {
  const valueOf = (node: number): number => groupNumberOf(layout.kind[node] ?? 0);
  const counts = countValues(layout, valueOf);
  const legend = kindGroups.map(({ label }, value) => ({
    value,
    colour: value,
    label,
    count: counts.get(value) ?? 0,
  }));
  return { legend: legend.filter(({ count }) => count > 0), colourOf: valueOf, valueOf };
}

function byStatus(layout: TraceLayout): Colouring {
  const labels = ['not told', 'ok', 'error'];
  const colourOfValue = [colours.rest, colours.ok, colours.error];
  const valueOf = (node: number): number =>
    ((layout.marks[node] ?? 0) & marks.error) !== 0 ? 2 : (layout.status[node] ?? 0);
  const counts = countValues(layout, valueOf);
  const legend = labels.map((label, value) => ({
    value,
    colour: colourOfValue[value] ?? colours.rest,
    label,
    count: counts.get(value) ?? 0,
  }));
  return {
    legend: legend.filter(({ count }) => count > 0),
    colourOf: (node) => colourOfValue[valueOf(node)] ?? colours.rest,
    valueOf,
  };
}

/** The most frequent names get a colour of their own; -2 stands for all others, -1 for none. */
function byName(layout: TraceLayout, column: Int32Array, strings: readonly string[]): Colouring {
  const counts = countValues(layout, (node) => column[node] ?? -1);
  const named = [...counts].filter(([value]) => value >= 0).sort((a, b) => b[1] - a[1]);
  const own = new Map(named.slice(0, maxSeries).map(([value], colour) => [value, colour]));
  const valueOf = (node: number): number => {
    const value = column[node] ?? -1;
    return value < 0 || own.has(value) ? value : -2;
  };
  const rest = named.slice(maxSeries);
  const legend: LegendItem[] = named.slice(0, maxSeries).map(([value, count], colour) => ({
    value,
    colour,
    label: strings[value] ?? '',
    count,
  }));
  const restCount = rest.reduce((sum, [, count]) => sum + count, 0);
  if (restCount > 0) {
    legend.push({
      value: -2,
      colour: colours.rest,
      label: `${rest.length} others`,
      count: restCount,
    });
  }
  const none = counts.get(-1) ?? 0;
  if (none > 0) legend.push({ value: -1, colour: colours.rest, label: 'none', count: none });
  return { legend, colourOf: (node) => own.get(column[node] ?? -1) ?? colours.rest, valueOf };
}

function countValues(layout: TraceLayout, valueOf: (node: number) => number): Map<number, number> {
  const counts = new Map<number, number>();
  for (let node = 0; node < layout.count; node += 1) {
    if (layout.type[node] !== nodeTypes.span) continue;
    const value = valueOf(node);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}
