// Package orms tests that an opt-out and a row of the app are one transaction of each library
// that apps use on PostgreSQL. It is tests only, in a module of its own, so that no user
// inherits a library.
package orms
