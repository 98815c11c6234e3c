-- +goose Up
CREATE TABLE IF NOT EXISTS {state} (
	account     TEXT    NOT NULL,
	number      TEXT    NOT NULL,
	backwards   TEXT    NOT NULL, -- the number with its characters in the opposite order: a search by its end
	status      INTEGER NOT NULL, -- in force: 1 opted in, 2 opted out, 3 held; 0: nothing
	action      INTEGER NOT NULL, -- of the event that made it so, as in the table of events
	at_us       INTEGER,          -- times are microseconds since 1970; NULL: not known
	received_us INTEGER,
	recorded_us INTEGER NOT NULL,
	source      TEXT    NOT NULL,
	event_id    TEXT    NOT NULL,
	under_action      INTEGER, -- held: the opt-in or consent below the hold; opted out: the
	under_at_us       INTEGER, -- hold that is the hardest to lift; NULL: none
	under_received_us INTEGER,
	under_recorded_us INTEGER,
	under_source      TEXT,
	under_event_id    TEXT,
	events      INTEGER NOT NULL, -- the seq of the last event
	holds_from  INTEGER NOT NULL, -- holds with a smaller seq have ended
	untidy      INTEGER NOT NULL, -- 1: rows of holds may still say what has changed
	half        INTEGER NOT NULL, -- 1: an event may be recorded without its effect
	PRIMARY KEY (account, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS {schema}{prefix}state_by_status ON {prefix}state (account, status, number);

CREATE INDEX IF NOT EXISTS {schema}{prefix}state_backwards ON {prefix}state (account, backwards);

CREATE TABLE IF NOT EXISTS {events} (
	account     TEXT    NOT NULL,
	number      TEXT    NOT NULL,
	seq         INTEGER NOT NULL, -- the order of recording, from 1 for each key
	event_id    TEXT    NOT NULL,
	action      INTEGER NOT NULL, -- 1 opt-out, 2 opt-in, 3 consent, 4 hold, 5 release, 6 uphold, 7 ask, 8 retract, 9 void, 10 erase
	at_us       INTEGER,
	received_us INTEGER,
	recorded_us INTEGER NOT NULL,
	source      TEXT    NOT NULL,
	prior       INTEGER NOT NULL, -- the status before
	effective   INTEGER NOT NULL, -- 1: it changed what is in force, or opened or ended a hold
	sender      BLOB    NOT NULL, -- evidence, byte for byte
	recipient   BLOB    NOT NULL,
	body        BLOB    NOT NULL,
	keyword     BLOB    NOT NULL,
	keyword_set BLOB    NOT NULL,
	actor       BLOB    NOT NULL,
	note        BLOB    NOT NULL,
	erased      INTEGER NOT NULL DEFAULT 0, -- 1: the evidence was erased
	place       INTEGER PRIMARY KEY, -- the order of recording of all keys
	UNIQUE (account, number, seq)
) STRICT;

CREATE INDEX IF NOT EXISTS {schema}{prefix}events_by_id ON {prefix}events (account, event_id, number, seq);

CREATE INDEX IF NOT EXISTS {schema}{prefix}events_by_place ON {prefix}events (account, place, recorded_us);

CREATE TABLE IF NOT EXISTS {holds} (
	account     TEXT    NOT NULL,
	number      TEXT    NOT NULL,
	seq         INTEGER NOT NULL, -- of the event that opened the hold
	since_us    INTEGER NOT NULL, -- when the text was received
	bound_us    INTEGER NOT NULL, -- an opt-in that was sent later lifts the hold
	ended       INTEGER NOT NULL, -- 0: open from state.holds_from on; 1: ended; 2: released
	waits       INTEGER NOT NULL, -- 1: listed for review, if it is open and the key is held
	PRIMARY KEY (account, number, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS {schema}{prefix}holds_by_since ON {prefix}holds (account, waits, since_us, number, seq);

CREATE INDEX IF NOT EXISTS {schema}{prefix}holds_by_bound ON {prefix}holds (account, number, ended, bound_us, seq);

CREATE INDEX IF NOT EXISTS {schema}{prefix}holds_by_waits ON {prefix}holds (account, number, waits, ended, seq);
