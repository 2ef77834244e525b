package evals

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"path"
	"slices"

	"github.com/goccy/go-yaml"

	"tesela/tools"
)

//go:embed suites/*.yaml sealed/*.yaml
var files embed.FS

// Suite is the cases of one data set.
type Suite struct {
	Data string `yaml:"data"`
	// Seal says "never" where all of the file is for development; else the ids
	// decide which cases are sealed.
	Seal  string `yaml:"sealed,omitempty"`
	Cases []Case `yaml:"cases"`
}

// Case is a question, or turns of which the last is scored, and what is
// expected of its answer: a gold, a question back, a refusal.
type Case struct {
	ID       string   `yaml:"id"`
	Lang     string   `yaml:"lang"`
	Question string   `yaml:"q,omitempty"`
	Turns    []string `yaml:"turns,omitempty"`
	Family   string   `yaml:"family"`
	Tags     []string `yaml:"tags,omitempty"`

	Gold `yaml:",inline"`
	// Or holds further golds that are as right.
	Or []Gold `yaml:"or,omitempty"`

	// Clarify expects a question back that names Word, and among whose
	// choices is one for each of Choices. Cannot expects a refusal. Where more
	// than one of golds, Clarify and Cannot are given, each is right.
	Clarify bool   `yaml:"clarify,omitempty"`
	Word    string `yaml:"word,omitempty"`
	Choices []Gold `yaml:"choices,omitempty"`
	Cannot  bool   `yaml:"cannot,omitempty"`

	Data   string `yaml:"-"`
	Sealed bool   `yaml:"-"`
	Open   bool   `yaml:"-"` // never to be sealed, whatever the id
}

// Gold is one expected call; exactly one of the first six is set.
type Gold struct {
	Count   string         `yaml:"count,omitempty"`   // the size of this formula
	Share   string         `yaml:"share,omitempty"`   // its share of all customers
	Who     string         `yaml:"who,omitempty"`     // its size or its members
	List    map[string]any `yaml:"list,omitempty"`    // arguments of list_customers
	Measure map[string]any `yaml:"measure,omitempty"` // arguments of measure
	Tool    string         `yaml:"tool,omitempty"`    // this tool, whatever it finds

	// First compares only the first row of a measure or list: the question
	// asks for the best, and a table that begins with it is as right.
	First bool `yaml:"first,omitempty"`
}

// Load reads the suites, or the sealed ones.
func Load(sealed bool) ([]Suite, error) {
	folder := "suites"
	if sealed {
		folder = "sealed"
	}
	entries, err := files.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("load suites: %w", err)
	}
	var all []Suite
	seen := map[string]bool{}
	for _, e := range entries {
		text, err := files.ReadFile(path.Join(folder, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("load suites: %w", err)
		}
		s, err := Parse(text)
		if err != nil {
			return nil, fmt.Errorf("load %s/%s: %w", folder, e.Name(), err)
		}
		for i := range s.Cases {
			c := &s.Cases[i]
			c.Sealed = sealed
			if seen[c.ID] {
				return nil, fmt.Errorf("load %s/%s: %s is there twice", folder, e.Name(), c.ID)
			}
			seen[c.ID] = true
		}
		all = append(all, *s)
	}
	return all, nil
}

// Parse reads a suite and checks that each case says what is expected.
func Parse(text []byte) (*Suite, error) {
	s := new(Suite)
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(s); err != nil {
		return nil, fmt.Errorf("read suite: %w", err)
	}
	if s.Seal != "" && s.Seal != "never" {
		return nil, fmt.Errorf("sealed is %q; it may only be never", s.Seal)
	}
	for i := range s.Cases {
		c := &s.Cases[i]
		c.Data, c.Open = s.Data, s.Seal == "never"
		if err := c.check(); err != nil {
			return nil, fmt.Errorf("case %d %s: %w", i+1, c.ID, err)
		}
	}
	return s, nil
}

func (c *Case) check() error {
	switch {
	case c.ID == "" || c.Family == "":
		return errors.New("it needs an id and a family")
	case !slices.Contains([]string{"en", "es", "pt"}, c.Lang):
		return fmt.Errorf("lang %q is none of en, es, pt", c.Lang)
	case (c.Question == "") == (len(c.Turns) == 0):
		return errors.New("give q or turns")
	case c.Question != "":
		c.Turns = []string{c.Question}
	}
	golds := c.Golds()
	if len(golds) == 0 && !c.Clarify && !c.Cannot {
		return errors.New("give a gold, or clarify, or cannot")
	}
	for _, g := range append(golds, c.Choices...) {
		if _, _, err := g.Call(); err != nil {
			return err
		}
	}
	return nil
}

// Golds are all calls that are right.
func (c *Case) Golds() []Gold {
	var golds []Gold
	if !c.empty() {
		golds = append(golds, c.Gold)
	}
	return append(golds, c.Or...)
}

func (g *Gold) empty() bool {
	return g.Count == "" && g.Share == "" && g.Who == "" && g.List == nil && g.Measure == nil && g.Tool == ""
}

// Call is the tool call that computes the gold.
func (g *Gold) Call() (tool string, args json.RawMessage, err error) {
	formula := func(text string) (string, json.RawMessage, error) {
		args, err := json.Marshal(tools.CountSegmentArgs{Formula: text})
		return "count_segment", args, err
	}
	switch {
	case g.Count != "":
		return formula(g.Count)
	case g.Share != "":
		return formula(g.Share)
	case g.Who != "":
		return formula(g.Who)
	case g.List != nil:
		args, err = json.Marshal(g.List)
		return "list_customers", args, err
	case g.Measure != nil:
		args, err = json.Marshal(g.Measure)
		return "measure", args, err
	case g.Tool != "":
		return g.Tool, json.RawMessage("{}"), nil
	}
	return "", nil, errors.New("a gold without a call")
}

// InPlace tells whether the case lies in the folder where it belongs.
func (c *Case) InPlace() bool { return c.Sealed == (!c.Open && BelongsSealed(c.ID)) }

// BelongsSealed tells whether a case of this id is one of the third that is
// sealed.
func BelongsSealed(id string) bool {
	h := fnv.New32a()
	h.Write([]byte(id))
	return h.Sum32()%3 == 0
}
