-- A run belongs to every range it lived in, and a running one lives on: a column says until when, so that its index can
-- leave out what was over before.
ALTER TABLE runs ADD COLUMN IF NOT EXISTS lives_until DateTime64(9, 'UTC')
    MATERIALIZED if(status = 'running', toDateTime64('2106-02-07 06:28:15', 9, 'UTC'), last_activity)
    CODEC(Delta, ZSTD(1)) AFTER last_activity;

ALTER TABLE runs ADD INDEX IF NOT EXISTS lives_until_minmax lives_until TYPE minmax GRANULARITY 1;
