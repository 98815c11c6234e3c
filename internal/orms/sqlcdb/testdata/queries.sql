-- name: InsertMessage :exec
INSERT INTO inbox (id, body) VALUES ($1, $2);
