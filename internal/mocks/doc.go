// Package mocks holds gomock doubles for this project's own unit tests, where a
// test stages a failure or counts the calls. Users test against memstore and
// faultstore.
package mocks

//go:generate go run go.uber.org/mock/mockgen@v0.6.0 -package mocks -destination store.go github.com/seed-f10031e4/consent/store Store,BatchGetter,Lister
