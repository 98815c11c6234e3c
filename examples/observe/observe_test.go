package observe_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/seed-f10031e4/consent/examples/observe"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/optouttest"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// play lets a contact opt out, asks for two numbers, and asks once while the store is down.
func play(ctx context.Context, t *testing.T, watch func(context.Context, optout.Observation)) {
	t.Helper()
	outage := faultstore.Toggle{Err: errors.New("pq: duplicate key (acme, +14155550123)")}
	guard, err := optout.New(faultstore.Wrap(memstore.New(), outage.Inject), &optout.Options{Observe: watch})
	require.NoError(t, err)
	var ada optouttest.Contact
	_, err = guard.Receive(ctx, ada.Texts("STOP"))
	require.NoError(t, err)
	err = guard.Send(ctx, "acme", optouttest.DefaultNumber, func(context.Context, string) error { return nil })
	require.ErrorIs(t, err, optout.ErrOptedOut)
	_, err = guard.GateBatch(ctx, "acme", []string{"+14155550101", "+14155550102", optouttest.DefaultNumber})
	require.NoError(t, err)
	outage.On()
	_, err = guard.Gate(ctx, "acme", optouttest.DefaultNumber)
	require.Error(t, err)
}

func TestPrometheus(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	watch, err := observe.Prometheus(registry)
	require.NoError(t, err)
	_, err = observe.Prometheus(registry)
	require.Error(t, err, "registered twice")
	play(t.Context(), t, watch)
	require.NoError(t, testutil.GatherAndCompare(registry, strings.NewReader(`
		# HELP consent_changed_total Contacts who got another status.
		# TYPE consent_changed_total counter
		consent_changed_total{account="acme",operation="gate",status="unknown"} 0
		consent_changed_total{account="acme",operation="gate-batch",status="unknown"} 0
		consent_changed_total{account="acme",operation="receive",status="opted-out"} 1
		consent_changed_total{account="acme",operation="send",status="opted-out"} 0
		# HELP consent_gated_total Numbers that were gated, by the reason of the answer.
		# TYPE consent_gated_total counter
		consent_gated_total{account="acme",reason="not_opted_out"} 2
		consent_gated_total{account="acme",reason="opted_out"} 2
		consent_gated_total{account="acme",reason="store_error"} 1
	`), "consent_changed_total", "consent_gated_total"))
	families, err := registry.Gather()
	require.NoError(t, err)
	timed := map[string]uint64{}
	for _, family := range families {
		if family.GetName() != "consent_operation_seconds" {
			continue
		}
		for _, m := range family.GetMetric() {
			timed[m.GetLabel()[1].GetValue()+" "+m.GetLabel()[0].GetValue()] = m.GetHistogram().GetSampleCount()
		}
	}
	require.Equal(t, map[string]uint64{"receive false": 1, "send false": 1, "gate-batch false": 1, "gate true": 1}, timed)
}

func TestOpenTelemetry(t *testing.T) {
	reader, spans := metric.NewManualReader(), tracetest.NewInMemoryExporter()
	meter := metric.NewMeterProvider(metric.WithReader(reader)).Meter("app")
	tracer := trace.NewTracerProvider(trace.WithSyncer(spans)).Tracer("app")
	counts, err := observe.Metrics(meter)
	require.NoError(t, err)
	ctx, request := tracer.Start(t.Context(), "POST /sms")
	play(ctx, t, observe.Both(counts, observe.Spans(tracer)))
	request.End()

	var data metricdata.ResourceMetrics
	require.NoError(t, reader.Collect(t.Context(), &data))
	require.Len(t, data.ScopeMetrics, 1)
	changed := map[string]int64{}
	for _, m := range data.ScopeMetrics[0].Metrics {
		switch points := m.Data.(type) {
		case metricdata.Sum[int64]:
			require.Equal(t, "consent.changed", m.Name)
			for _, point := range points.DataPoints {
				operation, _ := point.Attributes.Value("operation")
				changed[operation.AsString()] += point.Value
			}
		case metricdata.Histogram[float64]:
			require.Equal(t, "consent.operation.duration", m.Name)
			require.Len(t, points.DataPoints, 4)
		default:
			require.Fail(t, "another metric", m.Name)
		}
	}
	require.Equal(t, map[string]int64{"receive": 1, "send": 0, "gate-batch": 0, "gate": 0}, changed)

	var names []string
	for _, span := range spans.GetSpans() {
		names = append(names, span.Name)
		if span.Name == "POST /sms" {
			continue
		}
		require.Equal(t, request.SpanContext().SpanID(), span.Parent.SpanID())
		require.False(t, span.EndTime.Before(span.StartTime))
		require.Less(t, span.EndTime.Sub(span.StartTime), time.Hour)
		require.Contains(t, span.Attributes, attribute.String("account", "acme"))
		want := trace.Status{}
		if span.Name == "consent.gate" {
			want = trace.Status{Code: codes.Error, Description: "optout: the store failed"}
		}
		require.Equal(t, want, span.Status)
	}
	require.Equal(t, []string{"consent.receive", "consent.send", "consent.gate-batch", "consent.gate", "POST /sms"}, names)
}
