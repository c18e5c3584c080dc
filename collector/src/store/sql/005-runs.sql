-- What analysis makes of spans, and what it needs to make it. All but settings can be made again from spans.

-- Which traces received spans, and when: what analysis has to look at again. A row a trace and insert; those of the
-- last minutes are read, again and again, by anyone who analyses.
CREATE TABLE IF NOT EXISTS trace_arrivals
(
    -- By the clock of the store, at the insert: a row becomes visible a moment later.
    arrived_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    project_id LowCardinality(String),
    trace_id String CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toDate(arrived_at)
ORDER BY (arrived_at, project_id, trace_id)
TTL toDateTime(arrived_at) + INTERVAL 3 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000;

-- From trace_time, which has one row a trace and insert already: grouping costs nothing twice.
CREATE MATERIALIZED VIEW IF NOT EXISTS trace_arrivals_from_trace_time TO trace_arrivals AS
SELECT now64(3, 'UTC') AS arrived_at, project_id, trace_id
FROM trace_time;

-- Runs that there were before there were runs.
INSERT INTO trace_arrivals
SELECT now64(3, 'UTC') AS arrived_at, project_id, trace_id
FROM trace_time
GROUP BY project_id, trace_id
SETTINGS insert_deduplicate = 0;

-- Whether two payloads are the same is asked of every run, and reading them to find out would cost a hundred times more.
ALTER TABLE content ADD COLUMN IF NOT EXISTS body_hash UInt32 MATERIALIZED toUInt32(cityHash64(body)) CODEC(ZSTD(1));

-- One row a version of a run, with everything that charts and alerts count: one insert is one consistent verdict.
-- A run whose start or id turned out to be another gets a row that deletes the old one.
CREATE TABLE IF NOT EXISTS runs
(
    project_id LowCardinality(String),
    run_id String CODEC(ZSTD(1)),
    -- Milliseconds since the epoch when it was analysed: the latest verdict stands.
    version UInt64 CODEC(Delta, ZSTD(1)),
    is_deleted UInt8 DEFAULT 0 CODEC(ZSTD(1)),
    analysis_version UInt16 CODEC(T64, ZSTD(1)),

    workflow LowCardinality(String),
    workflow_version LowCardinality(String),
    root_name LowCardinality(String),
    root_trace_id String CODEC(ZSTD(1)),
    root_span_id String CODEC(ZSTD(1)),
    status Enum8('running' = 0, 'completed' = 1, 'failed' = 2, 'cancelled' = 3, 'suspended' = 4, 'partial' = 5),
    status_reason String CODEC(ZSTD(1)),
    error_type LowCardinality(String),
    pattern LowCardinality(String),
    pattern_reason String CODEC(ZSTD(1)),

    start_time DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    -- 1970-01-01 while it is running.
    end_time DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    last_activity DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    -- Nanoseconds. Of a running run: until its last activity.
    duration_ns UInt64 CODEC(T64, ZSTD(1)),
    active_ns UInt64 CODEC(T64, ZSTD(1)),
    waiting_ns UInt64 CODEC(T64, ZSTD(1)),

    trace_ids Array(String) CODEC(ZSTD(1)),
    services Array(LowCardinality(String)) CODEC(ZSTD(1)),
    service_version LowCardinality(String),
    environment LowCardinality(String),
    agents Array(LowCardinality(String)) CODEC(ZSTD(1)),
    models Array(LowCardinality(String)) CODEC(ZSTD(1)),
    tools Array(LowCardinality(String)) CODEC(ZSTD(1)),
    conversation_id String CODEC(ZSTD(1)),
    user_id String CODEC(ZSTD(1)),
    tags Array(LowCardinality(String)) CODEC(ZSTD(1)),

    span_count UInt32 CODEC(T64, ZSTD(1)),
    left_out_span_count UInt32 CODEC(T64, ZSTD(1)),
    error_count UInt32 CODEC(T64, ZSTD(1)),
    tool_call_count UInt32 CODEC(T64, ZSTD(1)),
    failed_tool_call_count UInt32 CODEC(T64, ZSTD(1)),
    retry_count UInt32 CODEC(T64, ZSTD(1)),
    -- Buckets that add up. NULL = nobody told.
    input_tokens Nullable(UInt64) CODEC(T64, ZSTD(1)),
    cache_read_tokens Nullable(UInt64) CODEC(T64, ZSTD(1)),
    cache_write_tokens Nullable(UInt64) CODEC(T64, ZSTD(1)),
    output_tokens Nullable(UInt64) CODEC(T64, ZSTD(1)),
    reasoning_tokens Nullable(UInt64) CODEC(T64, ZSTD(1)),
    -- USD. NULL = no call has a known price.
    cost_usd Nullable(Decimal(18, 12)) CODEC(T64, ZSTD(1)),
    unpriced_call_count UInt32 CODEC(T64, ZSTD(1)),

    -- Arrays of one length each. Durations are nanoseconds, 18446744073709551615 = still running. Traces are places
    -- in trace_ids, from 0 on.
    agent_call_agents Array(LowCardinality(String)) CODEC(ZSTD(1)),
    agent_call_starts Array(DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    agent_call_durations Array(UInt64) CODEC(ZSTD(1)),
    agent_call_failed Array(UInt8) CODEC(ZSTD(1)),
    agent_call_traces Array(UInt16) CODEC(ZSTD(1)),
    agent_call_span_ids Array(String) CODEC(ZSTD(1)),

    model_call_models Array(LowCardinality(String)) CODEC(ZSTD(1)),
    model_call_providers Array(LowCardinality(String)) CODEC(ZSTD(1)),
    model_call_agents Array(LowCardinality(String)) CODEC(ZSTD(1)),
    model_call_starts Array(DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    model_call_durations Array(UInt64) CODEC(ZSTD(1)),
    model_call_failed Array(UInt8) CODEC(ZSTD(1)),
    model_call_first_tokens Array(Nullable(UInt64)) CODEC(ZSTD(1)),
    model_call_input_tokens Array(Nullable(UInt64)) CODEC(ZSTD(1)),
    model_call_cache_read_tokens Array(Nullable(UInt64)) CODEC(ZSTD(1)),
    model_call_cache_write_tokens Array(Nullable(UInt64)) CODEC(ZSTD(1)),
    model_call_output_tokens Array(Nullable(UInt64)) CODEC(ZSTD(1)),
    model_call_reasoning_tokens Array(Nullable(UInt64)) CODEC(ZSTD(1)),
    model_call_costs Array(Nullable(Decimal(18, 12))) CODEC(ZSTD(1)),

    handoff_froms Array(LowCardinality(String)) CODEC(ZSTD(1)),
    handoff_tos Array(LowCardinality(String)) CODEC(ZSTD(1)),
    handoff_times Array(DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    -- accepted | refused | failed | pending
    handoff_outcomes Array(LowCardinality(String)) CODEC(ZSTD(1)),
    handoff_latencies Array(Nullable(UInt64)) CODEC(ZSTD(1)),
    handoff_context_tokens Array(Nullable(UInt64)) CODEC(ZSTD(1)),
    handoff_traces Array(UInt16) CODEC(ZSTD(1)),
    handoff_span_ids Array(String) CODEC(ZSTD(1)),

    breaker_names Array(LowCardinality(String)) CODEC(ZSTD(1)),
    -- closed | half_open | open
    breaker_states Array(LowCardinality(String)) CODEC(ZSTD(1)),
    breaker_times Array(DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    breaker_traces Array(UInt16) CODEC(ZSTD(1)),
    breaker_span_ids Array(String) CODEC(ZSTD(1)),

    queue_names Array(LowCardinality(String)) CODEC(ZSTD(1)),
    queue_times Array(DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    queue_waits Array(Nullable(UInt64)) CODEC(ZSTD(1)),
    queue_failed Array(UInt8) CODEC(ZSTD(1)),
    queue_traces Array(UInt16) CODEC(ZSTD(1)),
    queue_span_ids Array(String) CODEC(ZSTD(1)),

    critical_kinds Array(LowCardinality(String)) CODEC(ZSTD(1)),
    critical_agents Array(LowCardinality(String)) CODEC(ZSTD(1)),
    critical_durations Array(UInt64) CODEC(ZSTD(1)),
    critical_costs Array(Decimal(18, 12)) CODEC(ZSTD(1)),
    critical_cost_usd Decimal(18, 12) CODEC(T64, ZSTD(1)),

    finding_kinds Array(LowCardinality(String)) CODEC(ZSTD(1)),
    finding_variants Array(LowCardinality(String)) CODEC(ZSTD(1)),
    -- info | warning | critical
    finding_severities Array(LowCardinality(String)) CODEC(ZSTD(1)),
    finding_subjects Array(String) CODEC(ZSTD(1)),
    finding_waste_ms Array(Nullable(Float64)) CODEC(ZSTD(1)),
    finding_waste_tokens Array(Nullable(UInt64)) CODEC(ZSTD(1)),
    finding_waste_usd Array(Nullable(Decimal(18, 12))) CODEC(ZSTD(1)),
    -- JSON each: sentence, advice, spans, threshold.
    finding_details Array(String) CODEC(ZSTD(3)),
    failed_detectors Array(LowCardinality(String)) CODEC(ZSTD(1)),
    -- JSON: slack of branches.
    slack String CODEC(ZSTD(3)),

    -- 0 = for ever.
    retention_days UInt16 CODEC(T64, ZSTD(1)),
    received_at DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD(1)),

    -- A run belongs to every range it lived in, however long ago it began.
    INDEX last_activity_minmax last_activity TYPE minmax GRANULARITY 1,
    INDEX run_id_bloom run_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY (toDate(start_time), retention_days)
ORDER BY (project_id, start_time, run_id)
TTL toDateTime(if(retention_days = 0, 4294967295, least(4294967295, toUInt32(received_at) + 86400 * retention_days)), 'UTC')
SETTINGS ttl_only_drop_parts = 1, fsync_after_insert = 1, fsync_part_directory = 1;

-- Which runs a trace is part of, and where their rows stand. The latest analysis of a trace knows.
CREATE TABLE IF NOT EXISTS trace_runs
(
    project_id LowCardinality(String),
    trace_id String CODEC(ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    run_ids Array(String) CODEC(ZSTD(1)),
    start_times Array(DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    retention_days Array(UInt16) CODEC(ZSTD(1)),
    received_at DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, trace_id)
TTL received_at + INTERVAL 400 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- What traces of one run have in common: an id of the run, a link from one to the other, a thread that was paused.
CREATE TABLE IF NOT EXISTS trace_keys
(
    project_id LowCardinality(String),
    -- A word, a colon and an id, e.g. `run:` or `trace:`.
    key String CODEC(ZSTD(1)),
    trace_id String CODEC(ZSTD(1)),
    received_at DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(received_at)
ORDER BY (project_id, key, trace_id)
TTL received_at + INTERVAL 90 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Up to which arrival everything was analysed. The latest row counts.
CREATE TABLE IF NOT EXISTS analysis_progress
(
    analyst LowCardinality(String),
    version UInt64,
    arrived_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(version)
ORDER BY analyst
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- What people set. Nothing is ever changed or removed: the latest version of a key stands, the others are the audit trail.
CREATE TABLE IF NOT EXISTS settings_log
(
    project_id LowCardinality(String),
    -- What it is about, e.g. `detectors`.
    area LowCardinality(String),
    -- Within the area, e.g. the name of a workflow; empty = all of it.
    key String,
    version UInt64,
    -- JSON; empty = taken back.
    value String,
    changed_at DateTime64(3, 'UTC'),
    changed_by String
)
ENGINE = MergeTree
ORDER BY (project_id, area, key, version)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
