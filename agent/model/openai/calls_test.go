package openai

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"tesela/agent/model"
)

// Whatever way an endpoint cuts a reply's calls up, as far as it can be told
// apart at all, the same calls come out.
func TestCallsHoweverCut(t *testing.T) {
	known := []model.Tool{{Name: "count_segment"}, {Name: "count_segments"}, {Name: "measure"}, {Name: "describe_data"}}
	args := []string{`{}`, `{"formula":"a = \"{\\\"x\\\": 1}\" and b"}`, `{"measures":["é","{}"],"where":{"a":{"b":[1,2]}}}`, `{"text":"}{"}`}
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 1))
		var want []model.Call
		for i := range 1 + r.IntN(4) {
			want = append(want, model.Call{ID: fmt.Sprintf("call_%d", i), Name: known[r.IntN(len(known))].Name, Args: json.RawMessage(args[r.IntN(len(args))])})
		}
		hasIndex, hasID, repeats, alike := r.IntN(2) == 0, r.IntN(3) > 0, r.IntN(2) == 0, r.IntN(4) == 0
		got := calls{known: known}
		for i, c := range want {
			text := string(c.Args)
			for first := true; first || text != ""; first = false {
				n := min(len(text), r.IntN(6))
				if first && r.IntN(2) == 0 {
					n = 0
				}
				for n < len(text) && !utf8.RuneStart(text[n]) {
					n++ // JSON texts are cut between letters
				}
				p := piece{args: text[:n]}
				text = text[n:]
				if hasIndex {
					index := i
					if alike && hasID {
						index = 0
					}
					p.index = &index
				}
				if first || repeats {
					p.name = c.Name
					if hasID {
						p.id = c.ID
					}
				}
				if n == 0 && !first {
					continue // says nothing
				}
				// Through JSON, as it comes.
				raw, err := json.Marshal([]any{wirePiece(p)})
				if err != nil {
					t.Fatal(err)
				}
				if err := got.take(raw); err != nil {
					t.Fatal(err)
				}
			}
		}
		list := got.list()
		ok := len(list) == len(want) && got.whole() == nil
		for i := 0; ok && i < len(want); i++ {
			ok = list[i].Name == want[i].Name && string(list[i].Args) == string(want[i].Args) && (!hasID || list[i].ID == want[i].ID)
		}
		if !ok {
			t.Fatalf("seed %d (index %v, ids %v, names repeated %v, all of index 0 %v): %s, not %s", seed, hasIndex, hasID, repeats, alike, shown(list), shown(want))
		}
	}
}

func wirePiece(p piece) map[string]any {
	function := map[string]any{"arguments": p.args, "name": nil}
	if p.name != "" {
		function["name"] = p.name
	}
	out := map[string]any{"type": "function", "function": function}
	if p.index != nil {
		out["index"] = *p.index
	}
	if p.id != "" {
		out["id"] = p.id
	}
	return out
}

func shown(list []model.Call) string {
	var b strings.Builder
	for _, c := range list {
		fmt.Fprintf(&b, "%s %s %s; ", c.ID, c.Name, c.Args)
	}
	return b.String()
}

func TestThoughts(t *testing.T) {
	for in, want := range map[string]string{
		"Hello.": "Hello.", "": "", " <thin": " <thin", "<thinking aloud>": "<thinking aloud>", "<think>a</think>b": "b",
		"\n<think>a < b </thin </think>\n\nc<think>d</think>": "c<think>d</think>", "<think>never ends": "", "<think></think>": "",
	} {
		for size := 1; size < 12; size++ {
			var th thoughts
			var out strings.Builder
			for i := 0; i < len(in); i += size {
				out.WriteString(th.speech(in[i:min(len(in), i+size)]))
			}
			out.WriteString(th.rest())
			if out.String() != want {
				t.Errorf("%q in pieces of %d: %q, not %q", in, size, out.String(), want)
			}
		}
	}
}

// Nothing an endpoint sends makes the program panic, and what comes of it can
// be kept.
func FuzzReply(f *testing.F) {
	f.Add([]byte(`{"choices":[{"delta":{"content":"a","tool_calls":[{"index":0,"function":{"name":"x","arguments":"{}"}}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}`))
	f.Add([]byte(`{"choices":[{"index":0,"message":{"content":[{"text":"a"}],"tool_calls":[{"function":{"name":"ask_back","arguments":{"word":1}}}]}}]}`))
	f.Add([]byte(`{"error":"no"}`))
	f.Add([]byte(`{"choices":[{"delta":{"tool_calls":[{"index":"7","id":5,"function":null},{"index":-1}]}}]}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		for _, document := range []bool{false, true} {
			r := &reply{question: "q", yield: func(d model.Delta, err error) bool {
				if d.Call != nil && d.Call.Name == "" {
					t.Error("a call without a name")
				}
				return true
			}}
			r.begin()
			var err error
			if document {
				err = r.document(line)
			} else if err = r.take(line); err == nil {
				err = r.take(line)
			}
			if err == nil && r.whole() == nil {
				r.finish(1)
			}
		}
	})
}
