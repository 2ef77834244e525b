package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/model/modeltest"
)

// environment names a provider's keys and address as a person would.
func (o outsider) environment(url string) []string {
	return map[string][]string{
		"openai":    {"OPENAI_API_KEY=" + modeltest.Key, "OPENAI_BASE_URL=" + url},
		"anthropic": {"ANTHROPIC_API_KEY=" + modeltest.Key, "ANTHROPIC_BASE_URL=" + url},
		"googleai":  {"GOOGLE_API_KEY=" + modeltest.Key, "GOOGLE_BASE_URL=" + url},
		"mistral":   {"MISTRAL_API_KEY=" + modeltest.Key, "MISTRAL_BASE_URL=" + url},
		"bedrock": {
			"AWS_ACCESS_KEY_ID=" + modeltest.Key, "AWS_SECRET_ACCESS_KEY=" + modeltest.Secret, "AWS_REGION=eu-west-1",
			"AWS_ENDPOINT_URL_BEDROCK_RUNTIME=" + url,
		},
	}[o.name]
}

// The program asks a model of every provider by its name, has the figure from
// its own tools, and tells what is wrong where the key is; nowhere is the key
// told or kept.
func TestAskEveryProvider(t *testing.T) {
	t.Parallel()
	for _, p := range outsiders() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			m := p.new(t, "http://127.0.0.1:1")
			s := newShell(t)
			s.importFile("m.db", s.file("orders.csv", "customer,when,total\nada,2020-01-01,5\nbob,2020-01-02,7\ncid,2020-01-02,1\n"), "--yes").exits(exitOK)
			server := modeltest.Serve(t, p.format, counting)
			bare := append([]string{}, s.env...)
			s.env = append(append(bare, "TESELA_DB=m.db", "TESELA_MODEL="+m.Name()), p.environment(server.URL)...)
			const flurbs = "how many flurbs are there?"
			for _, name := range []string{m.Name(), "auto"} {
				var a agent.Answer
				r := s.run("ask", "--json", "--model", name, flurbs).exits(exitOK).into(&a)
				if a.Status != model.Answered || a.Text != "There are 3 flurbs." || a.Model != m.Name() || len(a.Calls) != 1 || a.Calls[0].Result.Values["size"] != 3.0 {
					r.fail("not the model's answer with the core's figure")
				}
			}
			if why := server.Refused(); why != nil {
				t.Errorf("the vendor refuses %q", why)
			}
			if r := s.run("models", "--probe", m.Name()).exits(exitOK); !strings.Contains(r.out, "127.0.0.1") {
				r.fail("it is not told where the model is")
			}
			wrong := modeltest.Serve(t, p.format, modeltest.Sequence(modeltest.Reply{Faults: []modeltest.Fault{modeltest.WrongKey}}))
			s.env = append(append(bare, "TESELA_DB=m.db", "TESELA_MODEL="+m.Name()), p.environment(wrong.URL)...)
			key, _, _ := strings.Cut(p.environment("")[0], "=")
			told := s.run("ask", "--model", m.Name(), flurbs).exits(exitError1)
			if !strings.Contains(told.errs, key) {
				told.fail("it is not told which key is wrong")
			}
			auto := s.run("ask", flurbs).exits(exitClarify)
			listed := s.run("trace", "--json").exits(exitOK)
			for _, secret := range []string{modeltest.Key, modeltest.Secret} {
				for _, r := range []ran{told, auto, listed} {
					if strings.Contains(r.out+r.errs, secret) {
						r.fail("a key is told")
					}
				}
				inFiles(t, s.dir, secret)
			}
			if _, err := os.Stat(filepath.Join(s.dir, ".aws")); err == nil {
				t.Error("a folder of credentials was made")
			}
		})
	}
}
