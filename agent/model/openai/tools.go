package openai

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"

	client "github.com/sashabaranov/go-openai"

	"tesela/agent/model"
	"tesela/agent/model/prompting"
)

// Tools are the largest part of a request and the same in nearly all of them.
// So each is written once, and the library, which would go over it three times
// for each request, is given one that stands for all. It is replaced by them
// on the way out.
var allTools = []client.Tool{{Type: client.ToolTypeFunction, Function: &client.FunctionDefinition{Name: "all"}}}

// writtenTools keeps tools in the wire format.
type writtenTools struct {
	mu   sync.Mutex
	held map[string]writtenTool // by name and whether the schema is imposed
}

// mostWritten bounds the tools that are kept; there are some dozens.
const mostWritten = 1024

type writtenTool struct {
	tool model.Tool
	text []byte
}

// write gives a tool in the wire format.
func (w *writtenTools) write(t model.Tool, imposed bool) ([]byte, error) {
	key := t.Name
	if imposed {
		key += " imposed"
	}
	w.mu.Lock()
	known, ok := w.held[key]
	w.mu.Unlock()
	if ok && known.tool.Description == t.Description && bytes.Equal(known.tool.Schema, t.Schema) {
		return known.text, nil
	}
	f := &client.FunctionDefinition{Name: t.Name, Description: t.Description, Parameters: t.Schema}
	if imposed {
		if schema, ok := prompting.Strict(t.Schema); ok {
			f.Parameters, f.Strict = schema, true
		}
	}
	text, err := json.Marshal(client.Tool{Type: client.ToolTypeFunction, Function: f})
	if err != nil {
		return nil, fmt.Errorf("write the tool %s: %w", t.Name, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.held == nil || len(w.held) >= mostWritten {
		w.held = map[string]writtenTool{}
	}
	w.held[key] = writtenTool{t, text}
	return text, nil
}

// list gives tools in the wire format, nil for none.
func (w *writtenTools) list(tools []model.Tool, imposed bool) ([]byte, error) {
	if len(tools) == 0 {
		return nil, nil
	}
	texts := make([][]byte, len(tools))
	for i, t := range tools {
		var err error
		if texts[i], err = w.write(t, imposed); err != nil {
			return nil, err
		}
	}
	return slices.Concat([]byte("["), bytes.Join(texts, []byte(",")), []byte("]")), nil
}

type toolsKey struct{}

// withTools are what the request of a context is to be sent with.
func withTools(ctx context.Context, list []byte) context.Context {
	return context.WithValue(ctx, toolsKey{}, list)
}

// filled puts the tools into requests where the library wrote what stands for
// them. Texts cannot be taken for that place, as quotes within them are escaped.
type filled struct {
	http.RoundTripper
	place []byte
}

var errNoPlace = errors.New("write the request: there is no place for the tools in it")

// fillIn makes requests hold their tools.
func fillIn() (func(http.RoundTripper) http.RoundTripper, error) {
	place, err := json.Marshal(map[string][]client.Tool{"tools": allTools})
	if err != nil {
		return nil, fmt.Errorf("write the request: %w", err)
	}
	place = place[1 : len(place)-1]
	return func(next http.RoundTripper) http.RoundTripper { return &filled{next, place} }, nil
}

// RoundTrip carries one request.
func (f *filled) RoundTrip(req *http.Request) (*http.Response, error) {
	list, _ := req.Context().Value(toolsKey{}).([]byte)
	if list == nil || req.Body == nil {
		return f.RoundTripper.RoundTrip(req)
	}
	written := bytes.NewBuffer(make([]byte, 0, max(req.ContentLength, 0)+bytes.MinRead))
	_, err := written.ReadFrom(req.Body)
	req.Body.Close()
	if err != nil {
		return nil, fmt.Errorf("write the request: %w", err)
	}
	body := written.Bytes()
	at := bytes.LastIndex(body, f.place)
	if at < 0 {
		return nil, errNoPlace
	}
	whole := make([]byte, 0, len(body)+len(list))
	whole = append(whole, body[:at]...)
	whole = append(whole, `"tools":`...)
	whole = append(whole, list...)
	whole = append(whole, body[at+len(f.place):]...)
	sent := req.WithContext(req.Context())
	sent.ContentLength = int64(len(whole))
	sent.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(whole)), nil }
	sent.Body, _ = sent.GetBody()
	return f.RoundTripper.RoundTrip(sent)
}
