// Package observe has functions for optout.Options.Observe: metrics of Prometheus, and
// metrics and spans of OpenTelemetry. Copy what you use: each is a few lines.
package observe
