-- The host's own table: each message, as it came in.
CREATE TABLE IF NOT EXISTS inbox (
	account text NOT NULL,
	id      text NOT NULL,
	sender  text NOT NULL,
	body    bytea NOT NULL,
	PRIMARY KEY (account, id)
);
