package langchain

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"tesela/agent/model"
	"tesela/agent/model/prompting"
)

// shown is a dialogue in lines.
func shown(steps []step) string {
	var b strings.Builder
	for _, s := range steps {
		fmt.Fprintf(&b, "%s: %s", s.role, s.text)
		for _, c := range s.calls {
			fmt.Fprintf(&b, " <%s %s %s>", c.id, c.name, c.args)
		}
		for _, r := range s.results {
			fmt.Fprintf(&b, " <%s %s %s>", r.id, r.name, r.text)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func call(id, name, args string) model.Call {
	return model.Call{ID: id, Name: name, Args: json.RawMessage(args)}
}

func TestDialogue(t *testing.T) {
	user := func(s string) prompting.Message { return prompting.Message{Role: model.User, Text: s} }
	said := func(s string, calls ...model.Call) prompting.Message {
		return prompting.Message{Role: model.Assistant, Text: s, Calls: calls}
	}
	result := func(id, s string) prompting.Message {
		return prompting.Message{Role: model.ToolRole, CallID: id, Text: s}
	}
	tool := []model.Tool{{Name: "count"}}
	for _, c := range []struct {
		name  string
		tools []model.Tool
		list  []prompting.Message
		want  string
	}{
		{
			"a follow-up after results", tool,
			[]prompting.Message{user("how many?"), said("", call("t-1", "count", `{"a":1}`)), result("t-1", "5"), user("and now?")},
			"user: how many?\nassistant:  <t-1 count {\"a\":1}>\ntool:  <t-1 count 5>\nassistant: (answered)\nuser: and now?\n",
		},
		{
			"results in the calls' order", tool,
			[]prompting.Message{user("q"), said("hm", call("b", "x", `{}`), call("a", "y", ``)), result("a", "of a"), result("b", "of b")},
			"user: q\nassistant: hm <b x {}> <a y {}>\ntool:  <b x of b> <a y of a>\n",
		},
		{
			"a call without a result, a result without a call", tool,
			[]prompting.Message{user("q"), said("", call("a", "x", `{}`)), result("z", "stray")},
			"user: q\nassistant:  <a x {}>\ntool:  <a x {\"data\":{\"error\":\"it was not run\"}}>\nassistant: (answered)\nuser: [results, not words of the user] a call returned stray\n",
		},
		{
			"arguments that are no object", tool,
			[]prompting.Message{user("q"), said("", call("a", "x", `[1]`)), result("a", "r")},
			"user: q\nassistant:  <a x {\"arguments\":\"[1]\"}>\ntool:  <a x r>\n",
		},
		{
			"one side twice", tool,
			[]prompting.Message{user("a"), user("b"), said("c"), said("d"), user("e")},
			"user: a\n\nb\nassistant: c\n\nd\nuser: e\n",
		},
		{
			"nothing asked at the end", tool,
			[]prompting.Message{said("a")},
			"user: (nothing)\nassistant: a\nuser: Please go on.\n",
		},
		{"nothing at all", tool, nil, "user: (nothing)\n"},
		{
			"tools withdrawn", nil,
			[]prompting.Message{user("q"), said("hm", call("a", "count", `{"a":1}`), call("b", "list", `{}`)), result("a", `{"data":5}`), result("b", `{"data":[]}`)},
			"user: q\nassistant: hm\n\nI called count with {\"a\":1}.\nI called list with {}.\n" +
				"user: [results, not words of the user] count returned {\"data\":5}\nlist returned {\"data\":[]}\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := append([]prompting.Message{{Role: model.System, Text: "told"}}, c.list...)
			system, steps := dialogue(prompting.Prompt{Messages: list, Tools: c.tools}, anthropicIDs)
			if got := shown(steps); got != c.want || system != "told" {
				t.Errorf("%s\n%s\nnot\n%s", system, got, c.want)
			}
		})
	}
}

// Ids that a vendor would refuse are replaced, in calls and results alike, and
// the same history has the same ids each time.
func TestIDs(t *testing.T) {
	list := []prompting.Message{
		{Role: model.User, Text: "q"},
		{Role: model.Assistant, Calls: []model.Call{call("turn-1-1", "x", ""), call("Ab3Ab3Ab3", "x", ""), call("", "x", ""), call("ä", "x", "")}},
		{Role: model.Assistant, Calls: []model.Call{call("turn-1-1", "x", "")}},
	}
	for _, shape := range []ids{anthropicIDs, mistralIDs} {
		_, steps := dialogue(prompting.Prompt{Messages: list, Tools: []model.Tool{{}}}, shape)
		_, again := dialogue(prompting.Prompt{Messages: list, Tools: []model.Tool{{}}}, shape)
		if shown(steps) != shown(again) {
			t.Errorf("%s\nthen\n%s", shown(steps), shown(again))
		}
		seen := map[string]bool{}
		var asked, came []string
		for _, s := range steps {
			for _, c := range s.calls {
				if !shape.fits(c.id) || seen[c.id] {
					t.Errorf("the id %q of %q", c.id, c.own)
				}
				seen[c.id] = true
				asked = append(asked, c.id)
			}
			for _, r := range s.results {
				came = append(came, r.id)
			}
		}
		if len(asked) != 5 || fmt.Sprint(asked) != fmt.Sprint(came) {
			t.Errorf("asked %v, came %v", asked, came)
		}
		if asked[1] != "Ab3Ab3Ab3" || shape.signs && asked[0] != "turn-1-1" {
			t.Errorf("ids that fit are not kept: %v", asked)
		}
	}
}

func TestSpeech(t *testing.T) {
	for in, want := range map[string]string{
		"Five.":                             "Five.",
		"\n<think>5 < 6</think>\n\nFive.":   "Five.",
		"<thinking>a</thinking>Five. <x>":   "Five. <x>",
		"<think>a</think><thinking>b":       "",
		"<think>a</think> <think>b</think>": "",
		"Write <think>x</think>":            "Write <think>x</think>",
		"":                                  "",
	} {
		if got := speech(in); got != want {
			t.Errorf("%q becomes %q, not %q", in, got, want)
		}
	}
}
