package observe

import (
	"context"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/seed-f10031e4/consent/optout"
)

// region prometheus

// Prometheus counts and times operations. Accounts are a label: leave it out if you have
// thousands of them.
func Prometheus(registry prometheus.Registerer) (func(context.Context, optout.Observation), error) {
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "consent_operation_seconds", Help: "How long operations take.", Buckets: prometheus.ExponentialBuckets(1e-6, 4, 13),
	}, []string{"operation", "failed"})
	changed := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "consent_changed_total", Help: "Contacts who got another status.",
	}, []string{"operation", "account", "status"})
	gated := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "consent_gated_total", Help: "Numbers that were gated, by the reason of the answer.",
	}, []string{"account", "reason"})
	for _, c := range []prometheus.Collector{seconds, changed, gated} {
		if err := registry.Register(c); err != nil {
			return nil, fmt.Errorf("observe: %w", err)
		}
	}
	return func(_ context.Context, o optout.Observation) {
		seconds.WithLabelValues(o.Operation.String(), failed(o)).Observe(o.Duration.Seconds())
		changed.WithLabelValues(o.Operation.String(), o.Account, o.Status.String()).Add(float64(o.Changed))
		for reason, count := range reasons(o) {
			gated.WithLabelValues(o.Account, string(reason)).Add(float64(count))
		}
	}, nil
}

// endregion prometheus
