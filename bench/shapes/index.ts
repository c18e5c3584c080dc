import { createAgents } from './agents.ts';
import { createAllErrors } from './all-errors.ts';
import { createBigMessage } from './big-message.ts';
import { createCycles, createOrphans, createSeveralRoots } from './broken-trees.ts';
import { createClockSkew } from './clock-skew.ts';
import { createDeep } from './deep.ts';
import {
  createBadTimes,
  createEndBeforeStart,
  createHostileNames,
  createNoService,
} from './hostile.ts';
import { createIdle } from './idle.ts';
import { createRunning } from './running.ts';
import { createSiblings } from './siblings.ts';
import type { Shape, ShapeOptions } from './shape.ts';

/** Traces that broke somebody's trace page once, by name. */
const creators = {
  'agents-1k': (options) => createAgents(1000, options),
  'agents-10k': (options) => createAgents(10_000, options),
  'agents-100k': (options) => createAgents(100_000, options),
  'deep-120': createDeep,
  'siblings-5000': createSiblings,
  'idle-60h': createIdle,
  orphans: createOrphans,
  'clock-skew': createClockSkew,
  running: createRunning,
  'all-errors': createAllErrors,
  'message-1mb': createBigMessage,
  'hostile-names': createHostileNames,
  cycles: createCycles,
  'several-roots': createSeveralRoots,
  'no-service': createNoService,
  'end-before-start': createEndBeforeStart,
  'bad-times': createBadTimes,
} as const satisfies Record<string, (options: ShapeOptions) => Shape>;

export type ShapeName = keyof typeof creators;
export const shapeNames = Object.keys(creators).filter(isShapeName);

export function isShapeName(name: string): name is ShapeName {
  return Object.hasOwn(creators, name);
}

/** Same name, seed and end: the same bytes. Shapes of one seed have different trace ids. */
export function createShape(name: ShapeName, options: ShapeOptions): Shape {
  return creators[name]({ ...options, seed: options.seed ^ toHash(name) });
}

/** FNV-1a, 32 bits. */
function toHash(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
