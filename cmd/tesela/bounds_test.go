package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/model/modeltest"
)

// restless calls another count in each reply as long as it has tools.
func restless(a modeltest.Asked) modeltest.Reply {
	use := &model.Usage{InputTokens: 900, OutputTokens: 100}
	if len(a.Tools) == 0 {
		return modeltest.Reply{Text: "There are 3 flurbs.", Usage: use}
	}
	return modeltest.Reply{Usage: use, Calls: []model.Call{
		{ID: fmt.Sprint("call_", a.N), Name: "count_segment", Args: json.RawMessage(fmt.Sprintf(`{"formula":"count(order) >= %d"}`, a.N-1))},
	}}
}

// Each bound is a flag, ends the loop of a model that only ever calls, and is
// named in the answer; the model is told that there are no tools any more.
func TestBoundsOfAQuestion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		flag, value string
		bound       agent.Bound
		asked       int
	}{
		{"--max-rounds", "2", agent.Bound{Name: agent.RoundsBound, Limit: 2}, 3},
		{"--max-tokens", "2500", agent.Bound{Name: agent.TokensBound, Limit: 2500}, 4},
		{"--max-cost", "0.005", agent.Bound{Name: agent.CostBound, Limit: 0.005}, 3}, // 0.0028 a reply
	} {
		t.Run(c.flag, func(t *testing.T) {
			t.Parallel()
			s, server := modelShell(t, restless, "TESELA_MODEL=test", "TESELA_MODEL_PRICE=2/10")
			var a agent.Answer
			r := s.run("ask", "--json", "--model", "openai:test", c.flag, c.value, "how many flurbs are there?").exits(exitOK).into(&a)
			if len(a.Bounds) != 1 || a.Bounds[0] != c.bound || server.Count() != c.asked || len(a.Notes) != 1 || a.Text != "There are 3 flurbs.\n\n"+a.Notes[0] {
				r.fail("not ended by the bound")
			}
			last := server.Asked()[c.asked-1]
			if len(last.Tools) != 0 || !strings.Contains(last.Messages[0].Text, "There are no more tool calls") {
				t.Errorf("the model is not told that there are no tools: %s", last.Messages[0].Text)
			}
		})
	}
}

func TestBoundsThatCannotBe(t *testing.T) {
	t.Parallel()
	s, _ := modelShell(t, restless, "TESELA_MODEL=test")
	for _, command := range [][]string{{"ask", "how many?"}, {"chat"}, {"slack"}, {"mcp"}, {"eval"}} {
		for flag, wrong := range map[string][]string{
			"--max-rounds": {"0", "-1"}, "--max-tokens": {"0"}, "--max-cost": {"0", "-1", "NaN", "Inf", "0.05"}, "--time-limit": {"-1s"},
		} {
			for _, value := range wrong {
				s.run(append(command[:1:1], append([]string{flag + "=" + value}, command[1:]...)...)...).refuses(exitUsage, flag)
			}
		}
	}
	s.run("ask", "--max-cost", "0.05", "how many?").refuses(exitUsage, "TESELA_MODEL_PRICE")
	s.run("eval", "--model", "openai:test", "--max-cost", "0.05").refuses(exitUsage, "--price openai:test=IN,OUT")
	help := s.run("ask", "--help").exits(exitOK)
	for _, says := range []string{"--max-rounds", "(default 8)", "--max-tokens", "(default 250000)", "--max-cost", "TESELA_MODEL_PRICE", "--time-limit", "(default 5m0s)"} {
		if !strings.Contains(help.out, says) {
			help.fail("the help does not say " + says)
		}
	}
}
