package langchain

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"tesela/agent/model"
)

// memory answers every request with the same document.
type memory string

func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: 200, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(string(m))),
	}, nil
}

// current answers with the document of the moment.
type current struct{ body *string }

func (c current) RoundTrip(r *http.Request) (*http.Response, error) {
	return memory(*c.body).RoundTrip(r)
}

// Many ask one model at once, and it is closed under them.
func TestManyAtOnce(t *testing.T) {
	each(t, func(t *testing.T, vendor string) {
		c := config(vendor, "")
		c.Proxied = memory(replies(vendor, "Five.", call("a", "describe_data", `{"n":1}`)))
		m := made4(t, c)
		var wait sync.WaitGroup
		for range 64 {
			wait.Add(1)
			go func() {
				defer wait.Done()
				for d, err := range m.Generate(t.Context(), question(history()...)) {
					if err != nil || d.Text != "" && d.Text != "Five." || d.Call != nil && string(d.Call.Args) != `{"n":1}` {
						t.Errorf("%+v, %v", d, err)
					}
				}
			}()
		}
		m.Close()
		wait.Wait()
	})
}

// What the library would not even ask is told as that.
func TestUnsent(t *testing.T) {
	c := config("anthropic", "")
	c.Proxied = memory("{}")
	m := made4(t, c)
	m.vendor.schema = func(model.Tool) any { return func() {} } // JSON cannot hold it
	if f := faultOf(t, ask(t, m, question(user("q"))).err); f.Cause != model.Broken || !strings.Contains(f.Error(), "the request cannot be put for it") {
		t.Error(f)
	}
	client := &http.Client{Transport: &transport{next: memory("{}")}}
	if resp, err := client.Post("http://nowhere.example", "", bytes.NewReader(nil)); !errors.Is(err, errNotAsked) {
		resp.Body.Close()
		t.Errorf("a request of nobody is carried: %v", err)
	}
}

// A model without a system message is told in the first message of the user.
func TestUnsystematic(t *testing.T) {
	s := serve(t, document(200, replies("googleai", "Five.")))
	c := config("googleai", s.URL)
	c.Model = "gemini-pro"
	if g := ask(t, made4(t, c), question(user("how many?"))); g.err != nil {
		t.Fatal(g.err)
	}
	a := s.last(t)
	first := lines(t, "googleai", a.Body)[0]
	if a.Body["systemInstruction"] != nil || !strings.HasPrefix(first, "user: You read questions") || !strings.HasSuffix(first, "\n\nhow many?") {
		t.Error(first)
	}
}

// What asking costs beside the endpoint, for one reply.
func BenchmarkGenerate(b *testing.B) {
	for _, vendor := range vendors {
		b.Run(vendor, func(b *testing.B) {
			c := config(vendor, "")
			c.Proxied = memory(replies(vendor, "Five.", call("a", "describe_data", `{"n":1}`)))
			m, err := New(c)
			if err != nil {
				b.Fatal(err)
			}
			r := question(history()...)
			for i := range 20 {
				r.Tools = append(r.Tools, model.Tool{Name: "tool_" + string(rune('a'+i)), Schema: json.RawMessage(`{"type":"object","properties":{"formula":{"type":"string"}}}`)})
			}
			b.ReportAllocs()
			for b.Loop() {
				for _, err := range m.Generate(b.Context(), r) {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
