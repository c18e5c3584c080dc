/** Names that come out the same whoever makes them, so that nothing is told twice. */
import { createHash } from 'node:crypto';

/** Of one group of one rule. */
export function fingerprintOf(projectId: string, ruleId: string, group: string): string {
  return hash([projectId, ruleId, group]);
}

export function episodeIdOf(
  projectId: string,
  ruleId: string,
  fingerprint: string,
  startedAtMs: number,
): string {
  return hash([projectId, ruleId, fingerprint, startedAtMs]);
}

/** As JSON: names may hold any separator. */
function hash(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
