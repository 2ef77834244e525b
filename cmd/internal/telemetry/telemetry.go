// Package telemetry sends what turns did as OpenTelemetry spans to where the
// environment says that they are collected: OTLP over HTTP, with the variables
// of the OpenTelemetry SDK. It sends the traces it is given, which hold nothing
// personal, and of their texts only what went wrong. It never holds a turn up:
// spans that cannot be sent are dropped.
package telemetry

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"

	"tesela/agent/trace"
)

// The environment. The SDK reads more of it: headers, certificates, time-outs,
// batches, OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES.
const (
	EnvEndpoint       = "OTEL_EXPORTER_OTLP_ENDPOINT"
	EnvTracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
	envDisabled       = "OTEL_SDK_DISABLED"
	envExporter       = "OTEL_TRACES_EXPORTER"
)

// patience bounds one attempt to send spans, and the sending anew of those that
// a busy collector would not take.
const patience = 5 * time.Second

// Exporter sends spans. A nil one sends none.
type Exporter struct {
	provider *sdk.TracerProvider
	out      *quiet
	host     string
}

// Configured tells whether the environment names where spans are collected, and
// where.
func Configured(getenv func(string) string) (endpoint string, ok bool) {
	get := func(name string) string { return strings.TrimSpace(getenv(name)) }
	if strings.EqualFold(get(envDisabled), "true") || strings.EqualFold(get(envExporter), "none") {
		return "", false
	}
	if endpoint = get(EnvTracesEndpoint); endpoint == "" {
		endpoint = get(EnvEndpoint)
	}
	return endpoint, endpoint != ""
}

// New makes an exporter of the process's environment; nil where that names no
// collector. Nothing is sent yet. The error is an address that is none.
func New(ctx context.Context, getenv func(string) string, version string) (*Exporter, error) {
	endpoint, ok := Configured(getenv)
	if !ok {
		return nil, nil
	}
	at, err := url.Parse(endpoint)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return nil, fmt.Errorf("%s: expected an address such as http://localhost:4318", named(getenv))
	}
	out, err := otlptracehttp.New(ctx, otlptracehttp.WithRetry(otlptracehttp.RetryConfig{
		Enabled: true, InitialInterval: 200 * time.Millisecond, MaxInterval: time.Second, MaxElapsedTime: patience,
	}))
	if err != nil {
		return nil, fmt.Errorf("send spans to %s: %w", at.Host, err)
	}
	about, err := resource.New(ctx,
		resource.WithTelemetrySDK(),
		resource.WithAttributes(attribute.String("service.name", "tesela"), attribute.String("service.version", version)),
		resource.WithFromEnv())
	if err != nil {
		about = resource.NewSchemaless(attribute.String("service.name", "tesela"))
	}
	quiet := &quiet{SpanExporter: out}
	return &Exporter{
		provider: sdk.NewTracerProvider(sdk.WithBatcher(quiet, sdk.WithBatchTimeout(time.Second)), sdk.WithResource(about)),
		out:      quiet, host: at.Host,
	}, nil
}

func named(getenv func(string) string) string {
	if strings.TrimSpace(getenv(EnvTracesEndpoint)) != "" {
		return EnvTracesEndpoint
	}
	return EnvEndpoint
}

// quiet counts what cannot be sent instead of telling the whole process.
type quiet struct {
	sdk.SpanExporter
	lost atomic.Int64
}

func (q *quiet) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := q.SpanExporter.ExportSpans(ctx, spans); err != nil {
		q.lost.Add(int64(len(spans)))
	}
	return nil
}

// Send puts a trace's spans on their way; it does not wait. A trace without
// times has no spans.
func (e *Exporter) Send(t *trace.Trace) {
	if e == nil || t.Asked.IsZero() {
		return
	}
	e.spans(t)
}

// Close sends what is on its way and ends, at the latest with ctx. Its error
// tells of spans that could not be sent.
func (e *Exporter) Close(ctx context.Context) error {
	if e == nil {
		return nil
	}
	err := e.provider.Shutdown(ctx)
	if n := e.out.lost.Load(); n > 0 || err != nil {
		return fmt.Errorf("spans could not be sent to the collector at %s", e.host)
	}
	return nil
}
