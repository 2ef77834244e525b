package main

import (
	"encoding/json"
	"strings"
	"testing"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/model/modeltest"
	"tesela/agent/trace"
	"tesela/store"
)

// wandering is a scripted model that is busy at first, calls with a wrong field,
// counts, says a figure from nowhere, and then the right one.
func wandering(a modeltest.Asked) modeltest.Reply {
	call := func(args string) modeltest.Reply {
		return modeltest.Reply{Usage: &model.Usage{InputTokens: 900, OutputTokens: 20}, Calls: []model.Call{{ID: "call_1", Name: "count_segment", Args: json.RawMessage(args)}}}
	}
	switch a.N {
	case 1:
		return modeltest.Reply{Faults: []modeltest.Fault{modeltest.TooMany}}
	case 2:
		return call(`{"formula":"grobnix = 1"}`)
	case 3:
		return call(`{"formula":"count(order) >= 1"}`)
	case 4:
		return modeltest.Reply{Text: "There are 4 flurbs.", Usage: &model.Usage{InputTokens: 1000, OutputTokens: 9}}
	}
	return modeltest.Reply{Text: "There are 3 flurbs.", Usage: &model.Usage{InputTokens: 1100, OutputTokens: 8}}
}

// What a language model did to answer is there to be looked at afterwards, and
// to be done again without it.
func TestTrace(t *testing.T) {
	t.Parallel()
	s, server := modelShell(t, wandering, "TESELA_MODEL_PRICE=2/10", "TESELA_MODEL=test")
	var none []store.TraceHead
	if r := s.run("trace", "--json").exits(exitOK).into(&none); len(none) != 0 {
		r.fail("traces of nothing")
	}
	const flurbs = "how many flurbs are there?"
	var a agent.Answer
	s.run("ask", "--json", "--model", "openai:test", "--session", "spring", flurbs).exits(exitOK).into(&a)
	if a.Text != "There are 3 flurbs." {
		t.Fatalf("%+v", a)
	}
	s.run("ask", "how many customers are there?").exits(exitOK)

	var heads []store.TraceHead
	r := s.run("trace", "--json").exits(exitOK).into(&heads)
	if len(heads) != 2 || heads[0].Model != "offline" || heads[1].ID != a.ID || heads[1].Model != "openai:test" || heads[1].Session != "spring" || heads[1].Status != "answered" ||
		heads[1].Rounds != 4 || heads[1].Calls != 2 || heads[1].InputTokens != 3900 || heads[1].OutputTokens != 57 || heads[1].Cost != a.Usage.Cost || heads[1].ElapsedMS <= 0 {
		r.fail("not the turns")
	}
	for flags, want := range map[string]int{
		"--session spring": 1, "--session other": 0, "--status answered": 2, "--status clarify": 0, "--model offline": 1, "--since 2001-01-01": 2, "--since 2999-01-01": 0, "--limit 1": 1, "--limit 0": 2,
	} {
		heads = nil
		if r := s.run(append([]string{"trace", "--json"}, strings.Fields(flags)...)...).exits(exitOK).into(&heads); len(heads) != want {
			r.fail("not as many as fit " + flags)
		}
	}
	if r := s.run("trace").exits(exitOK); !strings.Contains(r.out, a.ID) || !strings.Contains(r.out, "3,957") {
		r.fail("not the list")
	}

	r = s.run("trace", a.ID).exits(exitOK)
	for _, want := range []string{
		flurbs, "session spring", "round 1: openai:test", "request 1: 429", "request 2: 200", "900 tokens in, 20 out", "count_segment", `{"formula":"grobnix = 1"}`, "sent back to the model:",
		`{"formula":"count(order) >= 1"}`, "round 3", "said: There are 4 flurbs.", "not borne out by the results: 4", "is asked to say it again", "its text is borne out by the results", "4 rounds, 2 calls, 3,957 tokens, $0.00837", "█",
	} {
		if !strings.Contains(r.out, want) {
			r.fail("the drawing lacks " + want)
		}
	}
	for line := range strings.Lines(r.out) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if r := s.run("trace", a.ID, "--full").exits(exitOK); !strings.Contains(r.out, "sent in round 4") || !strings.Contains(r.out, "Answer again with what the results say only.") {
		r.fail("not what was sent")
	}
	var whole trace.Trace
	r = s.run("trace", "--json", a.ID).exits(exitOK).into(&whole)
	if len(whole.Rounds) != 4 || len(whole.Rounds[0].Attempts) != 2 || len(whole.Checks) != 2 || whole.Question != flurbs || whole.Text != a.Text || strings.Contains(r.out, modeltest.Key) {
		r.fail("not the whole trace")
	}

	asked := server.Count()
	s.env = append(s.env, "OPENAI_BASE_URL=", "TESELA_MODEL=")
	if r := s.run("trace", a.ID, "--replay").exits(exitOK); !strings.Contains(r.out, "It comes to the same answer.") || server.Count() != asked {
		r.fail("not the same without the model")
	}
	s.run("trace", heads0(t, s), "--replay").exits(exitOK) // the planner's

	// Over other data it is another answer.
	s.importFile("m.db", s.file("more.csv", "customer,when,total\ndan,2020-01-03,4\n"), "--yes").exits(exitOK)
	var retold retold
	r = s.run("trace", a.ID, "--replay", "--json").exits(exitError1).into(&retold)
	if retold.Same || !retold.DataChanged || len(retold.Differences) == 0 {
		r.fail("not the difference")
	}

	s.run("trace", "none").refuses(exitError1, "no trace none", "tesela trace")
	s.run("trace", "--status", "great").refuses(exitUsage, "answered", "cancelled")
	s.run("trace", "--replay").refuses(exitUsage, "name the turn")
	s.run("trace", a.ID, "--limit", "2").refuses(exitUsage, "--limit")
	s.env = append(s.env, envTrace+"=off")
	s.run("ask", "how many customers are there in all?").exits(exitOK)
	heads = nil
	if r := s.run("trace", "--json").exits(exitOK).into(&heads); len(heads) != 2 {
		r.fail("a trace is kept though it is turned off")
	}
}

func heads0(t *testing.T, s *shell) string {
	t.Helper()
	var heads []store.TraceHead
	s.run("trace", "--json", "--model", "offline").exits(exitOK).into(&heads)
	if len(heads) == 0 {
		t.Fatal("there is no trace of the planner")
	}
	return heads[0].ID
}

// What the planner stands in for is told, and a turn that is stopped is marked.
func TestTraceOfWhatFails(t *testing.T) {
	t.Parallel()
	s, _ := modelShell(t, modeltest.Sequence(modeltest.Reply{Faults: []modeltest.Fault{modeltest.Garbage}}), "TESELA_MODEL=test")
	var a agent.Answer
	s.run("ask", "--json", "how many flurbs are there?").exits(exitClarify).into(&a)
	if r := s.run("trace", a.ID).exits(exitOK); !strings.Contains(r.out, "openai:test failed (broken)") || !strings.Contains(r.out, "offline answers without it") || !strings.Contains(r.out, "does not know flurbs") {
		r.fail("not what it did without")
	}
	s.run("trace", a.ID, "--replay").exits(exitOK)

	s = interrupted(t)
	var heads []store.TraceHead
	r := s.run("trace", "--json", "--status", "cancelled").exits(exitOK).into(&heads)
	if len(heads) != 1 {
		r.fail("no trace of the turn that was stopped")
	}
	s.run("trace", heads[0].ID).exits(exitOK)
	s.run("trace", heads[0].ID, "--replay").refuses(exitError1, "cancelled")
}
