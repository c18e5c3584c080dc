-- The layout that telemetry is kept in for years: which mapping made a row, how long it is kept, and when it came.
-- A partition key cannot be altered, so both tables are made anew and their rows copied. A copy takes the place of its
-- table in one step; a start that was killed at any statement is finished by the next one. It needs the disk space
-- of the larger table once more until it is done.

-- Rows are not counted twice, and none may pass by it: made again below, when the tables are in place.
DROP VIEW IF EXISTS trace_time_from_spans;

-- Skipped where spans has mapper_version.
DROP TABLE IF EXISTS spans_003;

-- Skipped where spans has mapper_version.
-- One row a span. A span may arrive twice (a sender's retry), in two versions (running, then ended), and mapped again;
-- merges keep the row with the highest version. Readers must not wait for merges: they keep one row a span themselves,
-- the one with the highest version and mapper version.
CREATE TABLE spans_003
(
    project_id LowCardinality(String),
    -- 32 and 16 lower-case hex characters; parent_span_id is empty for a root.
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    parent_span_id String CODEC(ZSTD(1)),
    trace_state String CODEC(ZSTD(1)),
    name LowCardinality(String),
    kind LowCardinality(String),
    raw_kind LowCardinality(String),
    dialect LowCardinality(String),
    otel_kind UInt8,
    -- Kept within 1970 and 2106, the range of the minute in the sorting key.
    start_time DateTime64(9, 'UTC') CODEC(T64, ZSTD(1)),
    -- End time in nanoseconds as it was sent: the copy that ended last wins, a running one never does.
    version UInt64 CODEC(T64, ZSTD(1)),
    -- 1970-01-01 while the span is running. Not stored: it would be the largest column, twice.
    end_time DateTime64(9, 'UTC') ALIAS fromUnixTimestamp64Nano(toInt64(least(version, 4294967295999999999)), 'UTC'),
    -- Which edition of our mapping made the row: history that is mapped again gets a higher one. 0 = before it was kept.
    mapper_version UInt16 CODEC(T64, ZSTD(1)),
    -- 0 = for ever.
    retention_days UInt16 CODEC(T64, ZSTD(1)),
    -- By the collector's clock: a span that says 1970 must not be too old to keep.
    received_at DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD(1)),
    status Enum8('unset' = 0, 'ok' = 1, 'error' = 2),
    status_message String CODEC(ZSTD(1)),
    error_type LowCardinality(String),
    -- Bits of spanFlags.
    flags UInt16 CODEC(T64, ZSTD(1)),

    service_name LowCardinality(String),
    scope_name LowCardinality(String),
    scope_version LowCardinality(String),

    run_id String CODEC(ZSTD(1)),
    workflow_name LowCardinality(String),
    agent_name LowCardinality(String),
    tool_name LowCardinality(String),
    tool_call_id String CODEC(ZSTD(1)),
    conversation_id String CODEC(ZSTD(1)),
    user_id String CODEC(ZSTD(1)),
    provider LowCardinality(String),
    model_requested LowCardinality(String),
    model_answered LowCardinality(String),
    response_id String CODEC(ZSTD(1)),
    finish_reasons Array(LowCardinality(String)),
    -- NULL = the sender did not tell. Cache is inside input, reasoning inside output.
    input_tokens Nullable(UInt64) CODEC(T64, ZSTD(1)),
    output_tokens Nullable(UInt64) CODEC(T64, ZSTD(1)),
    cache_read_tokens Nullable(UInt64) CODEC(T64, ZSTD(1)),
    cache_write_tokens Nullable(UInt64) CODEC(T64, ZSTD(1)),
    reasoning_tokens Nullable(UInt64) CODEC(T64, ZSTD(1)),
    -- USD. Decimal, so that sums of small amounts stay exact; T64 makes it half the size of a double.
    cost_usd Nullable(Decimal(18, 12)) CODEC(T64, ZSTD(1)),
    cost_source Enum8('none' = 0, 'reported' = 1, 'computed' = 2),
    computed_cost_usd Nullable(Decimal(18, 12)) CODEC(T64, ZSTD(1)),
    -- Which list, with its date or hash: prices change, and a row keeps what it was priced by.
    price_version LowCardinality(String),
    price_match Enum8('none' = 0, 'exact' = 1, 'alias' = 2, 'prefix' = 3),
    -- Seconds.
    time_to_first_chunk Nullable(Float64) CODEC(ZSTD(1)),
    attempt UInt32 CODEC(T64, ZSTD(1)),
    loop_iteration UInt32 CODEC(T64, ZSTD(1)),
    step_index Int32 CODEC(T64, ZSTD(1)),
    handoff_from LowCardinality(String),
    handoff_to LowCardinality(String),

    -- Values as text. The types map names only what is not a string, so it is nearly always small.
    -- Dictionaries even for values: most repeat, and those that do not cost no more.
    attributes Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    attribute_types Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    resource_attributes Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    resource_attribute_types Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    scope_attributes Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    scope_attribute_types Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),

    -- Arrays of one length each; attributes are the text of a JSON map.
    event_times Array(DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    event_names Array(LowCardinality(String)) CODEC(ZSTD(1)),
    event_attributes Array(String) CODEC(ZSTD(1)),
    link_trace_ids Array(String) CODEC(ZSTD(1)),
    link_span_ids Array(String) CODEC(ZSTD(1)),
    link_rels Array(LowCardinality(String)) CODEC(ZSTD(1)),
    link_attributes Array(String) CODEC(ZSTD(1)),

    dropped_attributes UInt32 CODEC(T64, ZSTD(1)),
    dropped_events UInt32 CODEC(T64, ZSTD(1)),
    dropped_links UInt32 CODEC(T64, ZSTD(1)),

    -- Finds a trace without a scan of its day: 5 MiB for ten million spans.
    INDEX trace_id_bloom trace_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
-- Rows of a part expire together, so that whole files are dropped and nothing is ever rewritten for it.
PARTITION BY (toDate(start_time), retention_days)
-- Project first, for isolation; then time, which every list asks for; then the trace, so that its spans lie together;
-- then the name, so that spans of a kind do, whose columns resemble each other.
ORDER BY (project_id, toStartOfMinute(start_time), trace_id, name, span_id)
TTL toDateTime(if(retention_days = 0, 4294967295, least(4294967295, toUInt32(received_at) + 86400 * retention_days)), 'UTC')
-- The window remembers the segments that were inserted, so that a repeat adds nothing.
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1, fsync_part_directory = 1;

-- Skipped where spans has mapper_version.
INSERT INTO spans_003
(
    project_id, trace_id, span_id, parent_span_id, trace_state, name, kind, raw_kind, dialect, otel_kind, start_time,
    version, status, status_message, error_type, flags, service_name, scope_name, scope_version, run_id,
    workflow_name, agent_name, tool_name, tool_call_id, conversation_id, user_id, provider, model_requested,
    model_answered, response_id, finish_reasons, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
    reasoning_tokens, cost_usd, cost_source, computed_cost_usd, price_version, price_match, time_to_first_chunk,
    attempt, loop_iteration, step_index, handoff_from, handoff_to, attributes, attribute_types, resource_attributes,
    resource_attribute_types, scope_attributes, scope_attribute_types, event_times, event_names, event_attributes,
    link_trace_ids, link_span_ids, link_rels, link_attributes, dropped_attributes, dropped_events, dropped_links
)
SELECT
    project_id, trace_id, span_id, parent_span_id, trace_state, name, kind, raw_kind, dialect, otel_kind, start_time,
    version, status, status_message, error_type, flags, service_name, scope_name, scope_version, run_id,
    workflow_name, agent_name, tool_name, tool_call_id, conversation_id, user_id, provider, model_requested,
    model_answered, response_id, finish_reasons, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
    reasoning_tokens, cost_usd, cost_source, computed_cost_usd, price_version, price_match, time_to_first_chunk,
    attempt, loop_iteration, step_index, handoff_from, handoff_to, attributes, attribute_types, resource_attributes,
    resource_attribute_types, scope_attributes, scope_attribute_types, event_times, event_names, event_attributes,
    link_trace_ids, link_span_ids, link_rels, link_attributes, dropped_attributes, dropped_events, dropped_links
FROM spans
SETTINGS max_execution_time = 0, max_threads = 2, max_insert_threads = 1, min_insert_block_size_bytes = 67108864,
    max_partitions_per_insert_block = 0, async_insert = 0, optimize_on_insert = 0;

-- Skipped where spans has mapper_version.
EXCHANGE TABLES spans AND spans_003;

DROP TABLE IF EXISTS spans_003;

-- Skipped where content has mapper_version.
DROP TABLE IF EXISTS content_003;

-- Skipped where content has mapper_version.
-- Messages and payloads, one row an item. Read by (trace, span) when a person opens a span, never by a list.
CREATE TABLE content_003
(
    project_id LowCardinality(String),
    conversation_id String CODEC(ZSTD(1)),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    start_time DateTime64(9, 'UTC') CODEC(T64, ZSTD(1)),
    -- Both are of the span row it belongs to: readers ask for these only.
    version UInt64 CODEC(T64, ZSTD(1)),
    mapper_version UInt16 CODEC(T64, ZSTD(1)),
    -- Its own, often shorter than that of the span.
    retention_days UInt16 CODEC(T64, ZSTD(1)),
    received_at DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD(1)),
    position UInt16 CODEC(T64, ZSTD(1)),
    slot LowCardinality(String),
    key LowCardinality(String),
    format LowCardinality(String),
    -- An agent resends its whole history on every call. In the order of the conversation, in large blocks and with a
    -- long window, a repetition costs next to nothing. Only this column: a block is held in memory while it is written.
    body String CODEC(ZSTD(1, 24))
        SETTINGS (min_compress_block_size = 16777216, max_compress_block_size = 16777216),

    -- Which words may be in a granule: a rare one is found without reading what lacks it. A list of the rows of every
    -- word would be five times the size of the bodies, since each call repeats the words before it.
    INDEX body_words lower(body) TYPE tokenbf_v1(8192, 3, 0) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY (toDate(start_time), retention_days)
ORDER BY (project_id, conversation_id, trace_id, start_time, span_id, position)
TTL toDateTime(if(retention_days = 0, 4294967295, least(4294967295, toUInt32(received_at) + 86400 * retention_days)), 'UTC')
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1, fsync_part_directory = 1,
    -- Histories meet only inside a part: a partition that has been quiet for an hour becomes one part, unless it is
    -- large; then its parts hold hours each, and with them whole conversations.
    min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1,
    enable_max_bytes_limit_for_min_age_to_force_merge = 1, max_bytes_to_merge_at_max_space_in_pool = 21474836480;

-- Skipped where content has mapper_version.
INSERT INTO content_003
(
    project_id, conversation_id, trace_id, span_id, start_time, version, position, slot, key, format, body
)
SELECT
    project_id, conversation_id, trace_id, span_id, start_time, version, position, slot, key, format, body
FROM content
SETTINGS max_execution_time = 0, max_threads = 2, max_insert_threads = 1, min_insert_block_size_bytes = 67108864,
    max_partitions_per_insert_block = 0, async_insert = 0, optimize_on_insert = 0;

-- Skipped where content has mapper_version.
EXCHANGE TABLES content AND content_003;

DROP TABLE IF EXISTS content_003;

-- A trace leaves the lists when the last of its spans has expired; those from before are kept for ever.
ALTER TABLE trace_time
    ADD COLUMN IF NOT EXISTS expires SimpleAggregateFunction(max, DateTime('UTC'))
        DEFAULT toDateTime(4294967295, 'UTC') CODEC(ZSTD(1));

ALTER TABLE trace_time MODIFY TTL expires SETTINGS materialize_ttl_after_modify = 0;

-- Spans whose trace has no time cannot be found: they must reach the disk together.
ALTER TABLE trace_time MODIFY SETTING non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1, fsync_part_directory = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS trace_time_from_spans TO trace_time AS
SELECT
    project_id,
    trace_id,
    min(if(start_time < toDateTime64('1971-01-01 00:00:00', 9, 'UTC'), now64(9, 'UTC'), least(start_time, now64(9, 'UTC')))) AS first_start,
    max(start_time) AS last_start,
    max(toDateTime(if(retention_days = 0, 4294967295, least(4294967295, toUInt32(received_at) + 86400 * retention_days)), 'UTC')) AS expires
FROM spans
GROUP BY project_id, trace_id;

-- Spans as the ClickHouse exporter of OpenTelemetry names and types them, so that Grafana and others read them. Ended
-- spans only, as an exporter sends them, and each once. Not replaced: a table of that name may be somebody's.
CREATE VIEW IF NOT EXISTS otel_traces AS
SELECT
    start_time AS Timestamp,
    trace_id AS TraceId,
    span_id AS SpanId,
    parent_span_id AS ParentSpanId,
    trace_state AS TraceState,
    name AS SpanName,
    CAST(transform(otel_kind, [1, 2, 3, 4, 5], ['Internal', 'Server', 'Client', 'Producer', 'Consumer'], 'Unspecified'), 'LowCardinality(String)') AS SpanKind,
    service_name AS ServiceName,
    CAST(resource_attributes, 'Map(LowCardinality(String), String)') AS ResourceAttributes,
    CAST(scope_name, 'String') AS ScopeName,
    CAST(scope_version, 'String') AS ScopeVersion,
    CAST(attributes, 'Map(LowCardinality(String), String)') AS SpanAttributes,
    -- Nanoseconds; 0 where the end lies before the start.
    toUInt64(greatest(0, toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time))) AS Duration,
    CAST(transform(toString(status), ['ok', 'error'], ['Ok', 'Error'], 'Unset'), 'LowCardinality(String)') AS StatusCode,
    status_message AS StatusMessage,
    event_times AS `Events.Timestamp`,
    event_names AS `Events.Name`,
    arrayMap(text -> JSONExtract(text, 'Map(LowCardinality(String), String)'), event_attributes) AS `Events.Attributes`,
    link_trace_ids AS `Links.TraceId`,
    link_span_ids AS `Links.SpanId`,
    arrayMap(id -> '', link_span_ids) AS `Links.TraceState`,
    arrayMap(text -> JSONExtract(text, 'Map(LowCardinality(String), String)'), link_attributes) AS `Links.Attributes`,
    -- Not the exporter's: whose spans these are.
    project_id AS ProjectId
FROM spans FINAL
WHERE version != 0;
