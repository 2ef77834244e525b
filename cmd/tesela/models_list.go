package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tesela/agent/model/provider"
	"tesela/agent/model/wire"
)

var errProbe = errors.New("a model did not reply")

// listedModel is a model as `tesela models` tells of it.
type listedModel struct {
	Name string `json:"name"`
	// Ready is set where all that it takes is there.
	Ready bool `json:"ready"`
	// Auto is set for the models that auto asks, in this order.
	Auto     bool   `json:"auto"`
	Endpoint string `json:"endpoint,omitempty"` // its host
	Key      bool   `json:"key"`                // one is set
	Needs    string `json:"needs,omitempty"`    // what is missing
	// Can is what the model can do as it is reached from here; nil for the
	// planner, and where no model is named.
	Can   *provider.Capabilities `json:"capabilities,omitempty"`
	Probe *modelProbed           `json:"probe,omitempty"`
}

// listedProvider is a provider of models as `tesela models` tells of it.
type listedProvider struct {
	Name       string `json:"name"`
	Configured bool   `json:"configured"`
	// Set are the names of the variables that are set of those it reads.
	Set      []string `json:"set"`
	Needs    string   `json:"needs,omitempty"`
	Endpoint string   `json:"endpoint,omitempty"` // its host
	Example  string   `json:"example"`
}

func newModels(a *app) *cobra.Command {
	var probe bool
	c := &cobra.Command{
		Use:   "models [PROVIDER:NAME…]",
		Short: "Say which models can be asked, and try them",
		Long: "Lists who can read questions here: the offline planner always, language models as the environment\n" +
			"configures them. Keys come from the environment alone and are never printed.\n\n" +
			modelsHelp() + "\n" +
			"Endpoints of OpenAI's format are asked as openai:NAME with OPENAI_BASE_URL: Ollama\n" +
			"(http://localhost:11434/v1), vLLM, llama.cpp, LM Studio and gateways; most want no key. Azure is\n" +
			"openai:DEPLOYMENT with AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_API_KEY, at the version of its\n" +
			"interface in OPENAI_API_VERSION.\n\n" +
			"TESELA_MODEL names the model that --model auto asks where the planner does not understand or is in\n" +
			"doubt. TESELA_MODEL_TIMEOUT (30s), TESELA_MODEL_PRICE (dollars a million tokens, IN/OUT) and\n" +
			"TESELA_MODEL_STREAM (off) are optional. --probe asks each for a word and for a call of a tool.",
		Example: "  tesela models\n  tesela models --probe anthropic:claude-sonnet-4-5 mistral:mistral-large-latest\n" +
			"  OPENAI_BASE_URL=http://localhost:11434/v1 tesela models --probe openai:llama3.1:8b",
		RunE: func(c *cobra.Command, names []string) error {
			m := configured()
			list, err := m.list(names)
			if err != nil {
				return err
			}
			if probe {
				if list, err = m.probe(c.Context(), list, len(names) == 0); err != nil {
					return err
				}
			}
			var of []listedProvider
			if len(names) == 0 {
				of = m.providers()
			}
			return a.showModels(list, of)
		},
	}
	c.Flags().BoolVar(&probe, "probe", false, "ask each language model for one word and one call of a tool, which may cost a little")
	return c
}

// modelsHelp tells which variables configure each provider.
func modelsHelp() string {
	var b strings.Builder
	for _, p := range provider.All() {
		joined := " or "
		if p.AllKeys {
			joined = " + "
		}
		fmt.Fprintf(&b, "  %-9s  %s", p.Name, strings.Join(p.Keys, joined))
		if p.Name == "bedrock" {
			b.WriteString(" + AWS_REGION,\n             optional AWS_SESSION_TOKEN,")
		} else {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, " %s\n", p.Base)
	}
	return b.String()
}

// providers are all there are, and what configures them here.
func (m models) providers() []listedProvider {
	var list []listedProvider
	for _, p := range provider.All() {
		one := listedProvider{Name: p.Name, Configured: m.configures(p), Set: []string{}, Example: p.Name + ":" + p.Example}
		for _, name := range m.reads(p) {
			if m.get(name) != "" {
				one.Set = append(one.Set, name)
			}
		}
		if one.Configured {
			one.Endpoint = m.host(p)
		} else {
			one.Needs = m.needs(p)
		}
		list = append(list, one)
	}
	return list
}

// reads are the variables that configure a provider.
func (m models) reads(p provider.Provider) []string {
	list := slices.Concat(p.Keys, p.Also, []string{p.Base})
	if p.Name == "openai" {
		list = append(list, envAzure, envAzureKey, envAzureVersion)
	}
	return list
}

// host is where a provider's models are asked, without what an address may hold
// beside.
func (m models) host(p provider.Provider) string {
	region := cmp.Or(m.get("AWS_REGION"), m.get("AWS_DEFAULT_REGION"))
	return wire.Endpoint{Address: cmp.Or(m.base(p), strings.ReplaceAll(p.Default, "{region}", region))}.Host()
}

// list tells of the models there are: those named, else the configured ones.
func (m models) list(names []string) ([]listedModel, error) {
	second, err := m.second()
	if err != nil {
		return nil, err
	}
	var list []listedModel
	if len(names) == 0 {
		list = append(list, listedModel{Name: "offline", Ready: true, Auto: true})
		if second != "" {
			names = []string{second}
		}
		of, _, _ := split(second)
		for _, p := range provider.All() {
			key := m.key(p) != ""
			switch {
			case p.Name == of.Name:
			case m.configures(p):
				list = append(list, listedModel{Name: p.Name + ":NAME", Ready: true, Key: key, Needs: envModel + " for auto to ask one; --model " + p.Name + ":NAME asks any"})
			case p.Name == "openai" && second == "":
				list = append(list, listedModel{Name: "openai:NAME", Needs: m.needs(p)})
			}
		}
	}
	for _, name := range names {
		if name == "offline" || name == "auto" {
			list = append(list, listedModel{Name: name, Ready: true, Auto: true})
			continue
		}
		p, _, _ := split(name)
		if name == second && !m.configures(p) {
			list = append(list, listedModel{Name: name, Auto: true, Needs: m.needs(p) + " for auto to ask it"})
			continue
		}
		one, err := m.named(name)
		if err != nil {
			return nil, err
		}
		can := one.Capabilities()
		told := listedModel{Name: name, Ready: true, Auto: name == second, Endpoint: one.Host(), Key: m.key(p) != "", Can: &can}
		one.Close()
		if name == second && len(list) > 0 && list[0].Name == "offline" {
			list = slices.Insert(list, 1, told) // in the order that auto asks
		} else {
			list = append(list, told)
		}
	}
	return list, nil
}

// showModels prints the list; a probe that failed is an error.
func (a *app) showModels(list []listedModel, of []listedProvider) error {
	failed := slices.ContainsFunc(list, func(one listedModel) bool { return one.Probe != nil && !one.Probe.OK })
	if a.json {
		told := map[string]any{"models": list}
		if of != nil {
			told["providers"] = of
		}
		if err := a.printJSON(told); err != nil {
			return err
		}
	} else {
		a.drawModels(list, of)
	}
	if failed {
		return errProbe
	}
	return nil
}

// drawModels prints a line for each model, then what provides them and what
// they can do.
func (a *app) drawModels(list []listedModel, of []listedProvider) {
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
			line += "; auto asks it where the planner does not understand or is in doubt"
		}
		if one.Probe != nil {
			line += "; " + one.Probe.String()
		}
		fmt.Fprintln(a.out, line)
	}
	a.drawProviders(of)
	a.drawCapabilities(list)
}

func (a *app) drawProviders(of []listedProvider) {
	if len(of) == 0 {
		return
	}
	fmt.Fprintf(a.out, "\n%-10s %-33s %s\n", "provider", "asked at", "configured by")
	for _, p := range of {
		at, say := p.Endpoint, strings.Join(p.Set, " ")
		if !p.Configured {
			first, _, _ := strings.Cut(p.Needs, ", or ")
			at, say = "–", "set "+first
		}
		for i, piece := range wrapWords(say, 34) {
			if i > 0 {
				p.Name, at = "", ""
			}
			fmt.Fprintln(a.out, strings.TrimRight(fmt.Sprintf("%-10s %-33s %s", p.Name, inWidth(at, 33), piece), " "))
		}
	}
}

func (a *app) drawCapabilities(list []listedModel) {
	headed := false
	for _, one := range list {
		if one.Can == nil {
			continue
		}
		if !headed {
			fmt.Fprintf(a.out, "\n%-30s tools streaming parallel strict system reasoning\n", "model")
			headed = true
		}
		say := map[bool]string{true: "yes", false: "no"}
		c := one.Can
		fmt.Fprintln(a.out, strings.TrimRight(fmt.Sprintf("%-30s %-5s %-9s %-8s %-6s %-6s %s", inWidth(one.Name, 30),
			say[c.Tools], say[c.Streaming], say[c.Parallel], say[c.Strict], say[c.System], say[c.Reasoning]), " "))
	}
}

// inWidth is a text of at most so many letters, with a mark where its middle
// is left out.
func inWidth(text string, most int) string {
	r := []rune(text)
	if len(r) <= most {
		return text
	}
	head := (most - 1) / 2
	return string(r[:head]) + "…" + string(r[len(r)-(most-1-head):])
}

// wrapWords breaks a text at blanks into lines of at most so many letters.
func wrapWords(text string, most int) []string {
	lines := []string{""}
	for _, w := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = w
		case len(*last)+1+len(w) <= most:
			*last += " " + w
		default:
			lines = append(lines, w)
		}
	}
	return lines
}
