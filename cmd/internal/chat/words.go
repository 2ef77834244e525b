package chat

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"tesela/agent/wording"
	"tesela/cmd/internal/render"
)

//go:embed words.yaml
var wordsYAML []byte

// words is what the chat says in one language.
type words struct {
	Tagline         string            `yaml:"tagline"`
	Data            string            `yaml:"data"`
	Empty           string            `yaml:"empty"`
	Resumed         string            `yaml:"resumed"`
	Try             string            `yaml:"try"`
	AskHere         string            `yaml:"ask_here"`
	Answer          render.Words      `yaml:"answer"`
	Working         string            `yaml:"working"`
	Writing         string            `yaml:"writing"`
	Tools           map[string]string `yaml:"tools"`
	Stopped         string            `yaml:"stopped"`
	Failed          string            `yaml:"failed"`
	Kept            string            `yaml:"kept"`
	Busy            string            `yaml:"busy"`
	Copied          string            `yaml:"copied"`
	NothingToCopy   string            `yaml:"nothing_to_copy"`
	UnknownCommand  string            `yaml:"unknown_command"`
	Language        string            `yaml:"language"`
	LanguageFree    string            `yaml:"language_free"`
	LanguageUnknown string            `yaml:"language_unknown"`
	MoreBelow       string            `yaml:"more_below"`
	Leave           string            `yaml:"leave"`
	Small           string            `yaml:"small"`
	Hints           hints             `yaml:"hints"`
	HelpTitle       string            `yaml:"help_title"`
	Help            [][2]string       `yaml:"help"`
}

type hints struct {
	Idle    string `yaml:"idle"`
	Pick    string `yaml:"pick"`
	Example string `yaml:"example"`
	Run     string `yaml:"run"`
	Approve string `yaml:"approve"`
	Help    string `yaml:"help"`
	Mouse   string `yaml:"mouse"`
}

// loadWords reads the texts of all languages.
func loadWords() (map[string]*words, error) {
	all := map[string]*words{}
	if err := yaml.UnmarshalWithOptions(wordsYAML, &all, yaml.DisallowUnknownField()); err != nil {
		return nil, fmt.Errorf("read the chat's words: %w", err)
	}
	for _, code := range wording.Codes() {
		if all[code] == nil {
			return nil, fmt.Errorf("read the chat's words: there are none in %s", code)
		}
	}
	return all, nil
}

// fill puts values into a text in one pass.
func fill(form string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(form)
}
