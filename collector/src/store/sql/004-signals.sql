-- Log records and points of metrics.

-- One row a record. A sender's retry brings the same record again: its identity, a hash of all that was sent, stands in
-- the sorting key, so that merges keep one of equal rows, the one mapped last. Readers do not wait for merges: they keep
-- one row an identity themselves. Two records that are equal to the nanosecond and the letter are one.
CREATE TABLE IF NOT EXISTS logs
(
    project_id LowCardinality(String),
    -- 32 and 16 lower-case hex characters; both empty for a record of no trace.
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    -- When it happened, else when it was observed, else when it came (bit 6 of flags). Kept within 1970 and 2106.
    time DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    -- 1970-01-01 where it was not told.
    observed_time DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    -- Place in its request: orders records of one time.
    position UInt32 CODEC(T64, ZSTD(1)),
    severity_number UInt8 CODEC(T64, ZSTD(1)),
    severity_text LowCardinality(String),
    event_name LowCardinality(String),
    trace_flags UInt32 CODEC(T64, ZSTD(1)),
    -- Bits of logFlags.
    flags UInt16 CODEC(T64, ZSTD(1)),
    -- Text of the value, and its type where it is no string.
    body String CODEC(ZSTD(3)),
    body_type LowCardinality(String),

    attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    attribute_types Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    resource_attributes Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    resource_attribute_types Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    scope_attributes Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    scope_attribute_types Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    dropped_attributes UInt32 CODEC(T64, ZSTD(1)),
    service_name LowCardinality(String),
    scope_name LowCardinality(String),
    scope_version LowCardinality(String),
    dialect LowCardinality(String),

    -- What the record tells. Sums are made over llm_call alone.
    fact Enum8('other' = 0, 'message' = 1, 'evaluation' = 2, 'llm_call' = 3, 'tool_call' = 4, 'error' = 5),
    conversation_id String CODEC(ZSTD(1)),
    user_id String CODEC(ZSTD(1)),
    agent_name LowCardinality(String),
    provider LowCardinality(String),
    model_requested LowCardinality(String),
    model_answered LowCardinality(String),
    tool_name LowCardinality(String),
    tool_call_id String CODEC(ZSTD(1)),
    response_id String CODEC(ZSTD(1)),
    error_type LowCardinality(String),
    -- NULL = the sender did not tell. Cache is inside input, reasoning inside output.
    input_tokens Nullable(UInt64) CODEC(T64, ZSTD(1)),
    output_tokens Nullable(UInt64) CODEC(T64, ZSTD(1)),
    cache_read_tokens Nullable(UInt64) CODEC(T64, ZSTD(1)),
    cache_write_tokens Nullable(UInt64) CODEC(T64, ZSTD(1)),
    reasoning_tokens Nullable(UInt64) CODEC(T64, ZSTD(1)),
    -- USD, as on spans.
    cost_usd Nullable(Decimal(18, 12)) CODEC(T64, ZSTD(1)),
    cost_source Enum8('none' = 0, 'reported' = 1, 'computed' = 2),
    computed_cost_usd Nullable(Decimal(18, 12)) CODEC(T64, ZSTD(1)),
    price_version LowCardinality(String),
    price_match Enum8('none' = 0, 'exact' = 1, 'alias' = 2, 'prefix' = 3),
    duration_ms Nullable(Float64) CODEC(ZSTD(1)),
    evaluation_name LowCardinality(String),
    -- NULL = only a label was told.
    evaluation_score Nullable(Float64) CODEC(ZSTD(1)),
    evaluation_label LowCardinality(String),
    evaluation_explanation String CODEC(ZSTD(1)),

    -- Arrays of one length each: payloads that left the attributes.
    content_slots Array(LowCardinality(String)) CODEC(ZSTD(1)),
    content_keys Array(LowCardinality(String)) CODEC(ZSTD(1)),
    content_formats Array(LowCardinality(String)) CODEC(ZSTD(1)),
    content_bodies Array(String) CODEC(ZSTD(3)),
    -- Where body and attributes belong when the record is itself a message.
    message_slot LowCardinality(String),

    mapper_version UInt16 CODEC(T64, ZSTD(1)),
    -- 0 = for ever. Records that carry messages have the retention of messages.
    retention_days UInt16 CODEC(T64, ZSTD(1)),
    received_at DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD(1)),

    -- Of what was sent, not of what we made of it; a time that was not sent is not part of it.
    identity UInt64 MATERIALIZED cityHash64(
        project_id, trace_id, span_id, if(bitTest(flags, 6), 0, toUnixTimestamp64Nano(time)),
        toUnixTimestamp64Nano(observed_time), severity_number, severity_text, event_name, trace_flags, body, body_type,
        mapKeys(attributes), mapValues(attributes), mapKeys(resource_attributes), mapValues(resource_attributes),
        scope_name, scope_version, content_keys, content_bodies) CODEC(ZSTD(1)),

    INDEX trace_id_bloom trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    -- Evaluations name the answer they judge.
    INDEX response_id_bloom response_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(mapper_version)
PARTITION BY (toDate(time), retention_days)
ORDER BY (project_id, toStartOfMinute(time), trace_id, span_id, identity)
TTL toDateTime(if(retention_days = 0, 4294967295, least(4294967295, toUInt32(received_at) + 86400 * retention_days)), 'UTC')
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1, fsync_part_directory = 1;

-- One row a point, delta or cumulative as its sender counts. A point is its series and its time: a retry brings it again,
-- and merges keep one. Readers keep one themselves.
CREATE TABLE IF NOT EXISTS metric_points
(
    project_id LowCardinality(String),
    name LowCardinality(String),
    description LowCardinality(String),
    unit LowCardinality(String),
    type Enum8('gauge' = 0, 'sum' = 1, 'histogram' = 2, 'exponential_histogram' = 3, 'summary' = 4),
    temporality Enum8('unspecified' = 0, 'delta' = 1, 'cumulative' = 2),
    is_monotonic UInt8 CODEC(T64, ZSTD(1)),
    -- 1970-01-01 where it was not told.
    start_time DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    time DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    -- Bits of pointFlags.
    flags UInt16 CODEC(T64, ZSTD(1)),

    attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    attribute_types Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    resource_attributes Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    resource_attribute_types Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    scope_attributes Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    scope_attribute_types Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
    service_name LowCardinality(String),
    scope_name LowCardinality(String),
    scope_version LowCardinality(String),

    -- Of gauges and sums. value_int is the exact value where an int was sent.
    value Nullable(Float64) CODEC(ZSTD(1)),
    value_int Nullable(Int64) CODEC(T64, ZSTD(1)),
    -- Of histograms and summaries.
    count Nullable(UInt64) CODEC(T64, ZSTD(1)),
    sum Nullable(Float64) CODEC(ZSTD(1)),
    min Nullable(Float64) CODEC(ZSTD(1)),
    max Nullable(Float64) CODEC(ZSTD(1)),
    bucket_counts Array(UInt64) CODEC(ZSTD(1)),
    explicit_bounds Array(Float64) CODEC(ZSTD(1)),
    -- NULL where it is no exponential histogram.
    scale Nullable(Int32) CODEC(ZSTD(1)),
    zero_count UInt64 CODEC(T64, ZSTD(1)),
    zero_threshold Float64 CODEC(ZSTD(1)),
    positive_offset Int32 CODEC(T64, ZSTD(1)),
    positive_counts Array(UInt64) CODEC(ZSTD(1)),
    negative_offset Int32 CODEC(T64, ZSTD(1)),
    negative_counts Array(UInt64) CODEC(ZSTD(1)),
    -- Arrays of one length each.
    quantiles Array(Float64) CODEC(ZSTD(1)),
    quantile_values Array(Float64) CODEC(ZSTD(1)),
    -- Arrays of one length each; attributes are the text of a JSON map, and NaN is a value that was not told.
    exemplar_times Array(DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    exemplar_values Array(Float64) CODEC(ZSTD(1)),
    exemplar_trace_ids Array(String) CODEC(ZSTD(1)),
    exemplar_span_ids Array(String) CODEC(ZSTD(1)),
    exemplar_attributes Array(String) CODEC(ZSTD(1)),

    retention_days UInt16 CODEC(T64, ZSTD(1)),
    received_at DateTime('UTC') DEFAULT now() CODEC(Delta, ZSTD(1)),

    -- Whose point it is. Attributes may come in any order.
    series UInt64 MATERIALIZED cityHash64(
        unit, type, temporality, is_monotonic, arraySort(arrayZip(mapKeys(attributes), mapValues(attributes))),
        arraySort(arrayZip(mapKeys(resource_attributes)::Array(String), mapValues(resource_attributes)::Array(String))),
        scope_name, scope_version,
        arraySort(arrayZip(mapKeys(scope_attributes)::Array(String), mapValues(scope_attributes)::Array(String))))
        CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(received_at)
PARTITION BY (toDate(time), retention_days)
-- A series lies together, in order of time.
ORDER BY (project_id, name, series, time)
TTL toDateTime(if(retention_days = 0, 4294967295, least(4294967295, toUInt32(received_at) + 86400 * retention_days)), 'UTC')
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1, fsync_part_directory = 1;
