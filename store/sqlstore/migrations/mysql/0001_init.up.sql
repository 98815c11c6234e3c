-- +goose Up
CREATE TABLE IF NOT EXISTS {state} (
	account     VARBINARY(255) NOT NULL,
	number      VARBINARY(255) NOT NULL,
	backwards   VARBINARY(255) NOT NULL, -- the number with its characters in the opposite order: a search by its end
	status      SMALLINT NOT NULL,  -- in force: 1 opted in, 2 opted out, 3 held; 0: nothing
	action      SMALLINT NOT NULL,  -- of the event that made it so, as in the table of events
	at_us       BIGINT,             -- times are microseconds since 1970; NULL: not known
	received_us BIGINT,
	recorded_us BIGINT NOT NULL,
	source      VARBINARY(255) NOT NULL,
	event_id    VARBINARY(255) NOT NULL,
	under_action        SMALLINT,   -- held: the opt-in or consent below the hold; opted out: the
	under_at_us         BIGINT,     -- hold that is the hardest to lift; NULL: none
	under_received_us   BIGINT,
	under_recorded_us   BIGINT,
	under_source        VARBINARY(255),
	under_event_id      VARBINARY(255),
	events      BIGINT NOT NULL,    -- the seq of the last event
	holds_from  BIGINT NOT NULL,    -- holds with a smaller seq have ended
	untidy      SMALLINT NOT NULL,  -- 1: rows of holds may still say what has changed
	half        SMALLINT NOT NULL,  -- 1: an event may be recorded without its effect
	PRIMARY KEY (account, number),
	INDEX {prefix}state_by_status (account, status, number),
	INDEX {prefix}state_backwards (account, backwards)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS {events} (
	account     VARBINARY(255) NOT NULL,
	number      VARBINARY(255) NOT NULL,
	seq         BIGINT NOT NULL,    -- the order of recording, from 1 for each key
	event_id    VARBINARY(255) NOT NULL,
	action      SMALLINT NOT NULL,  -- 1 opt-out, 2 opt-in, 3 consent, 4 hold, 5 release, 6 uphold, 7 ask, 8 retract, 9 void, 10 erase
	at_us       BIGINT,
	received_us BIGINT,
	recorded_us BIGINT NOT NULL,
	source      VARBINARY(255) NOT NULL,
	prior       SMALLINT NOT NULL,  -- the status before
	effective   SMALLINT NOT NULL,  -- 1: it changed what is in force, or opened or ended a hold
	sender      LONGBLOB NOT NULL,  -- evidence, byte for byte
	recipient   LONGBLOB NOT NULL,
	body        LONGBLOB NOT NULL,
	keyword     LONGBLOB NOT NULL,
	keyword_set LONGBLOB NOT NULL,
	actor       LONGBLOB NOT NULL,
	note        LONGBLOB NOT NULL,
	erased      SMALLINT NOT NULL DEFAULT 0, -- 1: the evidence was erased
	place       BIGINT NOT NULL AUTO_INCREMENT, -- the order of recording of all keys
	PRIMARY KEY (account, number, seq),
	INDEX {prefix}events_by_id (account, number, event_id),
	INDEX {prefix}events_by_id_first (account, event_id, number, seq),
	UNIQUE INDEX {prefix}events_place (place),
	INDEX {prefix}events_by_place (account, place, recorded_us)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS {holds} (
	account     VARBINARY(255) NOT NULL,
	number      VARBINARY(255) NOT NULL,
	seq         BIGINT NOT NULL,    -- of the event that opened the hold
	since_us    BIGINT NOT NULL,    -- when the text was received
	bound_us    BIGINT NOT NULL,    -- an opt-in that was sent later lifts the hold
	ended       SMALLINT NOT NULL,  -- 0: open from state.holds_from on; 1: ended; 2: released
	waits       SMALLINT NOT NULL,  -- 1: listed for review, if it is open and the key is held
	PRIMARY KEY (account, number, seq),
	INDEX {prefix}holds_by_since (account, waits, since_us, number, seq),
	INDEX {prefix}holds_by_bound (account, number, ended, bound_us, seq),
	INDEX {prefix}holds_by_waits (account, number, waits, ended, seq)
) ENGINE = InnoDB;
