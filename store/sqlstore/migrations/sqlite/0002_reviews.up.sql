-- +goose Up
CREATE TABLE IF NOT EXISTS {reviews} (
	account  TEXT    NOT NULL,
	number   TEXT    NOT NULL,
	seq      INTEGER NOT NULL, -- of the event that is held
	since_us INTEGER NOT NULL, -- when it was received
	waits    INTEGER NOT NULL, -- 1: the key is held for it; 0: settled, or under an opt-out
	PRIMARY KEY (account, number, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS {index_schema}{reviews_by_since} ON {reviews_bare} (account, waits, since_us, number, seq);
