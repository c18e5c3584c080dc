-- What alerting found, decided and sent. Nothing is changed or removed: state is the last row that tells of it.

-- A row an evaluation of a rule: the value, what changed, and the messages that have to go out for it. One row is one
-- decision, so state and messages are there together or not at all.
CREATE TABLE IF NOT EXISTS alert_log
(
    project_id LowCardinality(String),
    rule_id LowCardinality(String),
    eval_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    -- Of whoever evaluated: of two rows of one evaluation the higher term counts.
    term UInt64 CODEC(Delta, ZSTD(1)),
    written_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    -- Hash of the rule as it was.
    rule_hash String CODEC(ZSTD(1)),
    -- The worst of the groups, and of them all.
    state Enum8('normal' = 0, 'pending' = 1, 'recovering' = 2, 'firing' = 3, 'nodata' = 4, 'error' = 5, 'paused' = 6),
    group_count UInt32 CODEC(T64, ZSTD(1)),
    firing_count UInt32 CODEC(T64, ZSTD(1)),
    overflow UInt32 CODEC(T64, ZSTD(1)),
    worst_group String CODEC(ZSTD(1)),
    worst_value Nullable(Float64) CODEC(ZSTD(1)),
    threshold Nullable(Float64) CODEC(ZSTD(1)),
    samples UInt64 CODEC(T64, ZSTD(1)),
    error String CODEC(ZSTD(1)),
    -- JSON of all that is kept of the rule between evaluations; empty = as in the row before.
    rule_state String CODEC(ZSTD(3)),
    -- Of one length each.
    event_kinds Array(LowCardinality(String)) CODEC(ZSTD(1)),
    event_incidents Array(String) CODEC(ZSTD(1)),
    -- JSON each.
    events Array(String) CODEC(ZSTD(3)),
    delivery_ids Array(String) CODEC(ZSTD(1)),
    delivery_channels Array(LowCardinality(String)) CODEC(ZSTD(1)),
    -- JSON each.
    deliveries Array(String) CODEC(ZSTD(3))
)
ENGINE = MergeTree
PARTITION BY toMonday(eval_at)
ORDER BY (project_id, rule_id, eval_at, term)
TTL toDateTime(eval_at) + INTERVAL 100 DAY
SETTINGS ttl_only_drop_parts = 1, fsync_after_insert = 1, fsync_part_directory = 1,
    non_replicated_deduplication_window = 1000;

-- A row an attempt to send, and one when it is given up.
CREATE TABLE IF NOT EXISTS delivery_log
(
    project_id LowCardinality(String),
    channel LowCardinality(String),
    delivery_id String CODEC(ZSTD(1)),
    at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    attempt UInt16 CODEC(T64, ZSTD(1)),
    -- The first three are an end.
    outcome Enum8('delivered' = 1, 'dead' = 2, 'superseded' = 3, 'failed' = 4),
    status UInt16 CODEC(T64, ZSTD(1)),
    message String CODEC(ZSTD(1)),
    -- Of a failed one.
    next_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toMonday(at)
ORDER BY (project_id, delivery_id, at)
TTL toDateTime(at) + INTERVAL 100 DAY
SETTINGS ttl_only_drop_parts = 1, fsync_after_insert = 1, fsync_part_directory = 1,
    non_replicated_deduplication_window = 1000;

-- Who evaluates, where several servers share a store. The first row of a term wins: its insert carries the term as its
-- deduplication token, so that a second one stores nothing.
CREATE TABLE IF NOT EXISTS evaluator_terms
(
    term UInt64,
    holder String,
    taken_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY term
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS evaluator_renewals
(
    term UInt64,
    renewed_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(renewed_at)
ORDER BY term
TTL toDateTime(renewed_at) + INTERVAL 7 DAY;
