import type { Finding, FindingKind, FindingSeverity } from '../contract.ts';
import type { FindingDetails } from '../store/run-row.ts';

export type FindingFields = {
  readonly kind: string;
  readonly variant: string;
  readonly severity: string;
  readonly subject: string;
  readonly wasteMs: number | null;
  readonly wasteTokens: number | null;
  readonly wasteUsd: string | null;
  /** JSON, see `FindingDetails`. */
  readonly details: string;
};

export function toFinding(fields: FindingFields): Finding {
  const details = JSON.parse(fields.details) as Plain<FindingDetails>;
  return Object.assign(details, {
    kind: fields.kind as FindingKind,
    variant: fields.variant,
    severity: fields.severity as FindingSeverity,
    subject: fields.subject,
    waste: { ms: fields.wasteMs, tokens: fields.wasteTokens, usd: fields.wasteUsd },
  });
}

/** What was just parsed belongs to nobody else. */
type Plain<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };
