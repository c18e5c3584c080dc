/** What a fault cost: time, tokens and money of the spans that would not have been. */
import type { Waste } from '../../run.ts';
import type { RunNode } from '../tree/run-tree.ts';
import type { DetectorInput, Spent } from './detector.ts';
import { coveredNs } from './intervals.ts';
import { createNearest } from './nearest.ts';
import { toCount, toDuration, toUsd } from './text.ts';

export const noWaste: Waste = { ms: null, tokens: null, costTrillionths: null };

/** Time in which at least one of the spans was at work, and what they and all below them spent: nothing twice. */
export function wasteOf(nodes: readonly RunNode[], spentUnder: DetectorInput['spentUnder']): Waste {
  const tops = topmost(nodes);
  const spent = tops.map(spentUnder);
  return {
    ms: tops.length === 0 ? null : coveredNs(tops.map(toInterval)) / 1e6,
    tokens: sumKnown(spent.map(({ tokens }) => tokens)),
    costTrillionths: sumKnownCost(spent),
  };
}

/** Those of the nodes that lie below no other of them. */
export function topmost(nodes: readonly RunNode[]): readonly RunNode[] {
  const all = new Set(nodes);
  const nearest = createNearest((node) => all.has(node));
  return [...all].filter((node) => nearest(node) === null);
}

const toInterval = ({ span, endNs }: RunNode) => ({ startNs: span.startNs, endNs });

function sumKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

function sumKnownCost(spent: readonly Spent[]): bigint | null {
  const known = spent.map(({ costTrillionths }) => costTrillionths).filter((cost) => cost !== null);
  return known.length === 0 ? null : known.reduce((sum, cost) => sum + cost, 0n);
}

/** `12.4 s, 8,120 tokens, $0.031`: what is known of it, and not nothing. */
export function toWasteText({ ms, tokens, costTrillionths }: Waste): string {
  return [
    ms === null || ms === 0 ? '' : toDuration(ms),
    tokens === null || tokens === 0 ? '' : `${toCount(tokens)} tokens`,
    costTrillionths === null || costTrillionths === 0n ? '' : toUsd(costTrillionths),
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** ` (12.4 s, $0.031)`, or nothing when nothing is known. */
export function inBrackets(waste: Waste): string {
  const text = toWasteText(waste);
  return text === '' ? '' : ` (${text})`;
}
