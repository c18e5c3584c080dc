import type { RunSpan } from '../../run-span.ts';

export function tellsUsage({ inputTokens, outputTokens, costTrillionths }: RunSpan): boolean {
  return inputTokens !== null || outputTokens !== null || costTrillionths !== null;
}
