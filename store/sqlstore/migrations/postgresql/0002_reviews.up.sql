-- +goose Up
CREATE TABLE IF NOT EXISTS {reviews} (
	account  text COLLATE "C" NOT NULL,
	number   text COLLATE "C" NOT NULL,
	seq      bigint NOT NULL,   -- of the event that is held
	since_us bigint NOT NULL,   -- when it was received
	waits    smallint NOT NULL, -- 1: the key is held for it; 0: settled, or under an opt-out
	PRIMARY KEY (account, number, seq)
);

CREATE INDEX IF NOT EXISTS {reviews_by_since} ON {reviews} (account, waits, since_us, number, seq);
