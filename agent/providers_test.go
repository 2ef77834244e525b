package agent_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/agent/model/auto"
	"tesela/agent/model/langchain"
	"tesela/agent/model/modeltest"
	"tesela/agent/model/openai"
	"tesela/agent/model/replay"
	"tesela/agent/model/wire"
	"tesela/agent/planner"
)

// outside is a provider of models outside this process, and how it is asked.
type outside struct {
	name   string
	format modeltest.Format
	make   func(t testing.TB, url string, l wire.Limits) closer
	again  bool // the same provider as the one before, asked in another way
}

type closer interface {
	model.Model
	Close()
}

// within are the bounds that modeltest.Subject asks for.
var within = wire.Limits{Timeout: 5 * time.Second, Idle: time.Second, Attempts: 3, Backoff: 2 * time.Millisecond, RetryAfter: 50 * time.Millisecond}

// providers are all there are, each in every way it can be asked.
func providers() []outside {
	chat := func(whole bool) func(testing.TB, string, wire.Limits) closer {
		return func(t testing.TB, url string, l wire.Limits) closer {
			m, err := openai.New(openai.Config{
				Model: "test", Key: modeltest.Key, BaseURL: url, Whole: whole,
				Timeout: l.Timeout, Idle: l.Idle, Attempts: l.Attempts, Backoff: l.Backoff, RetryAfter: l.RetryAfter,
			})
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
	}
	chain := func(provider, name string) func(testing.TB, string, wire.Limits) closer {
		return func(t testing.TB, url string, l wire.Limits) closer {
			c := langchain.Config{Provider: provider, Model: name, Key: modeltest.Key, BaseURL: url, Limits: l}
			if provider == "bedrock" {
				c.Key, c.Region, c.AccessKey, c.SecretKey = "", "eu-west-1", modeltest.Key, modeltest.Secret
			}
			m, err := langchain.New(c)
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
	}
	return []outside{
		{"openai", modeltest.OpenAI{}, chat(false), false},
		{"openai, whole replies", modeltest.OpenAI{}, chat(true), true},
		{"anthropic", modeltest.Anthropic{}, chain("anthropic", "claude-sonnet-4-5"), false},
		{"googleai", modeltest.Gemini{}, chain("googleai", "gemini-2.5-flash"), false},
		{"googleai, signed calls", modeltest.Gemini{}, chain("googleai", "gemini-3-pro"), true},
		{"mistral", modeltest.Mistral{}, chain("mistral", "mistral-large-latest"), false},
		{"bedrock", modeltest.Bedrock{}, chain("bedrock", "anthropic.claude-3-5-sonnet-20240620-v1:0"), false},
	}
}

func (o outside) new(t testing.TB, url string, l wire.Limits) closer {
	t.Helper()
	m := o.make(t, url, l)
	t.Cleanup(m.Close)
	return m
}

// everyModel is one of each kind of model there is: those outside, the planner,
// what puts it before one of them, and a recording of each.
func everyModel(t *testing.T, cat *model.Catalogue) map[string]model.Model {
	t.Helper()
	all := map[string]model.Model{}
	p, err := planner.New(cat)
	if err != nil {
		t.Fatal(err)
	}
	all["planner"] = p
	for _, o := range providers() {
		server := modeltest.Serve(t, o.format, func(a modeltest.Asked) modeltest.Reply {
			if a.Last().Role == "tool" {
				return modeltest.Reply{Text: "There are 3."}
			}
			return modeltest.Reply{Text: "Counting.", Calls: []model.Call{{ID: "call_1", Name: "count_segment", Args: []byte(`{"formula":"everyone"}`)}}}
		})
		all[o.name] = o.new(t, server.URL, within)
		all["auto with "+o.name] = &auto.Model{First: p, Then: all[o.name]}
	}
	return all
}

// recorded says again what a recorder heard, whatever the order it is asked in.
type recorded struct {
	name string
	said map[string]replay.Reply
}

func (r recorded) Name() string { return r.name }

func (r recorded) Generate(ctx context.Context, q model.Request) iter.Seq2[model.Delta, error] {
	return replay.New(replay.Recording{Model: r.name, Replies: []replay.Reply{r.said[replay.Print(q)]}}).Generate(ctx, q)
}

// What holds of one model holds of every one, and of its recording.
func TestLawsOfEveryModel(t *testing.T) {
	cat := modeltest.Question("").Catalogue
	models := everyModel(t, cat)
	for _, question := range []string{"how many customers are there?", "flurb the glorp", "¿cuántos clientes hay en total?", "???"} {
		r := modeltest.Question(question)
		r.Catalogue = cat
		for name, m := range models {
			t.Run(name+" "+question, func(t *testing.T) {
				recorder := replay.Record(m)
				modeltest.Laws(t, recorder, r)
				made := recorded{m.Name(), map[string]replay.Reply{}}
				for _, reply := range recorder.Recording().Replies {
					if reply.Error == "" && len(reply.Deltas) > len(made.said[reply.Request].Deltas) {
						made.said[reply.Request] = reply
					}
				}
				// The first whole reply counts: what is asked after it has its ids.
				modeltest.Laws(t, made, r)
			})
		}
	}
}
