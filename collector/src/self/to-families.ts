/** Every number of `/metrics`, with its name and its sentence. */
import type { AlertsStatus } from '../alerts/start-alerts.ts';
import type { AnalysisStatus } from '../analysis/worker/start-analysis.ts';
import type { ExportsStatus } from '../exports/schedule/start-exports.ts';
import type { IngestTally } from './ingest-tally.ts';
import type { Lag } from './event-loop-lag.ts';
import type { ProcessFacts } from './process-facts.ts';
import type { Family, Labels, Sample } from './prometheus-text.ts';
import type { Histogram } from '../store/wal/histogram.ts';
import type { StoreFacts } from './store-facts.ts';
import type { WalStatus } from './wal-status.ts';

export type Facts = {
  readonly version: string;
  readonly engine: string;
  readonly nodeVersion: string;
  readonly startedAtMs: number;
  readonly counters: IngestTally['counters'];
  readonly heldBytes: number;
  readonly requestsUnderWay: number;
  readonly liveReaders: number;
  readonly wal: WalStatus | null;
  readonly analysis: AnalysisStatus;
  /** Null when this server does not evaluate rules. */
  readonly alerts: AlertsStatus | null;
  /** Null when no files are written every day. */
  readonly exports: ExportsStatus | null;
  /** Null when the store does not answer. */
  readonly store: StoreFacts | null;
  readonly process: ProcessFacts;
  readonly eventLoop: Lag;
};

export function toFamilies(facts: Facts): readonly Family[] {
  return [
    ...toServer(facts),
    ...toIngest(facts),
    ...(facts.wal === null ? [] : toWal(facts.wal)),
    ...toAnalysis(facts.analysis),
    ...(facts.alerts === null ? [] : toAlerts(facts.alerts)),
    ...(facts.exports === null ? [] : toExports(facts.exports)),
    ...toStore(facts.store),
    ...toProcess(facts),
  ];
}

function toServer({ version, engine, nodeVersion, startedAtMs, liveReaders }: Facts): Family[] {
  const build = [{ labels: { version, engine, node: nodeVersion }, value: 1 }];
  return [
    gauge('build_info', 'Always 1; the labels say which build this is.', build),
    gauge('start_time_seconds', 'When the server started, in seconds since 1970.', [
      one(startedAtMs / 1000),
    ]),
    gauge('live_readers', 'Readers of the live feed.', [one(liveReaders)]),
  ];
}

function toIngest({ counters, heldBytes, requestsUnderWay }: Facts): Family[] {
  const count = (name: string, help: string, samples: readonly Sample[]): Family =>
    counter(`ingest_${name}_total`, help, samples);
  return [
    count('requests', 'Requests, refused ones too.', counters.requests.samples()),
    count('wire_bytes', 'Bytes of taken bodies as they came.', counters.wireBytes.samples()),
    count('bytes', 'Bytes of taken bodies, inflated.', counters.inflatedBytes.samples()),
    count(
      'received_records',
      'Spans, log records and data points of taken requests.',
      counters.received.samples(),
    ),
    count('accepted_records', 'Records that were acknowledged.', counters.accepted.samples()),
    count(
      'rejected_records',
      'Records that taken requests lost, by reason.',
      counters.rejected.samples(),
    ),
    count('refused_requests', 'Requests turned away, by reason.', counters.refused.samples()),
    count(
      'decode_seconds',
      'Time from whole bodies to rows, in seconds.',
      counters.decodeSeconds.samples(),
    ),
    gauge('ingest_held_bytes', 'Bytes of bodies under way.', [one(heldBytes)]),
    gauge('ingest_requests_under_way', 'Requests under way.', [one(requestsUnderWay)]),
  ];
}

function toWal(wal: WalStatus): Family[] {
  return [
    gauge('wal_waiting_bytes', 'Acknowledged bytes not yet in the tables.', [
      one(wal.waitingBytes),
    ]),
    gauge('wal_waiting_rows', 'Acknowledged rows not yet in the tables.', [one(wal.waitingRows)]),
    gauge('wal_max_bytes', 'Senders are told to come again when so much waits.', [
      one(wal.maxBytes),
    ]),
    gauge('wal_segments', 'Segments that wait.', [one(wal.segments)]),
    gauge('wal_oldest_age_seconds', 'Age of the oldest commit not yet in the tables.', [
      one(wal.oldestAgeMs / 1000),
    ]),
    gauge('wal_quarantined_segments', 'Segments set aside because the store would not take them.', [
      one(wal.quarantined.segments),
    ]),
    gauge('wal_quarantined_bytes', 'Bytes of them.', [one(wal.quarantined.bytes)]),
    counter('wal_damaged_commits_total', 'Acknowledged commits that the disk did not keep.', [
      one(wal.damagedCommits),
    ]),
    counter('wal_torn_commits_total', 'Unacknowledged commits that a crash cut short.', [
      one(wal.tornCommits),
    ]),
    counter('wal_replayed_rows_total', 'Rows that an earlier process left.', [
      one(wal.replayedRows),
    ]),
    counter('wal_refused_commits_total', 'Commits turned away, by reason.', [
      ...byKey('reason', wal.refused),
    ]),
    counter('wal_failed_inserts_total', 'Inserts tried again, by the code of ClickHouse.', [
      ...byKey('code', wal.failedInserts),
    ]),
    histogram('wal_commit_seconds', 'From a batch to its place on disk.', wal.commitDuration),
    histogram('insert_seconds', 'From a sealed segment to its tables.', wal.insertDuration),
    histogram(
      'visible_seconds',
      'From the acknowledgement to queries that see it.',
      wal.visibleAfter,
    ),
  ];
}

function toAnalysis(analysis: AnalysisStatus): Family[] {
  const count = (name: string, help: string, value: number): Family =>
    counter(`analysis_${name}_total`, help, [one(value)]);
  return [
    count('traces', 'Traces looked at, again each time they had news.', analysis.traces),
    count('spans', 'Spans of them.', analysis.spans),
    count('runs', 'Verdicts on runs, again each time one was looked at.', analysis.runs),
    count('findings', 'Findings of these verdicts.', analysis.findings),
    count('seconds', 'Time it took, from the question to the written verdict.', analysis.seconds),
    count('failures', 'Turns that failed and are tried again.', analysis.failures),
    count('given_up_traces', 'Traces that failed too often.', analysis.tracesGivenUp),
    count('thread_restarts', 'Starts of the thread after the first.', analysis.threadRestarts),
    counter(
      'analysis_missing_verdicts_total',
      'Detectors that broke on a run, by kind.',
      Array.from(analysis.failedDetectors, ([kind, times]) => one(times, { kind })),
    ),
    gauge('analysis_waiting_traces', 'Traces that wait for their turn.', [
      one(analysis.reached.waiting),
    ]),
    gauge('analysis_lag_seconds', 'Age of the oldest news that waits.', [
      one(analysis.reached.lagMs / 1000),
    ]),
  ];
}

function toExports({ written, failures, missing, lastWrittenAtMs }: ExportsStatus): Family[] {
  return [
    counter('exports_files_total', 'Files of costs that were written.', [one(written)]),
    counter('exports_failures_total', 'Files of costs that could not be written, each time.', [
      one(failures),
    ]),
    gauge('exports_missing_files', 'Files that are due and were not written in the last round.', [
      one(missing),
    ]),
    gauge(
      'exports_last_written_seconds',
      'When the last one was, in seconds since 1970; 0 = none.',
      [one((lastWrittenAtMs ?? 0) / 1000)],
    ),
  ];
}

function toAlerts(alerts: AlertsStatus): Family[] {
  const { sender, attempts, term } = alerts;
  return [
    gauge('alerts_evaluating', 'Whether this server evaluates; 0 while another one does.', [
      one(term === null ? 0 : 1),
    ]),
    counter('alerts_evaluations_total', 'Evaluations of rules.', [one(alerts.evaluations)]),
    counter('alerts_failed_evaluations_total', 'Of them, those that could not read.', [
      one(alerts.failedRules),
    ]),
    counter('alerts_failed_rounds_total', 'Rounds that could not ask or not write.', [
      one(alerts.failures),
    ]),
    counter('alerts_seconds_total', 'Time that rounds took.', [one(alerts.seconds)]),
    gauge('alerts_last_evaluation_age_seconds', 'Since the last round that went well.', [
      one(alerts.ageMs / 1000),
    ]),
    gauge('alerts_open_incidents', 'Incidents that are not over.', [one(alerts.openIncidents)]),
    counter('alerts_deliveries_total', 'Attempts to send a message, by outcome.', [
      ...byKey('outcome', attempts),
    ]),
    gauge('alerts_waiting_deliveries', 'Messages that are not delivered yet.', [
      one(sender?.waiting ?? 0),
    ]),
    gauge('alerts_failing_channels', 'Channels whose last attempt failed.', [
      one(sender?.failures.length ?? 0),
    ]),
  ];
}

function toStore(store: StoreFacts | null): Family[] {
  const up = gauge('store_up', 'Whether the store answers.', [one(store === null ? 0 : 1)]);
  if (store === null) return [up];
  const byTable = (field: 'parts' | 'maxPartsInPartition' | 'rows' | 'bytes'): Sample[] =>
    store.tables.map((table) => ({ labels: { table: table.table }, value: table[field] }));
  return [
    up,
    gauge('store_parts', 'Active parts of a table.', byTable('parts')),
    gauge(
      'store_max_parts_in_partition',
      'Active parts of the partition that has most.',
      byTable('maxPartsInPartition'),
    ),
    gauge('store_rows', 'Rows of a table, copies too.', byTable('rows')),
    gauge('store_bytes', 'Bytes of a table on disk.', byTable('bytes')),
    gauge('store_detached_parts', 'Parts set aside as damaged.', [one(store.detachedParts)]),
    gauge('store_sampled_copies', 'Stored rows of one trace of sixteen of the last five minutes.', [
      one(store.copies.stored),
    ]),
    gauge('store_sampled_duplicates', 'Rows among them that repeat another.', [
      one(store.copies.stored - store.copies.distinct),
    ]),
  ];
}

function toProcess({ process, eventLoop }: Facts): Family[] {
  const { engineRssBytes } = process;
  return [
    gauge('event_loop_lag_p99_seconds', 'Of the last one to two minutes.', [
      one(eventLoop.p99Ms / 1000),
    ]),
    gauge('event_loop_lag_max_seconds', 'Of the last one to two minutes.', [
      one(eventLoop.maxMs / 1000),
    ]),
    gauge('process_resident_bytes', 'Memory of the server.', [one(process.rssBytes)]),
    gauge('process_heap_bytes', 'Of it, what JavaScript uses.', [one(process.heapBytes)]),
    counter('process_cpu_seconds_total', 'Processor time of the server.', [
      one(process.cpuSeconds),
    ]),
    gauge(
      'engine_resident_bytes',
      'Memory of the embedded ClickHouse.',
      engineRssBytes === null ? [] : [one(engineRssBytes)],
    ),
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { type: 'gauge', name: `orchescope_${name}`, help, samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): Family {
  return { type: 'counter', name: `orchescope_${name}`, help, samples };
}

function histogram(name: string, help: string, durations: Histogram): Family {
  const series = [{ labels: {}, durations }];
  return { type: 'histogram', name: `orchescope_${name}`, help, series };
}

function one(value: number, labels: Labels = {}): Sample {
  return { labels, value };
}

function byKey(label: string, sums: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(sums).map(([key, value]) => one(value, { [label]: key }));
}
