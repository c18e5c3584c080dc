-- What a call cost by a price list, and who says what is shown. cost_usd stays what is shown: reported, else computed.
-- So a reported cost is cost_usd where cost_source is 'reported', and needs no column of its own.

ALTER TABLE spans
    -- Spans from before were not priced: what they have was reported.
    ADD COLUMN IF NOT EXISTS cost_source Enum8('none' = 0, 'reported' = 1, 'computed' = 2)
        DEFAULT if(isNull(cost_usd), 'none', 'reported') AFTER cost_usd,
    ADD COLUMN IF NOT EXISTS computed_cost_usd Nullable(Decimal(18, 12)) CODEC(T64, ZSTD(1)) AFTER cost_source,
    -- Which list, with its date or hash: prices change, and a row keeps what it was priced by.
    ADD COLUMN IF NOT EXISTS price_version LowCardinality(String) AFTER computed_cost_usd,
    ADD COLUMN IF NOT EXISTS price_match Enum8('none' = 0, 'exact' = 1, 'alias' = 2, 'prefix' = 3) AFTER price_version;
