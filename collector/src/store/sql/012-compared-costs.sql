-- Of calls that have both a cost that was reported and one that was computed: what a report holds against each other.
ALTER TABLE cost_days ADD COLUMN IF NOT EXISTS compared_calls UInt64 CODEC(T64, ZSTD(1));
ALTER TABLE cost_days ADD COLUMN IF NOT EXISTS compared_reported Decimal(38, 12) CODEC(ZSTD(1));
ALTER TABLE cost_days ADD COLUMN IF NOT EXISTS compared_computed Decimal(38, 12) CODEC(ZSTD(1));

-- Who works on history, where several servers share a store: as evaluator_terms say who evaluates.
CREATE TABLE IF NOT EXISTS history_terms
(
    term UInt64,
    holder String,
    taken_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY term
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS history_renewals
(
    term UInt64,
    renewed_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(renewed_at)
ORDER BY term
TTL toDateTime(renewed_at) + INTERVAL 7 DAY;
