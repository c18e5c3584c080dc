-- What else is made of a day of `runs` beside `cost_days`, and true as long as that is: waste, and what users spent.

-- Four kinds of facts in one table, so that a day is one part and not four.
CREATE TABLE IF NOT EXISTS cost_waste_days
(
    start_day Date,
    made UInt64,
    project_id LowCardinality(String),
    -- class = waste by class and model; run = a run that may be among the dearest of a class; write = a cache was written, and
    -- no call of this day's runs read it within an hour; read = a span of time in which what is written is read within an hour.
    fact Enum8('class' = 0, 'run' = 1, 'write' = 2, 'read' = 3),
    -- Of class and run: day on which the calls began, in UTC.
    call_day Date,
    waste_class LowCardinality(String),
    workflow LowCardinality(String),
    environment LowCardinality(String),
    version_name LowCardinality(String),
    agent LowCardinality(String),
    provider LowCardinality(String),
    model LowCardinality(String),
    run_id String CODEC(ZSTD(1)),
    root_trace_id String CODEC(ZSTD(1)),
    -- Of write: when the call began. Of read: the span, whose end is the last read and does not belong to it.
    since DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    until DateTime64(9, 'UTC') CODEC(Delta, ZSTD(1)),
    -- USD.
    cost Decimal(38, 12) CODEC(ZSTD(1)),
    tokens UInt64 CODEC(T64, ZSTD(1)),
    calls UInt64 CODEC(T64, ZSTD(1)),
    -- A run is counted where its first call of the class lies.
    runs UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY (start_day, made)
ORDER BY (project_id, fact, call_day, waste_class, workflow)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- The sums of `cost_days` by user, and by user and one thing more: all of them at once would be as many rows as calls.
CREATE TABLE IF NOT EXISTS cost_user_days
(
    start_day Date,
    made UInt64,
    project_id LowCardinality(String),
    -- What is told apart beside user and environment; run = workflow and version.
    split Enum8('run' = 0, 'agent' = 1, 'model' = 2, 'provider' = 3, 'tool' = 4),
    call_day Date,
    user_id String CODEC(ZSTD(1)),
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
    compared_calls UInt64 CODEC(T64, ZSTD(1)),
    compared_reported Decimal(38, 12) CODEC(ZSTD(1)),
    compared_computed Decimal(38, 12) CODEC(ZSTD(1)),
    -- Of calls that have a price.
    cached_read UInt64 CODEC(T64, ZSTD(1)),
    cached_written UInt64 CODEC(T64, ZSTD(1)),
    uncached UInt64 CODEC(T64, ZSTD(1)),

    -- The last three by provider and model, with a line feed between them: where there is any.
    use_models Array(LowCardinality(String)) CODEC(ZSTD(1)),
    use_reads Array(UInt64) CODEC(ZSTD(1)),
    use_writes Array(UInt64) CODEC(ZSTD(1)),
    use_uncached Array(UInt64) CODEC(ZSTD(1)),

    -- A run is counted where its first call with the same value of the split lies, and in all where its very first does.
    runs UInt64 CODEC(T64, ZSTD(1)),
    successful_runs UInt64 CODEC(T64, ZSTD(1)),
    handoffs UInt64 CODEC(T64, ZSTD(1)),
    all_runs UInt64 CODEC(T64, ZSTD(1)),
    all_successful_runs UInt64 CODEC(T64, ZSTD(1)),
    all_handoffs UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY (start_day, made)
ORDER BY (project_id, split, user_id, call_day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- 0 = of this day there would be more than is worth keeping.
ALTER TABLE cost_day_marks ADD COLUMN IF NOT EXISTS has_waste UInt8;
ALTER TABLE cost_day_marks ADD COLUMN IF NOT EXISTS has_users UInt8;
