// Package growth measures how the cost of a gate grows with the number of opt-outs.
package growth

// LargeEnv is the variable of the environment that makes it go up to 10^7.
const LargeEnv = "CONSENT_BENCH_LARGE"
