package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

// probeLimit bounds the probe of one model.
const probeLimit = 30 * time.Second

var errProbe = errors.New("a model did not reply")

// listedModel is a model as `tesela models` tells of it.
type listedModel struct {
	Name string `json:"name"`
	// Ready is set where all that it takes is there.
	Ready bool `json:"ready"`
	// Auto is set for the models that auto asks, in this order.
	Auto     bool         `json:"auto"`
	Endpoint string       `json:"endpoint,omitempty"` // its host
	Key      bool         `json:"key"`                // one is set
	Needs    string       `json:"needs,omitempty"`    // what is missing
	Probe    *modelProbed `json:"probe,omitempty"`
}

// modelProbed is what came of asking a model for next to nothing.
type modelProbed struct {
	OK           bool    `json:"ok"`
	Milliseconds float64 `json:"ms"`
	Error        string  `json:"error,omitempty"`
}

func newModels(a *app) *cobra.Command {
	var probe bool
	c := &cobra.Command{
		Use:   "models [openai:NAME…]",
		Short: "Say which models can be asked, and try them",
		Long: "Lists who can read questions here: the offline planner always, language models as the environment\n" +
			"configures them. OPENAI_API_KEY is OpenAI's key, OPENAI_BASE_URL an endpoint of its format (Ollama,\n" +
			"vLLM, llama.cpp; no key is needed there); TESELA_MODEL names the model that --model auto asks where\n" +
			"the planner does not understand. TESELA_MODEL_TIMEOUT (30s), TESELA_MODEL_PRICE (dollars a million\n" +
			"tokens, IN/OUT) and TESELA_MODEL_STREAM (off) are optional. --probe asks each for a word.",
		Example: "  tesela models\n  OPENAI_BASE_URL=http://localhost:11434/v1 tesela models --probe openai:llama3.1",
		RunE: func(c *cobra.Command, names []string) error {
			list, err := configured().list(c.Context(), names, probe)
			if err != nil {
				return err
			}
			return a.showModels(list)
		},
	}
	c.Flags().BoolVar(&probe, "probe", false, "ask each language model for one word, which may cost a little")
	return c
}

// list tells of the models there are: those named, else the configured ones.
func (m models) list(ctx context.Context, names []string, probe bool) ([]listedModel, error) {
	second, err := m.second()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if err := m.check(name); err != nil {
			return nil, err
		}
	}
	var list []listedModel
	if len(names) == 0 {
		list = append(list, listedModel{Name: "offline", Ready: true, Auto: true})
		switch {
		case second != "":
			names = []string{second}
		case m.reachable():
			list = append(list, listedModel{Name: "openai:NAME", Ready: true, Key: m.get(envKey) != "", Needs: envModel + " for auto to ask one; --model openai:NAME asks any"})
		default:
			list = append(list, listedModel{Name: "openai:NAME", Needs: envKey + ", or " + envBaseURL + " for an endpoint of your own"})
		}
	}
	for _, name := range names {
		if name == "offline" || name == "auto" {
			list = append(list, listedModel{Name: name, Ready: true, Auto: true})
			continue
		}
		one, err := m.openAI(name[len("openai:"):])
		if err != nil {
			return nil, err
		}
		told := listedModel{Name: name, Ready: true, Auto: name == second, Endpoint: one.Host(), Key: m.get(envKey) != ""}
		if probe {
			limited, cancel := context.WithTimeout(ctx, probeLimit)
			started := time.Now()
			err := one.Probe(limited)
			cancel()
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			told.Probe = &modelProbed{OK: err == nil, Milliseconds: float64(time.Since(started).Microseconds()) / 1000}
			if err != nil {
				told.Probe.Error = err.Error()
			}
		}
		one.Close()
		list = append(list, told)
	}
	return list, nil
}

// showModels prints the list; a probe that failed is an error.
func (a *app) showModels(list []listedModel) error {
	failed := false
	for _, one := range list {
		failed = failed || one.Probe != nil && !one.Probe.OK
	}
	if a.json {
		if err := a.printJSON(map[string]any{"models": list}); err != nil {
			return err
		}
		if failed {
			return errProbe
		}
		return nil
	}
	for _, one := range list {
		line := one.Name
		switch {
		case !one.Ready:
			line += ": needs " + one.Needs
		case one.Endpoint == "" && one.Needs != "":
			line += ": ready; set " + one.Needs
		case one.Endpoint == "":
			line += ": ready, within this program"
		case one.Key:
			line += ": ready, at " + one.Endpoint + " with a key"
		default:
			line += ": ready, at " + one.Endpoint + " without a key"
		}
		if one.Auto && one.Endpoint != "" {
			line += "; auto asks it where the planner does not understand"
		}
		if p := one.Probe; p != nil && p.OK {
			line += fmt.Sprintf("; replied in %.0f ms", p.Milliseconds)
		} else if p != nil {
			line += "; " + p.Error
		}
		fmt.Fprintln(a.out, line)
	}
	if failed {
		return errProbe
	}
	return nil
}
