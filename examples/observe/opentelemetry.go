package observe

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/seed-f10031e4/consent/optout"
)

// region metrics

// Metrics counts and times operations with OpenTelemetry.
func Metrics(meter metric.Meter) (func(context.Context, optout.Observation), error) {
	duration, err := meter.Float64Histogram("consent.operation.duration", metric.WithUnit("s"))
	if err != nil {
		return nil, fmt.Errorf("observe: %w", err)
	}
	changed, err := meter.Int64Counter("consent.changed")
	if err != nil {
		return nil, fmt.Errorf("observe: %w", err)
	}
	return func(ctx context.Context, o optout.Observation) {
		of := metric.WithAttributes(
			attribute.Stringer("operation", o.Operation), attribute.String("account", o.Account),
			attribute.Stringer("status", o.Status), attribute.String("reason", string(o.Reason)),
		)
		duration.Record(ctx, o.Duration.Seconds(), of)
		changed.Add(ctx, int64(o.Changed), of)
	}, nil
}

// endregion metrics

// region spans

// Spans makes a span of each operation, below the span of its context.
func Spans(tracer trace.Tracer) func(context.Context, optout.Observation) {
	return func(ctx context.Context, o optout.Observation) {
		end := time.Now()
		_, span := tracer.Start(ctx, "consent."+o.Operation.String(), trace.WithTimestamp(end.Add(-o.Duration)))
		span.SetAttributes(
			attribute.String("account", o.Account), attribute.Stringer("status", o.Status), attribute.String("reason", string(o.Reason)),
			attribute.Int("count", o.Count), attribute.Int("changed", o.Changed), attribute.Bool("in_tx", o.InTx),
		)
		if isFailure(o.Err) {
			span.SetStatus(codes.Error, o.Err.Error()) // not RecordError of what errors.Unwrap finds
		}
		span.End(trace.WithTimestamp(end))
	}
}

// endregion spans

// region both

// Both calls several functions, one after the other.
func Both(observers ...func(context.Context, optout.Observation)) func(context.Context, optout.Observation) {
	return func(ctx context.Context, o optout.Observation) {
		for _, observe := range observers {
			observe(ctx, o)
		}
	}
}

// endregion both
