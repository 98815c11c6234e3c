-- +goose Up
CREATE TABLE IF NOT EXISTS {state} (
	account     TEXT    NOT NULL,
	number      TEXT    NOT NULL,
	status      INTEGER NOT NULL, -- 1 opted in, 2 opted out, 32 held; 0: none
	at_us       INTEGER,          -- times are microseconds since 1970; NULL: not known
	received_us INTEGER,
	recorded_us INTEGER NOT NULL,
	source      TEXT    NOT NULL,
	event_id    TEXT    NOT NULL, -- the event that made it so
	events      INTEGER NOT NULL, -- how many the key has
	PRIMARY KEY (account, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS {index_schema}{state_by_status} ON {state_bare} (account, status, number);

CREATE TABLE IF NOT EXISTS {events} (
	account     TEXT    NOT NULL,
	number      TEXT    NOT NULL,
	seq         INTEGER NOT NULL, -- the order of recording, from 1 for each key
	event_id    TEXT    NOT NULL,
	status      INTEGER NOT NULL,
	at_us       INTEGER,
	received_us INTEGER,
	recorded_us INTEGER NOT NULL,
	source      TEXT    NOT NULL,
	prior       INTEGER NOT NULL, -- the status before
	effective   INTEGER NOT NULL, -- 1: it became the state
	sender      BLOB    NOT NULL, -- evidence, byte for byte
	recipient   BLOB    NOT NULL,
	body        BLOB    NOT NULL,
	keyword     BLOB    NOT NULL,
	keyword_set BLOB    NOT NULL,
	actor       BLOB    NOT NULL,
	note        BLOB    NOT NULL,
	PRIMARY KEY (account, number, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS {index_schema}{events_by_id} ON {events_bare} (account, number, event_id);
