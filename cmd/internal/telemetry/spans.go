package telemetry

import (
	"context"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	api "go.opentelemetry.io/otel/trace"

	"tesela/agent/model"
	"tesela/agent/trace"
)

// The names of attributes are those of OpenTelemetry's semantic conventions for
// generative AI and HTTP where there are such; the others begin with tesela.

// vendors are providers as the conventions name them.
var vendors = map[string]string{"googleai": "gcp.gemini", "mistral": "mistral_ai", "bedrock": "aws.bedrock", "offline": "tesela"}

// modelAttributes tell of a model that was asked.
func modelAttributes(name string) []attribute.KeyValue {
	provider, bare, ok := strings.Cut(name, ":")
	if !ok {
		bare = name
	}
	if v := vendors[provider]; v != "" {
		provider = v
	}
	return []attribute.KeyValue{
		attribute.String("gen_ai.operation.name", "chat"), attribute.String("gen_ai.provider.name", provider),
		attribute.String("gen_ai.system", provider), attribute.String("gen_ai.request.model", bare),
	}
}

func usageAttributes(u trace.Usage) []attribute.KeyValue {
	if u.InputTokens == 0 && u.OutputTokens == 0 {
		return nil
	}
	list := []attribute.KeyValue{attribute.Int("gen_ai.usage.input_tokens", u.InputTokens), attribute.Int("gen_ai.usage.output_tokens", u.OutputTokens)}
	if u.Cost > 0 {
		list = append(list, attribute.Float64("tesela.usage.cost", u.Cost))
	}
	if u.Estimated {
		list = append(list, attribute.Bool("tesela.usage.estimated", true))
	}
	return list
}

// teller makes the spans of one trace.
type teller struct {
	api.Tracer
	begin time.Time
}

func (t teller) at(ms float64) time.Time {
	return t.begin.Add(time.Duration(ms * float64(time.Millisecond)))
}

// span makes a span with what is in it.
func (t teller) span(ctx context.Context, name string, kind api.SpanKind, s trace.Span, fault string, attributes []attribute.KeyValue, in func(context.Context)) {
	ctx, span := t.Start(ctx, name, api.WithSpanKind(kind), api.WithTimestamp(t.at(s.StartMS)), api.WithAttributes(attributes...))
	if in != nil {
		in(ctx)
	}
	if fault != "" {
		span.SetStatus(codes.Error, fault)
	}
	span.End(api.WithTimestamp(t.at(s.EndMS)))
}

// spans makes the spans of a turn: the turn, its rounds, in each the requests
// that were made for its reply and the tools that it called.
func (e *Exporter) spans(tr *trace.Trace) {
	t := teller{Tracer: e.provider.Tracer("tesela"), begin: tr.Asked}
	about := []attribute.KeyValue{
		attribute.String("gen_ai.operation.name", "invoke_agent"), attribute.String("gen_ai.agent.name", "tesela"),
		attribute.String("gen_ai.request.model", tr.Model), attribute.String("gen_ai.response.model", tr.By),
		attribute.String("tesela.answer.id", tr.ID), attribute.String("tesela.status", tr.Status),
		attribute.String("tesela.language", tr.Language), attribute.Int("tesela.rounds", len(tr.Rounds)),
	}
	if tr.Session != "" {
		about = append(about, attribute.String("gen_ai.conversation.id", tr.Session))
	}
	if tr.Without != nil {
		about = append(about, attribute.String("tesela.without.model", tr.Without.Model), attribute.String("tesela.without.cause", string(tr.Without.Cause)))
	}
	fault := ""
	switch {
	case tr.Status == trace.Cancelled:
		fault = "cancelled"
	case tr.Status == string(model.Failed) && tr.Ended != nil:
		fault = tr.Ended.By + ": " + tr.Ended.Error
	case tr.Status == string(model.Failed):
		fault = "no answer"
	}
	if tr.Ended != nil {
		about = append(about, attribute.String("tesela.ended_by", tr.Ended.By))
	}
	if fault != "" {
		about = append(about, attribute.String("error.type", errorType(tr)))
	}
	about = append(about, usageAttributes(tr.Usage)...)
	t.span(context.Background(), "invoke_agent tesela", api.SpanKindInternal, trace.Span{EndMS: tr.EndMS}, fault, about, func(ctx context.Context) {
		for i := range tr.Rounds {
			t.round(ctx, tr, i)
		}
	})
}

func errorType(tr *trace.Trace) string {
	if tr.Ended != nil {
		return tr.Ended.By
	}
	return tr.Status
}

// round makes the spans of a round. It lasts until the last of its calls ends.
func (t teller) round(ctx context.Context, tr *trace.Trace, i int) {
	r := tr.Rounds[i]
	whole := r.Span
	for _, call := range r.Calls {
		whole.EndMS = max(whole.EndMS, call.EndMS)
	}
	about := []attribute.KeyValue{
		attribute.Int("tesela.round", i+1), attribute.String("tesela.round.kind", r.Kind),
		attribute.Int("tesela.round.messages", r.Sent), attribute.Int("tesela.round.calls", len(r.Calls)),
	}
	if r.Withdrawn != "" {
		about = append(about, attribute.String("tesela.round.withdrawn", r.Withdrawn))
	}
	t.span(ctx, "round", api.SpanKindInternal, whole, r.Error, about, func(ctx context.Context) {
		t.requests(ctx, tr, i)
		for _, call := range r.Calls {
			about := []attribute.KeyValue{
				attribute.String("gen_ai.operation.name", "execute_tool"), attribute.String("gen_ai.tool.name", call.Tool),
				attribute.String("gen_ai.tool.type", "function"), attribute.String("tesela.tool.outcome", call.Outcome), attribute.Int("tesela.tool.rows", call.Rows),
			}
			if call.Error != "" {
				about = append(about, attribute.String("error.type", call.Outcome))
			}
			t.span(ctx, "execute_tool "+call.Tool, api.SpanKindInternal, call.Span, call.Error, about, nil)
		}
	})
}

// requests makes the spans of what a model was asked: one for each request of a
// provider, or just one for a model in this process.
func (t teller) requests(ctx context.Context, tr *trace.Trace, i int) {
	r := tr.Rounds[i]
	name := tr.AskedOf(i)
	about := modelAttributes(name)
	if len(r.Attempts) == 0 {
		fault := r.Error
		if fault != "" {
			about = append(about, attribute.String("error.type", "model"))
		}
		t.span(ctx, "chat "+name, api.SpanKindInternal, r.Span, fault, append(about, usageAttributes(r.Usage)...), nil)
		return
	}
	for n, a := range r.Attempts {
		list := append([]attribute.KeyValue{attribute.Int("tesela.attempt", n+1)}, about...)
		if a.Status > 0 {
			list = append(list, attribute.Int("http.response.status_code", a.Status))
		}
		if a.Error != "" {
			list = append(list, attribute.String("error.type", "request"))
		}
		if n == len(r.Attempts)-1 {
			list = append(list, usageAttributes(r.Usage)...)
		}
		t.span(ctx, "chat "+name, api.SpanKindClient, a.Span, a.Error, list, nil)
	}
}
