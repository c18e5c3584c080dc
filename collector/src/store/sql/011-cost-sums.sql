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

-- 0 = of this day there would be more than is worth keeping.
ALTER TABLE cost_day_marks ADD COLUMN IF NOT EXISTS has_waste UInt8;
