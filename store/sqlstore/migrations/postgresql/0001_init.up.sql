-- +goose Up
CREATE TABLE IF NOT EXISTS {state} (
	account     text COLLATE "C" NOT NULL,
	number      text COLLATE "C" NOT NULL,
	status      smallint NOT NULL, -- 1 opted in, 2 opted out, 32 held; 0: none
	at_us       bigint,            -- times are microseconds since 1970; NULL: not known
	received_us bigint,
	recorded_us bigint NOT NULL,
	source      text COLLATE "C" NOT NULL,
	event_id    text COLLATE "C" NOT NULL, -- the event that made it so
	events      bigint NOT NULL,   -- how many the key has
	PRIMARY KEY (account, number)
);

CREATE INDEX IF NOT EXISTS {state_by_status} ON {state} (account, status, number);

CREATE TABLE IF NOT EXISTS {events} (
	account     text COLLATE "C" NOT NULL,
	number      text COLLATE "C" NOT NULL,
	seq         bigint NOT NULL,   -- the order of recording, from 1 for each key
	event_id    text COLLATE "C" NOT NULL,
	status      smallint NOT NULL,
	at_us       bigint,
	received_us bigint,
	recorded_us bigint NOT NULL,
	source      text COLLATE "C" NOT NULL,
	prior       smallint NOT NULL, -- the status before
	effective   smallint NOT NULL, -- 1: it became the state
	sender      bytea NOT NULL,    -- evidence, byte for byte
	recipient   bytea NOT NULL,
	body        bytea NOT NULL,
	keyword     bytea NOT NULL,
	keyword_set bytea NOT NULL,
	actor       bytea NOT NULL,
	note        bytea NOT NULL,
	PRIMARY KEY (account, number, seq)
);

CREATE INDEX IF NOT EXISTS {events_by_id} ON {events} (account, number, event_id);
