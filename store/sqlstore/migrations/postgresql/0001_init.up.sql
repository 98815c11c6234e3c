-- +goose Up
CREATE TABLE IF NOT EXISTS {state} (
	account     text COLLATE "C" NOT NULL,
	number      text COLLATE "C" NOT NULL,
	backwards   text COLLATE "C" NOT NULL, -- the number with its characters in the opposite order: a search by its end
	status      smallint NOT NULL,  -- in force: 1 opted in, 2 opted out, 3 held; 0: nothing
	action      smallint NOT NULL,  -- of the event that made it so, as in the table of events
	at_us       bigint,             -- times are microseconds since 1970; NULL: not known
	received_us bigint,
	recorded_us bigint NOT NULL,
	source      text COLLATE "C" NOT NULL,
	event_id    text COLLATE "C" NOT NULL,
	under_action        smallint,   -- held: the opt-in or consent below the hold; opted out: the
	under_at_us         bigint,     -- hold that is the hardest to lift; NULL: none
	under_received_us   bigint,
	under_recorded_us   bigint,
	under_source        text COLLATE "C",
	under_event_id      text COLLATE "C",
	events      bigint NOT NULL,    -- the seq of the last event
	holds_from  bigint NOT NULL,    -- holds with a smaller seq have ended
	untidy      smallint NOT NULL,  -- 1: rows of holds may still say what has changed
	half        smallint NOT NULL,  -- 1: an event may be recorded without its effect
	PRIMARY KEY (account, number)
);

CREATE INDEX IF NOT EXISTS {prefix}state_by_status ON {state} (account, status, number);

CREATE INDEX IF NOT EXISTS {prefix}state_backwards ON {state} (account, backwards);

CREATE TABLE IF NOT EXISTS {events} (
	account     text COLLATE "C" NOT NULL,
	number      text COLLATE "C" NOT NULL,
	seq         bigint NOT NULL,    -- the order of recording, from 1 for each key
	event_id    text COLLATE "C" NOT NULL,
	action      smallint NOT NULL,  -- 1 opt-out, 2 opt-in, 3 consent, 4 hold, 5 release, 6 uphold, 7 ask, 8 retract, 9 void, 10 erase
	at_us       bigint,
	received_us bigint,
	recorded_us bigint NOT NULL,
	source      text COLLATE "C" NOT NULL,
	prior       smallint NOT NULL,  -- the status before
	effective   smallint NOT NULL,  -- 1: it changed what is in force, or opened or ended a hold
	sender      bytea NOT NULL,     -- evidence, byte for byte
	recipient   bytea NOT NULL,
	body        bytea NOT NULL,
	keyword     bytea NOT NULL,
	keyword_set bytea NOT NULL,
	actor       bytea NOT NULL,
	note        bytea NOT NULL,
	erased      smallint NOT NULL DEFAULT 0, -- 1: the evidence was erased
	-- The order of recording of all keys: the id of the transaction, or of the latest one that has
	-- ended, so that an event has no smaller place than the event of its key before.
	place       bigint NOT NULL DEFAULT GREATEST(CAST(CAST(pg_current_xact_id() AS text) AS bigint),
		CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint) - 1),
	PRIMARY KEY (account, number, seq)
);

CREATE INDEX IF NOT EXISTS {prefix}events_by_id ON {events} (account, event_id, number, seq);

CREATE INDEX IF NOT EXISTS {prefix}events_by_place ON {events} (account, place, number, seq, recorded_us);

CREATE TABLE IF NOT EXISTS {holds} (
	account     text COLLATE "C" NOT NULL,
	number      text COLLATE "C" NOT NULL,
	seq         bigint NOT NULL,    -- of the event that opened the hold
	since_us    bigint NOT NULL,    -- when the text was received
	bound_us    bigint NOT NULL,    -- an opt-in that was sent later lifts the hold
	ended       smallint NOT NULL,  -- 0: open from state.holds_from on; 1: ended; 2: released
	waits       smallint NOT NULL,  -- 1: listed for review, if it is open and the key is held
	PRIMARY KEY (account, number, seq)
);

CREATE INDEX IF NOT EXISTS {prefix}holds_by_since ON {holds} (account, waits, since_us, number, seq);

CREATE INDEX IF NOT EXISTS {prefix}holds_by_bound ON {holds} (account, number, ended, bound_us, seq);

CREATE INDEX IF NOT EXISTS {prefix}holds_by_waits ON {holds} (account, number, waits, ended, seq);
