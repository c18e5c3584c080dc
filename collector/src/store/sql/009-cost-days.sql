-- Sums of what calls of models cost, of days that are over, so that a report of a month need not open every run of it.
-- They are made from `runs`, and again whenever those change: a reader takes a day only as long as the parts of `runs` that
-- it was made from are all there is.
CREATE TABLE IF NOT EXISTS cost_days
(
    -- Day on which the runs began, in UTC: a partition of `runs`.
    start_day Date,
    -- Milliseconds since the epoch when it was begun to be made: rows of one making belong together.
    made UInt64,
    project_id LowCardinality(String),
    -- Day on which the calls began, in UTC.
    call_day Date,
    workflow LowCardinality(String),
    environment LowCardinality(String),
    version_name LowCardinality(String),
    agent LowCardinality(String),
    model LowCardinality(String),
    provider LowCardinality(String),
    tool LowCardinality(String),

    -- USD.
    cost Decimal(38, 12) CODEC(ZSTD(1)),
    reported Decimal(38, 12) CODEC(ZSTD(1)),
    computed Decimal(38, 12) CODEC(ZSTD(1)),
    computed_calls UInt64 CODEC(T64, ZSTD(1)),
    estimated Decimal(38, 12) CODEC(ZSTD(1)),
    calls UInt64 CODEC(T64, ZSTD(1)),
    priced_calls UInt64 CODEC(T64, ZSTD(1)),
    input_tokens UInt64 CODEC(T64, ZSTD(1)),
    cache_read_tokens UInt64 CODEC(T64, ZSTD(1)),
    cache_write_tokens UInt64 CODEC(T64, ZSTD(1)),
    output_tokens UInt64 CODEC(T64, ZSTD(1)),
    reasoning_tokens UInt64 CODEC(T64, ZSTD(1)),
    silent_calls UInt64 CODEC(T64, ZSTD(1)),
    conflicting_calls UInt64 CODEC(T64, ZSTD(1)),
    waste Decimal(38, 12) CODEC(ZSTD(1)),
    -- Of calls that have a price.
    cached_read UInt64 CODEC(T64, ZSTD(1)),
    cached_written UInt64 CODEC(T64, ZSTD(1)),
    uncached UInt64 CODEC(T64, ZSTD(1)),

    -- A run is counted where its first call with the same values lies: one entry for each set of dimensions in which the
    -- calls of a run may differ, so that adding up counts no run twice.
    runs Array(UInt64) CODEC(ZSTD(1)),
    successful_runs Array(UInt64) CODEC(ZSTD(1)),
    handoffs Array(UInt64) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY (start_day, made)
ORDER BY (project_id, call_day, workflow, environment, version_name, agent, model, provider, tool)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Which making of a day is complete, and what it was made from. The latest row of a day counts.
CREATE TABLE IF NOT EXISTS cost_day_marks
(
    start_day Date,
    made UInt64,
    -- Of the parts of `runs` with this day.
    digest UInt64,
    -- When the last call of these runs began: later hours have nothing of them.
    last_call DateTime64(9, 'UTC')
)
ENGINE = ReplacingMergeTree(made)
ORDER BY start_day
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
