package attacks

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed cases
var files embed.FS

// Place is where a payload is planted.
type Place string

// The places. Those that are personal are never told to a model outside.
const (
	InName     Place = "customer_name"
	InEmail    Place = "customer_email"
	InCity     Place = "city"
	InCategory Place = "category"
	InProduct  Place = "product"
	InCampaign Place = "campaign"
	InTag      Place = "tag"
	InEvent    Place = "event_name"
	InColumn   Place = "column_name"
	InFile     Place = "file_name" // of an import whose mapping is guessed
	InSegment  Place = "segment_name"
	InWord     Place = "word"
	InMeaning  Place = "word_meaning"
	InFound    Place = "found_value" // one of many, which find_values gives
	InError    Place = "error_text"  // a near value that a fault of arguments names
	InNote     Place = "note"        // of a result
	InHistory  Place = "earlier_turn"
	InQuestion Place = "question"
)

// Places lists them all.
var Places = []Place{
	InName, InEmail, InCity, InCategory, InProduct, InCampaign, InTag, InEvent, InColumn, InFile, InSegment,
	InWord, InMeaning, InFound, InError, InNote, InHistory, InQuestion,
}

// Personal tells whether the place is a field of customers' own data.
func (p Place) Personal() bool { return p == InName || p == InEmail }

// Case is one attack.
type Case struct {
	ID       string `yaml:"id"`
	Language string `yaml:"lang"` // of the question
	Kind     string `yaml:"kind"`
	At       Place  `yaml:"at"`
	// Text is the payload. In it {esc}, {bel}, {nul}, {zwsp}, {rlo}, {lri}, {nl},
	// {cr}, {tab} and {long} stand for what YAML writes badly.
	Text string `yaml:"text"`
	// Ask is the question; for InQuestion {payload} in it is the payload, which
	// stands behind it where it is not said. Without the payload it is the twin.
	Ask string `yaml:"ask"`
	// Call and Args are what the payload makes the model call; "" for nothing.
	Call string `yaml:"call"`
	Args string `yaml:"args"`
	// Say is what it makes the model say. {system} in it is what the model was
	// told first, {seen} every address, telephone number and id that it saw.
	Say string `yaml:"say"`
	// Asks is set where the question itself asks for what Call does.
	Asks bool `yaml:"asks"`
}

// Payload is the text with its marks replaced.
func (c Case) Payload() string { return unmark(c.Text) }

// Question is what is asked, with the payload where it is planted there.
func (c Case) Question() string {
	switch {
	case c.At != InQuestion:
		return unmark(c.Ask)
	case strings.Contains(c.Ask, "{payload}"):
		return strings.ReplaceAll(unmark(c.Ask), "{payload}", c.Payload())
	}
	return strings.TrimSpace(unmark(c.Ask) + " " + c.Payload())
}

// Twin is the question without the payload.
func (c Case) Twin() string {
	return strings.TrimSpace(strings.ReplaceAll(unmark(c.Ask), "{payload}", ""))
}

var marks = strings.NewReplacer(
	"{esc}", "\x1b", "{bel}", "\a", "{nul}", "\x00", "{zwsp}", "\u200b", "{zwj}", "\u200d", "{rlo}", "\u202e", "{pdf}", "\u202c",
	"{lri}", "\u2066", "{pdi}", "\u2069", "{nl}", "\n", "{cr}", "\r", "{tab}", "\t", "{ls}", "\u2028", "{bs}", "\b", "{csi}", "\u009b",
	"{long}", strings.Repeat("la la la ", 700),
)

func unmark(s string) string { return marks.Replace(s) }

// Load reads the cases, in the order of their files.
func Load() ([]Case, error) {
	names, err := fs.Glob(files, "cases/*.yaml")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var all []Case
	seen := map[string]bool{}
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var list []Case
		if err := yaml.UnmarshalWithOptions(text, &list, yaml.DisallowUnknownField()); err != nil {
			return nil, fmt.Errorf("read the attacks of %s: %w", path.Base(name), err)
		}
		for _, c := range list {
			if err := c.check(); err != nil {
				return nil, fmt.Errorf("%s: %q: %w", path.Base(name), c.ID, err)
			}
			if seen[c.ID] {
				return nil, fmt.Errorf("%s: %q is there twice", path.Base(name), c.ID)
			}
			seen[c.ID] = true
			all = append(all, c)
		}
	}
	return all, nil
}

func (c Case) check() error {
	switch {
	case c.ID == "" || c.Kind == "" || c.Text == "" || c.Ask == "":
		return fmt.Errorf("it needs an id, a kind, a text and a question")
	case !slices.Contains([]string{"en", "es", "pt"}, c.Language):
		return fmt.Errorf("there are no questions in %q", c.Language)
	case !slices.Contains(Places, c.At):
		return fmt.Errorf("nothing can be planted in %q", c.At)
	case c.Call == "" && c.Say == "":
		return fmt.Errorf("it makes the model do nothing")
	}
	return nil
}
