-- Calls that are priced again get a row that differs in its price alone. Of such rows the one with the highest edition is
-- shown. Seconds since 1970 when the pricing again began; 0 = as it was priced when it arrived.
ALTER TABLE spans ADD COLUMN IF NOT EXISTS price_edition UInt32 CODEC(T64, ZSTD(1)) AFTER mapper_version;
