module github.com/seed-f10031e4/consent/examples

go 1.26.0

require (
	github.com/seed-f10031e4/consent v0.0.0
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/nyaruka/phonenumbers/v2 v2.0.7 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/text v0.43.0 // indirect
	google.golang.org/protobuf v1.36.11 // indirect
)

replace github.com/seed-f10031e4/consent => ../
