import type { TextTable } from '../../store/native/text-table.ts';
import { kindKeys } from '../to-span/rules.ts';
import { isDeciding } from './decisions.ts';
import type { Plan } from './plan.ts';
import { valueTypes, type ShapeTree } from './shape-tree.ts';

export type ShapeStep = { readonly key: number; readonly type: number; readonly text: string };

/** An attribute of which the value decides what the span is. */
export type DecidingStep = {
  readonly position: number;
  readonly key: string;
  readonly type: number;
};

/** An attribute that may hold the span's own name. */
export type NamingStep = {
  readonly position: number;
  readonly type: number;
  readonly key: string;
  readonly member: string | undefined;
};

export type Shape = {
  readonly path: readonly ShapeStep[];
  /** Key -> place in the path. */
  readonly positions: ReadonlyMap<string, number>;
  readonly types: Uint8Array;
  readonly keys: Int32Array;
  readonly deciding: readonly DecidingStep[];
  readonly naming: readonly NamingStep[];
  readonly plans: Map<number, Plan | null>;
  /** The one that was asked for last: most spans of a shape have the same. */
  lastNumber: number;
  lastPlan: Plan | null;
};

/** More of them would not fit into the number of a plan; no sender has so many. */
const maxDeciding = 5;

/** Null for a shape that goes the general way: a key comes twice, or is one that we add. */
export function readShape(tree: ShapeTree, node: number, texts: TextTable): Shape | null {
  const path = tree.pathTo(node).map(({ key, type }) => ({ key, type, text: texts.textOf(key) }));
  const positions = new Map(path.map(({ text }, position) => [text, position]));
  if (positions.size < path.length || positions.has('otlp.flags')) return null;
  const deciding = path.flatMap(({ text, type }, position) =>
    isDeciding(text) && (type === valueTypes.text || type === valueTypes.bool)
      ? [{ position, key: text, type }]
      : [],
  );
  if (deciding.length > maxDeciding) return null;
  return {
    path,
    positions,
    types: Uint8Array.from(path, ({ type }) => type),
    keys: Int32Array.from(path, ({ key }) => key),
    deciding,
    naming: readNaming(path, positions),
    plans: new Map(),
    lastNumber: -1,
    lastPlan: null,
  };
}

/** Only where a kind key is there that asks for it. */
function readNaming(
  path: readonly ShapeStep[],
  positions: ReadonlyMap<string, number>,
): NamingStep[] {
  const naming = new Map<string, NamingStep>();
  for (const { key, values } of kindKeys) {
    if (!positions.has(key)) continue;
    for (const { agentIfNamed } of values.values()) {
      const position = positions.get(agentIfNamed?.key ?? '') ?? -1;
      const step = path[position];
      if (agentIfNamed === undefined || step === undefined) continue;
      const { member } = agentIfNamed;
      naming.set(JSON.stringify(agentIfNamed), {
        position,
        type: step.type,
        key: step.text,
        member,
      });
    }
  }
  return [...naming.values()];
}
