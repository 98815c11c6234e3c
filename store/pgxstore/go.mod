module github.com/seed-f10031e4/consent/store/pgxstore

go 1.26.0

replace github.com/seed-f10031e4/consent => ../..

require (
	github.com/jackc/pgx/v5 v5.12.0
	github.com/seed-f10031e4/consent v0.0.0
)

require (
	github.com/jackc/pgpassfile v1.0.0 // indirect
	github.com/jackc/pgservicefile v0.0.0-20240606120523-5a60cdf6a761 // indirect
	github.com/jackc/puddle/v2 v2.2.3 // indirect
	github.com/nyaruka/phonenumbers/v2 v2.0.7 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/text v0.43.0 // indirect
	google.golang.org/protobuf v1.36.11 // indirect
)
