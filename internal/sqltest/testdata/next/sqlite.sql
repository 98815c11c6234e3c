-- +goose Up
-- SQLite cannot add a column if it is missing. Migrate makes a step in one transaction there.
ALTER TABLE {state} ADD COLUMN later INTEGER;

ALTER TABLE {events} ADD COLUMN later TEXT;

ALTER TABLE {holds} ADD COLUMN later BLOB NOT NULL DEFAULT x'';

CREATE INDEX IF NOT EXISTS {prefix}events_by_later ON {events} (account, later);
