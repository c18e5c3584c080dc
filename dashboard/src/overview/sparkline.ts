/** A line without axes, as the text of SVG paths; gaps stay gaps. */

export const sparkWidth = 120;
export const sparkHeight = 28;

/** One path a stretch without gaps. Values begin at 0, so that a small change looks small. */
export function toSparkPaths(values: readonly (number | null)[]): string[] {
  const highest = Math.max(...values.map((value) => value ?? 0), 0);
  const x = (at: number): number => (at / Math.max(1, values.length - 1)) * sparkWidth;
  const y = (value: number): number =>
    sparkHeight - 1 - (highest === 0 ? 0 : (value / highest) * (sparkHeight - 2));
  const paths: string[][] = [[]];
  for (const [at, value] of values.entries()) {
    if (value === null) paths.push([]);
    else paths.at(-1)?.push(`${round(x(at))} ${round(y(value))}`);
  }
  // A value between two gaps is a dot.
  return paths
    .filter((points) => points.length > 0)
    .map((points) => (points.length === 1 ? `M${points[0]}h1` : `M${points.join('L')}`));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
