-- SaveMessage keeps a message. A message that is delivered again is there already.
-- name: SaveMessage :exec
INSERT INTO inbox (account, id, sender, body) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- CountMessages counts the messages of an account.
-- name: CountMessages :one
SELECT COUNT(*) FROM inbox WHERE account = $1;
