CREATE TABLE inbox (id text PRIMARY KEY, body text NOT NULL);
