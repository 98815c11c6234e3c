-- +goose Up
CREATE TABLE IF NOT EXISTS {reviews} (
	account  VARBINARY(255) NOT NULL,
	number   VARBINARY(255) NOT NULL,
	seq      BIGINT NOT NULL,   -- of the event that is held
	since_us BIGINT NOT NULL,   -- when it was received
	waits    SMALLINT NOT NULL, -- 1: the key is held for it; 0: settled, or under an opt-out
	PRIMARY KEY (account, number, seq),
	INDEX {reviews_by_since} (account, waits, since_us, number, seq)
) ENGINE = InnoDB;
