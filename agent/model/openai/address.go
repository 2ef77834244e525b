package openai

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
)

// at is a base URL, and whether its path was guessed.
type at struct {
	url     *url.URL
	guessed bool
}

// address reads a base URL. It is not quoted in errors: it may hold a
// password.
func address(text string) (at, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
		return at{}, errors.New("the address of the endpoint is no URL such as https://host/v1 or http://localhost:11434/v1")
	}
	// The whole address of what is asked is as good as its beginning.
	if base, whole := strings.CutSuffix(strings.TrimRight(u.Path, "/"), "/chat/completions"); whole {
		u.Path, u.RawPath = base, ""
		return at{url: u}, nil
	}
	a := at{url: u}
	if u.Path == "" || u.Path == "/" {
		u.Path, a.guessed = "/v1", true
	}
	return a, nil
}

// guess carries requests to an address whose path was guessed. Where nothing
// is there, they go to the address as it was given.
type guess struct {
	http.RoundTripper
	wrong atomic.Bool // it turned out that there is no /v1
}

func rootless(next http.RoundTripper) http.RoundTripper { return &guess{RoundTripper: next} }

// RoundTrip carries one request.
func (g *guess) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.GetBody == nil {
		return g.RoundTripper.RoundTrip(req)
	}
	if !g.wrong.Load() {
		resp, err := g.RoundTripper.RoundTrip(req)
		if err != nil || resp.StatusCode != http.StatusNotFound || isModel(resp) {
			return resp, err
		}
		resp.Body.Close()
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	bare := req.Clone(req.Context())
	bare.Body = body
	bare.URL.Path = strings.TrimPrefix(bare.URL.Path, "/v1")
	resp, err := g.RoundTripper.RoundTrip(bare)
	if err == nil && resp.StatusCode != http.StatusNotFound {
		g.wrong.Store(true)
	}
	return resp, err
}

// isModel tells whether it is the model that was not found, and not the path:
// then the endpoint speaks of it in its own format.
func isModel(resp *http.Response) bool {
	start, err := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(start), resp.Body), resp.Body}
	return err == nil && bytes.Contains(start, []byte("model"))
}
