/** A range in windows, and the range before it, as long as this one: both are read in one pass. */
import type { RunScope } from '../runs-sql.ts';

export type Compared = {
  /** Of the range itself. */
  readonly scope: RunScope;
  /** Where the first window begins: at the start of the range, or before. */
  readonly originUnixNano: bigint;
  readonly stepNs: bigint;
  readonly windows: number;
};

/** As long as the range, right before it. */
export function previousFrom({ fromUnixNano, toUnixNano }: RunScope): bigint {
  const from = fromUnixNano - (toUnixNano - fromUnixNano);
  return from < 0n ? 0n : from;
}

/** Both ranges. */
export function toComparedScope({ scope }: Compared): RunScope {
  return { ...scope, fromUnixNano: previousFrom(scope) };
}

/** Of a `moment` in nanoseconds: the number of its window; -1 = in the range before. */
export const atWindow = `toInt32(if(moment < {middle:Int64}, -1, intDiv(moment - {origin:Int64}, {step:Int64})))`;

export function toComparedParams({
  scope,
  originUnixNano,
  stepNs,
}: Compared): Record<string, string> {
  return {
    middle: scope.fromUnixNano.toString(),
    origin: originUnixNano.toString(),
    step: stepNs.toString(),
  };
}
