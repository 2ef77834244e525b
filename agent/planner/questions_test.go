package planner

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"tesela/agent/model"
)

// question is a case of testdata/questions.yaml: a conversation and what its
// last turn must come to.
type question struct {
	On    string   `yaml:"on"` // shop or casino
	Turns []string `yaml:"turns"`
	// Tool and Args of the one call, Beside the arguments of a second; or
	Tool   string `yaml:"tool"`
	Args   string `yaml:"args"`
	Beside string `yaml:"beside"`
	// Status clarify or cannot, with the words that must be named and the
	// number of choices.
	Status  string   `yaml:"status"`
	Unknown []string `yaml:"unknown"`
	Choices int      `yaml:"choices"`
}

func TestQuestions(t *testing.T) { questionsOf(t, "testdata/questions.yaml") }

// questionsOf holds the planner to the cases of a file.
func questionsOf(t *testing.T, path string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var cases []question
	if err := yaml.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	planners := map[string]*Planner{"shop": planner(t, shop()), "casino": planner(t, casino())}
	for _, c := range cases {
		p := planners[c.On]
		if p == nil {
			t.Fatalf("%q: no data called %q", c.Turns, c.On)
		}
		var history []model.Message
		var o outcome
		for _, q := range c.Turns {
			o = ask(t, p, history, q)
			history = append(history, model.Message{Role: model.User, Text: q}, model.Message{Role: model.Assistant, Calls: o.calls, Reply: o.decision})
		}
		name := strings.Join(c.Turns, " → ")
		if c.Status != "" {
			if string(o.decision.Status) != c.Status || len(o.calls) > 0 {
				t.Errorf("%s\n  want %s\n  got  %s", name, c.Status, show(o))
				continue
			}
			for _, w := range c.Unknown {
				if !slices.ContainsFunc(o.decision.Unknown, func(s string) bool { return strings.Contains(s, w) }) {
					t.Errorf("%s\n  want %q named\n  got  %s", name, w, show(o))
				}
			}
			if c.Choices > 0 && len(o.decision.Choices) != c.Choices {
				t.Errorf("%s\n  want %d choices\n  got  %s", name, c.Choices, show(o))
			}
			continue
		}
		want := []string{c.Args}
		if c.Beside != "" {
			want = append(want, c.Beside)
		}
		same := len(o.calls) == len(want)
		for i := range want {
			same = same && o.calls[i].Name == c.Tool && sameJSON(t, string(o.calls[i].Args), want[i])
		}
		if !same {
			t.Errorf("%s\n  want %s %s\n  got  %s", name, c.Tool, c.Args, show(o))
		}
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal([]byte(a), &x); err != nil {
		t.Fatalf("%s: %v", a, err)
	}
	if err := json.Unmarshal([]byte(b), &y); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	p, _ := json.Marshal(x)
	q, _ := json.Marshal(y)
	return string(p) == string(q)
}
