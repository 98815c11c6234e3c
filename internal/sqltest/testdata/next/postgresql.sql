-- +goose Up
ALTER TABLE {state} ADD COLUMN IF NOT EXISTS later bigint;

ALTER TABLE {events} ADD COLUMN IF NOT EXISTS later text;

ALTER TABLE {holds} ADD COLUMN IF NOT EXISTS later bytea NOT NULL DEFAULT '';

CREATE INDEX IF NOT EXISTS {prefix}events_by_later ON {events} (account, later);

CREATE TABLE IF NOT EXISTS {prefix}later (account text NOT NULL PRIMARY KEY);
