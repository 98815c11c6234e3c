// Package growth measures how the cost of a gate grows with the number of opt-outs.
// It is no test of package main: the build information of such a one does not name
// what the test alone imports, so that optout cannot tell which phonenumbers it has.
package growth

// LargeEnv is the variable of the environment that makes it go up to 10^7.
const LargeEnv = "CONSENT_BENCH_LARGE"
