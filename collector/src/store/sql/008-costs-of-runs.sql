-- What a report of costs needs of every call of a model: what it was made for, who says what it cost, and whether it need
-- have been made. Arrays of the length of model_call_models; empty in rows that an earlier edition of analysis wrote.
ALTER TABLE runs ADD COLUMN IF NOT EXISTS model_call_tools Array(LowCardinality(String)) CODEC(ZSTD(1)) AFTER model_call_costs;

-- none | reported | computed
ALTER TABLE runs ADD COLUMN IF NOT EXISTS model_call_cost_sources Array(LowCardinality(String)) CODEC(ZSTD(1)) AFTER model_call_tools;

ALTER TABLE runs ADD COLUMN IF NOT EXISTS model_call_computed_costs Array(Nullable(Decimal(18, 12))) CODEC(ZSTD(1)) AFTER model_call_cost_sources;

-- none | exact | alias | prefix
ALTER TABLE runs ADD COLUMN IF NOT EXISTS model_call_price_matches Array(LowCardinality(String)) CODEC(ZSTD(1)) AFTER model_call_computed_costs;

-- Empty = of use, as far as its run tells.
ALTER TABLE runs ADD COLUMN IF NOT EXISTS model_call_waste_classes Array(LowCardinality(String)) CODEC(ZSTD(1)) AFTER model_call_price_matches;

ALTER TABLE runs ADD COLUMN IF NOT EXISTS model_call_waste_tokens Array(UInt64) CODEC(ZSTD(1)) AFTER model_call_waste_classes;
