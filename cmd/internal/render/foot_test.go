package render

import (
	"strings"
	"testing"

	"tesela/agent"
	"tesela/agent/wording"
)

// Under an answer stands what it used of a language model, and nothing of the
// kind where none was asked.
func TestFootTellsWhatWasUsed(t *testing.T) {
	lang, err := wording.For("es")
	if err != nil {
		t.Fatal(err)
	}
	r := New(lang, nil, 100, Mono)
	a := &agent.Answer{Model: "openai:x", ElapsedMS: 1234, ID: "3f9a21c04d77", Usage: &agent.Usage{InputTokens: 1900, OutputTokens: 120, Rounds: 2, Estimated: true, Cost: 0.0051}}
	if got := r.Foot(a, Words{}); !strings.Contains(got, "openai:x · 2 rondas · unos 2.020 tokens · 0,0051 $ · 1,2 s · 3f9a21c04d77") {
		t.Errorf("%q", got)
	}
	a.Usage = nil
	if got := r.Foot(a, Words{}); strings.Contains(got, "ronda") || strings.Contains(got, "token") {
		t.Errorf("%q", got)
	}
}
