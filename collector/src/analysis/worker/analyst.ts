/** Brings the runs of traces up to date: reads their spans, judges, and writes what changed. */
import type { Run } from '../../run.ts';
import type { Reader } from '../../store/read-rows.ts';
import { readTraceRuns, writeTraceRuns, type TraceRuns } from '../../store/trace-runs.ts';
import { deleteRuns, writeRuns, type RunPlace, type RunToWrite } from '../../store/write-runs.ts';
import { analyzeSpans } from '../analyze-spans.ts';
import type { DetectorRules } from '../detectors/settings.ts';
import { joinRunSpans } from '../stitch/join-run-spans.ts';
import { connectTraces, type TraceGroup } from './connect-traces.ts';

export type AnalystParts = {
  readonly reader: Reader;
  readonly readRules: (projectId: string) => Promise<DetectorRules>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

export type AnalysisTally = {
  readonly traces: number;
  readonly spans: number;
  readonly runs: number;
  readonly findings: number;
  /** Verdicts that are missing because their detector broke. */
  readonly failedDetectors: readonly string[];
};

export type Analyst = {
  /** The runs that these traces of one project are part of. Resolves when the new verdicts can be read. */
  readonly analyze: (projectId: string, traceIds: readonly string[]) => Promise<AnalysisTally>;
};

export function createAnalyst({ reader, readRules, now }: AnalystParts): Analyst {
  let lastVersion = 0;
  /** Each analysis is later than the one before, whatever the clock does. */
  const nextVersion = (): number => (lastVersion = Math.max(now(), lastVersion + 1));

  return {
    analyze: async (projectId, traceIds) => {
      const rules = await readRules(projectId);
      const groups = await connectTraces(reader, projectId, traceIds);
      const version = nextVersion();
      const nowUnixNano = BigInt(version) * 1_000_000n;
      const verdicts = groups.map((group) => judge(group, { projectId, nowUnixNano, rules }));
      await write(reader, projectId, verdicts, version);
      return toTally(verdicts);
    },
  };
}

type Verdict = { readonly group: TraceGroup; readonly runs: readonly RunToWrite[] };

function judge(group: TraceGroup, context: Parameters<typeof analyzeSpans>[1]): Verdict {
  const spans = joinRunSpans(group.map((trace) => trace.spans));
  const retentionDays = longest(group.map((trace) => trace.retentionDays));
  const runs = analyzeSpans(spans, context);
  return { group, runs: runs.map((run) => ({ run, retentionDays })) };
}

/** 0 = for ever. */
function longest(days: readonly number[]): number {
  return days.includes(0) ? 0 : Math.max(...days);
}

/** In an order that leaves no gap: a reader may see a run twice for a moment, never not at all. */
async function write(
  reader: Reader,
  projectId: string,
  verdicts: readonly Verdict[],
  version: number,
): Promise<void> {
  const { client } = reader;
  const traceIds = verdicts.flatMap(({ group }) => group.map(({ traceId }) => traceId));
  if (traceIds.length === 0) return;
  const before = await readTraceRuns(reader, projectId, traceIds);
  const after = verdicts.flatMap(toTraceRuns);
  await writeRuns(
    client,
    verdicts.flatMap(({ runs }) => runs),
    version,
  );
  await deleteRuns(client, projectId, findLeft(before, after), version);
  await writeTraceRuns(client, projectId, findMoved(before, after), version);
}

function toTraceRuns({ group, runs }: Verdict): TraceRuns[] {
  return group.map(({ traceId }) => ({
    traceId,
    places: runs.filter(({ run }) => run.traceIds.includes(traceId)).map(toPlace),
  }));
}

function toPlace({ run, retentionDays }: RunToWrite): RunPlace {
  return { runId: run.runId, startUnixNano: run.startUnixNano, retentionDays };
}

const toKey = ({ runId, startUnixNano, retentionDays }: RunPlace): string =>
  `${startUnixNano} ${retentionDays} ${runId}`;

/** Where runs stood that stand elsewhere now, or nowhere. */
function findLeft(before: readonly TraceRuns[], after: readonly TraceRuns[]): RunPlace[] {
  const kept = new Set(after.flatMap(({ places }) => places.map(toKey)));
  const left = before.flatMap(({ places }) => places).filter((place) => !kept.has(toKey(place)));
  return [...new Map(left.map((place) => [toKey(place), place])).values()];
}

function findMoved(before: readonly TraceRuns[], after: readonly TraceRuns[]): TraceRuns[] {
  const known = new Map(before.map(({ traceId, places }) => [traceId, places.map(toKey).join()]));
  return after.filter(({ traceId, places }) => known.get(traceId) !== places.map(toKey).join());
}

function toTally(verdicts: readonly Verdict[]): AnalysisTally {
  const traces = verdicts.flatMap(({ group }) => group);
  const runs: Run[] = verdicts.flatMap((verdict) => verdict.runs.map(({ run }) => run));
  return {
    traces: traces.length,
    spans: traces.reduce((sum, { spans }) => sum + spans.spans.length, 0),
    runs: runs.length,
    findings: runs.reduce((sum, { findings }) => sum + findings.length, 0),
    failedDetectors: runs.flatMap(({ failedDetectors }) => failedDetectors),
  };
}
