package evals

// Kind is what a case tries.
type Kind string

// The kinds of cases.
const (
	Answerable Kind = "answerable"
	Unclear    Kind = "ambiguous"
	Impossible Kind = "impossible"
)

// Record is a case as a report keeps it: what it is, and what became of it.
// Scores, comparisons and reports are made of records alone, so that a kept
// file is as good as a fresh run.
type Record struct {
	Model   string   `json:"model"`
	Data    string   `json:"data"`
	Suite   string   `json:"suite"`
	ID      string   `json:"id"`
	Repeat  int      `json:"repeat,omitempty"`  // from 0
	Perturb string   `json:"perturb,omitempty"` // the noise it was asked with
	Lang    string   `json:"lang"`
	Family  string   `json:"family"`
	Tags    []string `json:"tags,omitempty"`
	Level   int      `json:"level,omitempty"`
	Kind    Kind     `json:"kind"`
	Tools   []string `json:"tools,omitempty"` // that the golds are about

	Question   []string `json:"question"` // the turns
	Verdict    Verdict  `json:"verdict"`
	Status     string   `json:"status,omitempty"`
	Understood string   `json:"understood,omitempty"`
	Reading    []string `json:"reading,omitempty"` // the calls it made, as tool and arguments
	Expected   string   `json:"expected"`
	Got        string   `json:"got"`
	Why        string   `json:"why,omitempty"` // what was amiss
	// Ungrounded are figures of the text that no result holds.
	Ungrounded []string `json:"ungrounded,omitempty"`
	Answer     string   `json:"answer,omitempty"` // its id

	Calls        int      `json:"calls"`
	InputTokens  int      `json:"input_tokens,omitempty"`
	OutputTokens int      `json:"output_tokens,omitempty"`
	Cost         *float64 `json:"cost,omitempty"` // where a price is known, in its currency
	ElapsedMS    float64  `json:"elapsed_ms"`     // of the last turn
}

// Key names the case within a run.
func (r *Record) Key() string {
	return r.Suite + "\x00" + r.ID + "\x00" + r.Perturb
}
