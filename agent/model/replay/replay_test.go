package replay

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tesela/agent/model"
)

// said is a model that says these deltas, then fails with err.
type said struct {
	deltas []model.Delta
	err    error
}

func (said) Name() string { return "said" }

func (s said) Generate(context.Context, model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		for _, d := range s.deltas {
			if !yield(d, nil) {
				return
			}
		}
		if s.err != nil {
			yield(model.Delta{}, s.err)
		}
	}
}

func read(m model.Model, r model.Request) (deltas []model.Delta, err error) {
	for d, e := range m.Generate(context.Background(), r) {
		if e != nil {
			return deltas, e
		}
		deltas = append(deltas, d)
	}
	return deltas, nil
}

func request(text string) model.Request {
	return model.Request{
		Messages: []model.Message{{Role: model.User, Text: text}},
		Tools:    []model.Tool{{Name: "count_segment", Schema: json.RawMessage(`{"type":"object"}`)}},
		Language: "es", AsOf: time.Date(2011, 12, 10, 0, 0, 0, 0, time.UTC),
	}
}

// A recording that went through a file says the same, faults included.
func TestReplayOfARecording(t *testing.T) {
	deltas := []model.Delta{
		{Text: "a"},
		{Call: &model.Call{ID: "1", Name: "count_segment", Args: json.RawMessage(`{"formula":"everyone"}`)}},
		{Decision: &model.Decision{Status: model.Clarify, Unknown: []string{"flurb"}, Params: map[string]string{"word": "flurb"}}},
		{Usage: &model.Usage{InputTokens: 3, OutputTokens: 4}},
	}
	recorder := Record(said{deltas: deltas, err: errors.New("reset")})
	if _, err := read(recorder, request("one")); err == nil || err.Error() != "reset" {
		t.Errorf("the recorder hides the fault: %v", err)
	}
	file, err := json.Marshal(recorder.Recording())
	if err != nil {
		t.Fatal(err)
	}
	var recording Recording
	if err := json.Unmarshal(file, &recording); err != nil {
		t.Fatal(err)
	}
	m := New(recording)
	got, err := read(m, request("one"))
	if diff := cmp.Diff(deltas, got); diff != "" || err == nil || err.Error() != "reset" || m.Name() != "said" {
		t.Errorf("replayed by %s with %v:\n%s", m.Name(), err, diff)
	}
	if _, err := read(m, request("one")); !errors.Is(err, ErrDiffers) {
		t.Errorf("one reply more than recorded: %v", err)
	}
}

func TestReplayOfAnotherCourse(t *testing.T) {
	recorder := Record(said{deltas: []model.Delta{{Text: "a"}}})
	if _, err := read(recorder, request("one")); err != nil {
		t.Fatal(err)
	}
	other := request("one")
	other.AsOf = other.AsOf.Add(time.Hour)
	for _, r := range []model.Request{request("two"), other, {Messages: request("one").Messages}} {
		if got, err := read(New(recorder.Recording()), r); !errors.Is(err, ErrDiffers) || len(got) > 0 {
			t.Errorf("%+v: %v, %v", r, got, err)
		}
	}
	same := request("one")
	same.AsOf = same.AsOf.In(time.FixedZone("", 3600)) // the same instant
	if _, err := read(New(recorder.Recording()), same); err != nil {
		t.Errorf("the same request: %v", err)
	}
}
