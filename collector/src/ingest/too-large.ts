import { Refusal } from './refusal.ts';

export function tooLarge(limit: number, when: 'before' | 'after'): Refusal {
  return new Refusal(
    'too_large',
    `The body is larger than ${limit} bytes ${when} inflating: send smaller batches.`,
  );
}

/** Counted by whoever decodes: no byte limit bounds how many there are. */
export function assertRecordCount(count: number, limit: number): void {
  if (count <= limit) return;
  throw new Refusal(
    'too_large',
    `The request holds ${count} records, and ${limit} are taken at once: send smaller batches.`,
    { count },
  );
}
