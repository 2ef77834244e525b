package openai_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"tesela/agent/model"
	"tesela/agent/model/modeltest"
	"tesela/agent/model/openai"
)

// azure stands before a scripted server and takes what Azure takes: the
// deployment in the path, the version of the interface, the key in its own
// header and no other.
func azure(t *testing.T, deployment, version string, script modeltest.Script) (string, *modeltest.Server) {
	t.Helper()
	inner := modeltest.Serve(t, modeltest.OpenAI{}, script)
	at, err := url.Parse(inner.URL)
	if err != nil {
		t.Fatal(err)
	}
	pass := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(at)
		r.Out.URL.Path, r.Out.URL.RawPath, r.Out.URL.RawQuery = "/v1/chat/completions", "", ""
		r.Out.Header.Set("Authorization", "Bearer "+modeltest.Key)
	}}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse := func(status int, code, why string) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"code": code, "message": why}})
		}
		switch {
		case r.Header.Get("Authorization") != "" || r.Header.Get("api-key") != modeltest.Key:
			refuse(http.StatusUnauthorized, "401", "Access denied due to invalid subscription key "+r.Header.Get("api-key")+".")
		case r.Method != http.MethodPost || r.URL.EscapedPath() != "/openai/deployments/"+deployment+"/chat/completions":
			refuse(http.StatusNotFound, "DeploymentNotFound", "The API deployment for this resource does not exist.")
		case r.URL.RawQuery != "api-version="+version:
			refuse(http.StatusNotFound, "404", "Resource not found")
		default:
			pass.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(front.Close)
	return front.URL, inner
}

func TestAzure(t *testing.T) {
	call := modeltest.Sequence(modeltest.Reply{Calls: []model.Call{{ID: "call_1", Name: "count_segment", Args: json.RawMessage(`{"formula":"everyone"}`)}}})
	for _, c := range []struct{ deployment, path, version string }{
		{"gpt-4.1-mini", "gpt-4.1-mini", ""}, // its dot stays, whatever is the custom of old names
		{"my gpt:3.5", "my%20gpt:3.5", "2025-03-01-preview"},
	} {
		expected := c.version
		if expected == "" {
			expected = "2024-10-21"
		}
		base, inner := azure(t, c.path, expected, call)
		for _, slash := range []string{"", "/", "/openai"} {
			m, err := openai.New(openai.Config{Model: c.deployment, Key: modeltest.Key, BaseURL: base + slash, Azure: true, Version: c.version, Attempts: 1})
			if err != nil {
				t.Fatal(err)
			}
			g := modeltest.Ask(t.Context(), m, modeltest.Question("how many?"))
			m.Close()
			if g.Err != nil || len(g.Calls) != 1 || m.Name() != "openai:"+c.deployment || inner.Count() == 0 {
				t.Errorf("%s: %s", c.deployment, g)
			}
		}
		m, err := openai.New(openai.Config{Model: "other", Key: modeltest.Key, BaseURL: base, Azure: true, Version: c.version, Attempts: 1, KeyName: "AZURE_OPENAI_API_KEY"})
		if err != nil {
			t.Fatal(err)
		}
		if g := modeltest.Ask(t.Context(), m, modeltest.Question("how many?")); g.Err == nil || !strings.Contains(g.Err.Error(), "no such model") {
			t.Errorf("a deployment that is not there: %s", g)
		}
		m.Close()
		wrong, err := openai.New(openai.Config{Model: c.deployment, Key: "secret-that-is-wrong", BaseURL: base, Azure: true, Version: c.version, Attempts: 1, KeyName: "AZURE_OPENAI_API_KEY"})
		if err != nil {
			t.Fatal(err)
		}
		if g := modeltest.Ask(t.Context(), wrong, modeltest.Question("how many?")); g.Err == nil || !strings.Contains(g.Err.Error(), "AZURE_OPENAI_API_KEY") || strings.Contains(g.Err.Error(), "secret-that-is-wrong") {
			t.Errorf("a wrong key: %s", g)
		}
		wrong.Close()
	}
	if _, err := openai.New(openai.Config{Model: "x", BaseURL: "https://x.example/v1", Azure: true}); err == nil {
		t.Error("a resource with a path")
	}
}

// Addresses of Azure are known for such, but for the path that is like OpenAI's.
func TestAzureByItsAddress(t *testing.T) {
	for base, host := range map[string]string{
		"https://shop.openai.azure.com":            "https://shop.openai.azure.com",
		"https://shop.openai.azure.com/openai":     "https://shop.openai.azure.com",
		"https://shop.openai.azure.com/openai/v1/": "https://shop.openai.azure.com/openai/v1",
		"https://azure.com.example/v1":             "https://azure.com.example/v1",
	} {
		m, err := openai.New(openai.Config{Model: "x", Key: "k", BaseURL: base})
		if err != nil {
			t.Fatal(err)
		}
		if m.BaseURL != host {
			t.Errorf("%s is asked at %s", base, m.BaseURL)
		}
		m.Close()
	}
}
