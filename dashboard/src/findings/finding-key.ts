/**
 * Names a finding in a link: its kind and the first span of its evidence. A run that is judged again may tell its findings
 * in another order; what a finding shows stays.
 */
import type { Finding } from 'orchescope/contract';

type Named = Pick<Finding, 'kind' | 'spans'>;

export function findingKey({ kind, spans }: Named): string {
  return `${kind}:${spans[0]?.spanId ?? ''}`;
}

/** The finding itself, else one of its kind that shows the same span; null when the run has neither. */
export function findByKey<F extends Named>(findings: readonly F[], key: string): F | null {
  if (key === '') return null;
  const exact = findings.find((finding) => findingKey(finding) === key);
  if (exact !== undefined) return exact;
  const [kind, span] = key.split(':');
  const shows = ({ spans }: Named): boolean => spans.some(({ spanId }) => spanId === span);
  return findings.find((finding) => finding.kind === kind && shows(finding)) ?? null;
}
