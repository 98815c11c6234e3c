-- +goose Up
CREATE TABLE IF NOT EXISTS {state} (
	account     VARBINARY(255) NOT NULL,
	number      VARBINARY(255) NOT NULL,
	status      SMALLINT NOT NULL, -- 1 opted in, 2 opted out, 32 held; 0: none
	at_us       BIGINT,            -- times are microseconds since 1970; NULL: not known
	received_us BIGINT,
	recorded_us BIGINT NOT NULL,
	source      VARBINARY(255) NOT NULL,
	event_id    VARBINARY(255) NOT NULL, -- the event that made it so
	events      BIGINT NOT NULL,   -- how many the key has
	PRIMARY KEY (account, number),
	INDEX {state_by_status} (account, status, number)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS {events} (
	account     VARBINARY(255) NOT NULL,
	number      VARBINARY(255) NOT NULL,
	seq         BIGINT NOT NULL,   -- the order of recording, from 1 for each key
	event_id    VARBINARY(255) NOT NULL,
	status      SMALLINT NOT NULL,
	at_us       BIGINT,
	received_us BIGINT,
	recorded_us BIGINT NOT NULL,
	source      VARBINARY(255) NOT NULL,
	prior       SMALLINT NOT NULL, -- the status before
	effective   SMALLINT NOT NULL, -- 1: it became the state
	sender      LONGBLOB NOT NULL, -- evidence, byte for byte
	recipient   LONGBLOB NOT NULL,
	body        LONGBLOB NOT NULL,
	keyword     LONGBLOB NOT NULL,
	keyword_set LONGBLOB NOT NULL,
	actor       LONGBLOB NOT NULL,
	note        LONGBLOB NOT NULL,
	PRIMARY KEY (account, number, seq),
	INDEX {events_by_id} (account, number, event_id)
) ENGINE = InnoDB;
