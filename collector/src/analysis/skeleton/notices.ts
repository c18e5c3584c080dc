/** What is odd about a trace, in sentences. */
import type { TraceSkeleton } from '../../contract.ts';
import { spanFlags } from '../../span.ts';
import type { ParentRows } from './parent-rows.ts';

type Notice = TraceSkeleton['notices'][number];

export type NoticeFacts = {
  readonly parents: ParentRows;
  /** As sent, not as drawn. */
  readonly start: Float64Array;
  readonly duration: Float64Array;
  readonly flags: Uint16Array;
  readonly omittedSpans: number;
};

/** Less is what two synchronised machines may differ by. */
const clockSkewNs = 1_000_000_000;

export function toNotices(facts: NoticeFacts): Notice[] {
  const { parents } = facts;
  const several = parents.roots > 1 ? parents.roots : 0;
  const all = [
    notice(
      'omitted',
      facts.omittedSpans,
      (n) => `${n} not sent, because the trace is very large; totals count them.`,
    ),
    notice('orphans', parents.orphans, (n) => `${n} named a parent that was not received.`),
    notice('several_roots', several, (n) => `${n} have no parent: the trace has several roots.`),
    notice(
      'cycle',
      parents.cycles,
      (n) => `${n} named each other as parents in a circle, which was cut.`,
    ),
    notice(
      'clock_skew',
      countSkewed(facts),
      (n) =>
        `${n} began before the parent or ended after it by more than a second: clocks may differ, or work went on after an answer.`,
    ),
    notice(
      'end_before_start',
      countFlag(facts, spanFlags.endBeforeStart),
      (n) => `${n} ended before the start; the duration is shown as 0.`,
    ),
    notice(
      'bad_time',
      countFlag(facts, spanFlags.badTime),
      (n) => `${n} carried a start time that cannot be right, and are drawn at the edge.`,
    ),
    notice(
      'running',
      countFlag(facts, spanFlags.running),
      (n) => `${n} not ended: still running, or the process died.`,
    ),
    notice(
      'truncated',
      countFlag(facts, spanFlags.truncated),
      (n) => `${n} had values cut to the size limit.`,
    ),
    notice(
      'no_service_name',
      countFlag(facts, spanFlags.noService),
      (n) => `${n} came without service.name; set OTEL_SERVICE_NAME in the sender.`,
    ),
  ];
  return all.filter((one) => one.count > 0);
}

function notice(code: Notice['code'], count: number, toMessage: (spans: string) => string): Notice {
  const spans = `${count.toLocaleString('en')} ${count === 1 ? 'span' : 'spans'}`;
  return { code, count, message: toMessage(spans) };
}

function countFlag(facts: NoticeFacts, flag: number): number {
  let count = 0;
  for (const flags of facts.flags) if ((flags & flag) !== 0) count += 1;
  return count;
}

function countSkewed(facts: NoticeFacts): number {
  let count = 0;
  for (let row = 0; row < facts.start.length; row += 1) {
    const parent = facts.parents.parent[row] ?? -1;
    if (parent >= 0 && isSkewed(facts, row, parent)) count += 1;
  }
  return count;
}

function isSkewed(facts: NoticeFacts, row: number, parent: number): boolean {
  const untrusted = spanFlags.badTime | spanFlags.endBeforeStart;
  if ((((facts.flags[row] ?? 0) | (facts.flags[parent] ?? 0)) & untrusted) !== 0) return false;
  const start = facts.start[row] ?? 0;
  const parentStart = facts.start[parent] ?? 0;
  if (parentStart - start > clockSkewNs) return true;
  const duration = facts.duration[row] ?? 0;
  const parentDuration = facts.duration[parent] ?? 0;
  if (duration < 0 || parentDuration < 0) return false;
  return start + duration - (parentStart + parentDuration) > clockSkewNs;
}
