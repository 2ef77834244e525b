package blockkit

import (
	"encoding/json"
	"strings"
	"testing"

	"tesela/agent"
	"tesela/agent/model"
)

// Beside an answer stands what it used of a language model, in small print, and
// nothing of the kind where none was asked.
func TestFootTellsWhatWasUsed(t *testing.T) {
	a := &agent.Answer{
		Status: model.Answered, Language: "pt", Text: "São 3.", Model: "openai:x", ID: "3f9a21c04d77",
		Usage: &agent.Usage{InputTokens: 1900, OutputTokens: 120, Rounds: 2, Cost: 0.0051},
	}
	last := func() string {
		t.Helper()
		r, err := Answer(a, Options{})
		if err != nil {
			t.Fatal(err)
		}
		blocks := r.Messages[len(r.Messages)-1].Blocks
		body, err := json.Marshal(blocks[len(blocks)-1])
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	if got := last(); !strings.Contains(got, `"type":"context"`) || !strings.Contains(got, "openai:x · 2 rodadas · 2.020 tokens · US$ 0,0051") {
		t.Error(got)
	}
	a.Usage = nil
	if got := last(); strings.Contains(got, "rodada") || strings.Contains(got, "token") {
		t.Error(got)
	}
}
