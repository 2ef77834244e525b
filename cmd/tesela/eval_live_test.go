package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"tesela/agent/model"
	"tesela/agent/model/modeltest"
	"tesela/evals"
)

// liveSuite is three questions whose answer is everyone.
const liveSuite = `data: demo:customers=120
cases:
  - {id: t-1, lang: en, q: "How many customers do we have?", family: size, count: everyone}
  - {id: t-2, lang: es, q: "¿Cuántos clientes tenemos?", family: size, count: everyone}
  - {id: t-3, lang: pt, q: "Quantos clientes temos?", family: size, count: everyone}
`

// everybody is a scripted model that counts everyone, then says so.
func everybody(a modeltest.Asked) modeltest.Reply {
	if a.Last().Role == "tool" {
		return modeltest.Reply{Text: "120.", Usage: &model.Usage{InputTokens: 1000, OutputTokens: 10}}
	}
	return modeltest.Reply{
		Usage: &model.Usage{InputTokens: 1000, OutputTokens: 10},
		Calls: []model.Call{{ID: "call_1", Name: "count_segment", Args: json.RawMessage(`{"formula":"everyone"}`)}},
	}
}

// liveServers are the formats that models are asked in, with a model of each
// and what points it at a server.
var liveServers = []struct {
	name   string
	format modeltest.Format
	env    func(url string) map[string]string
}{
	{"openai:test", modeltest.OpenAI{}, func(url string) map[string]string {
		return map[string]string{"OPENAI_BASE_URL": url + "/v1", "OPENAI_API_KEY": modeltest.Key}
	}},
	{"anthropic:claude-sonnet-4-5", modeltest.Anthropic{}, func(url string) map[string]string {
		return map[string]string{"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": modeltest.Key}
	}},
	{"googleai:gemini-2.5-flash", modeltest.Gemini{}, func(url string) map[string]string {
		return map[string]string{"GOOGLE_BASE_URL": url, "GEMINI_API_KEY": modeltest.Key}
	}},
	{"mistral:mistral-large-latest", modeltest.Mistral{}, func(url string) map[string]string {
		return map[string]string{"MISTRAL_BASE_URL": url, "MISTRAL_API_KEY": modeltest.Key}
	}},
	{"bedrock:anthropic.claude-3-5-sonnet-20240620-v1:0", modeltest.Bedrock{}, func(url string) map[string]string {
		return map[string]string{"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": url, "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": modeltest.Key, "AWS_SECRET_ACCESS_KEY": modeltest.Secret}
	}},
}

func liveEval(t *testing.T, args ...string) (int, evals.Report, string) {
	t.Helper()
	code, out, errs := call(t, "", append([]string{"eval", "tiny.yaml", "--jobs", "1", "--json"}, args...)...)
	var r evals.Report
	if out != "" {
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	if strings.Contains(out+errs, modeltest.Key) {
		t.Errorf("the key is told: %s%s", out, errs)
	}
	return code, r, errs
}

// The suites are asked of a model in every format, with what it used; a run
// that has its answers in a journal asks nobody again.
func TestEvalLive(t *testing.T) {
	for i, c := range liveServers {
		if testing.Short() && i > 1 {
			break // one through each of the two libraries
		}
		t.Run(c.name, func(t *testing.T) {
			inFolder(t, liveSuite)
			server := modeltest.Serve(t, c.format, everybody)
			for name, value := range c.env(server.URL) {
				t.Setenv(name, value)
			}
			args := []string{"--model", c.name, "--price", c.name + "=2,10", "--journal", "j.jsonl"}
			code, r, errs := liveEval(t, args...)
			if code != exitOK || len(r.Runs) != 1 || len(r.Notes) != 0 {
				t.Fatalf("code %d, %q: %s", code, r.Notes, errs)
			}
			s := r.Runs[0].Score
			// Two rounds of 1,010 tokens for each case, at 2 and 10 dollars a million.
			if s.Right.N != 3 || s.InputTokens.Sum != 6000 || s.OutputTokens.Sum != 60 || s.Cost == nil || fmt.Sprintf("%.5f", s.Cost.Sum) != "0.01260" {
				t.Errorf("%+v, %+v", s.Right, s.Cost)
			}
			asked := server.Count()
			if code, again, errs := liveEval(t, args...); code != exitOK || server.Count() != asked || again.Runs[0].Score.Right.N != 3 || again.Runs[0].Score.Cost == nil || !strings.Contains(errs, "3 were taken over") {
				t.Errorf("again: code %d, asked %d times more: %s", code, server.Count()-asked, errs)
			}
		})
	}
}

// A run stops at its bound of costs and goes on from there.
func TestEvalStopsAtItsCost(t *testing.T) {
	inFolder(t, liveSuite)
	c := liveServers[1]
	server := modeltest.Serve(t, c.format, everybody)
	for name, value := range c.env(server.URL) {
		t.Setenv(name, value)
	}
	args := []string{"--model", c.name, "--price", c.name + "=2,10", "--journal", "j.jsonl", "--max-total-cost", "0.004"}
	code, _, errs := liveEval(t, args...)
	if code != exitError1 || !strings.Contains(errs, "stopped after 1 of 3") || !strings.Contains(errs, "0.0042 dollars") || !strings.Contains(errs, "goes on from there") {
		t.Fatalf("code %d: %s", code, errs)
	}
	if code, r, errs := liveEval(t, args[:6]...); code != exitOK || r.Runs[0].Score.Right.N != 3 || server.Count() != 6 {
		t.Errorf("code %d, asked %d times: %s", code, server.Count(), errs)
	}
	if code, _, errs := liveEval(t, "--model", c.name, "--max-total-cost", "1"); code != exitUsage || !strings.Contains(errs, "--price") {
		t.Errorf("without a price: code %d: %s", code, errs)
	}
}

// No figure is reported for a model that was not there, and the report says
// whose the figures of auto are.
func TestEvalOfAModelThatIsNotThere(t *testing.T) {
	inFolder(t, liveSuite)
	c := liveServers[0]
	server := modeltest.Serve(t, c.format, modeltest.Sequence(modeltest.Reply{Faults: []modeltest.Fault{modeltest.WrongKey}}))
	for name, value := range c.env(server.URL) {
		t.Setenv(name, value)
	}
	code, r, errs := liveEval(t, "--model", c.name)
	if code != exitError1 || len(r.Runs) != 0 || !strings.Contains(errs, "refuses the key") || !strings.Contains(errs, "stopped after") {
		t.Errorf("code %d, %d runs: %s", code, len(r.Runs), errs)
	}
	t.Setenv(envModel, "")
	if code, r, errs := liveEval(t, "--model", "auto"); code != exitOK || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "figures are the planner's") {
		t.Errorf("code %d, %q: %s", code, r.Notes, errs)
	}
	t.Setenv(envModel, c.name)
	if code, r, errs := liveEval(t, "--model", "auto"); code != exitOK || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], c.name+" had a hand in 0") {
		t.Errorf("code %d, %q: %s", code, r.Notes, errs)
	}
}
