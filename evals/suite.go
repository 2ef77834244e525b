package evals

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"tesela/agent/model"
	"tesela/segment/syntax"
)

// Suite is the cases of one data set.
type Suite struct {
	// Name is how the suite is called: that of its file, with the folder's
	// where it is a shipped one ("audited/demo") or one of two alike (see Find).
	Name string `yaml:"-"`
	// Data names the data set, Second another of the same business: where it
	// is given, an answer must come to the gold on both (see ParseSpec).
	Data   string `yaml:"data"`
	Second string `yaml:"second,omitempty"`
	// AsOf is the clock of the cases; the data's own where it is empty.
	AsOf string `yaml:"as_of,omitempty"`
	// Seal says "never" where all of the file is for development; else the ids
	// decide which cases are sealed.
	Seal string `yaml:"sealed,omitempty"`
	// Golds are expected answers that cases refer to by name, so that a
	// question in three languages has one of them.
	Golds map[string]Gold `yaml:"golds,omitempty"`
	Cases []Case          `yaml:"cases"`
	// Sum tells one text of the suite, with the kept results of its SQL, from
	// another; "" of a suite that was read from no file.
	Sum string `yaml:"-"`

	file string // that it was read from
	own  bool   // the user's: not shipped
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
	// Level is how hard the question is: 1 one condition, 2 several, 3 what
	// takes thought; 0 is not said.
	Level int    `yaml:"level,omitempty"`
	AsOf  string `yaml:"as_of,omitempty"`

	Gold `yaml:",inline"`
	// Or holds further golds that are as right.
	Or []Gold `yaml:"or,omitempty"`

	// Clarify expects a question back that names Word, and among whose
	// choices is one for each of Choices. Cannot expects a refusal, for Reason
	// where one is given. Where more than one of golds, Clarify and Cannot are
	// given, each is right.
	Clarify bool   `yaml:"clarify,omitempty"`
	Word    string `yaml:"word,omitempty"`
	Choices []Gold `yaml:"choices,omitempty"`
	Cannot  bool   `yaml:"cannot,omitempty"`
	Reason  string `yaml:"reason,omitempty"`

	Suite  string `yaml:"-"`
	Data   string `yaml:"-"`
	Sealed bool   `yaml:"-"`
	Open   bool   `yaml:"-"` // never to be sealed, whatever the id

	// Noise are the kinds of noise it is asked with (see Perturb).
	Noise []string `yaml:"-"`
}

// Parse reads a suite and checks that each case says what is expected.
func Parse(text []byte) (*Suite, error) {
	s := new(Suite)
	if err := s.decode(text); err != nil {
		return nil, fmt.Errorf("read suite: %w", err)
	}
	if err := s.settle(); err != nil {
		return nil, err
	}
	return s, nil
}

// decode reads one YAML document; what is none is told apart, so that nothing
// unreadable is shown of it.
func (s *Suite) decode(text []byte) error {
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		return errors.New("it is empty")
	case !utf8.Valid(text):
		return errors.New("it is no text in UTF-8; save it as UTF-8")
	}
	d := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict())
	if err := d.Decode(s); err != nil {
		return err
	}
	var more any
	switch err := d.Decode(&more); {
	case err == nil && more != nil:
		return errors.New("it holds more than one YAML document (---); a suite is a file of its own")
	case err != nil && !errors.Is(err, io.EOF):
		return err
	}
	return nil
}

// settle checks the suite and puts the golds that cases name in their place.
func (s *Suite) settle() error {
	if s.Seal != "" && s.Seal != "never" {
		return fmt.Errorf("sealed is %q; it may only be never", s.Seal)
	}
	for _, spec := range []string{s.Data, s.Second} {
		if _, err := ParseSpec(spec); spec != "" && err != nil {
			return err
		}
	}
	if s.Data == "" {
		return errors.New("it does not name its data")
	}
	if err := checkTime(s.AsOf); err != nil {
		return err
	}
	for _, name := range sorted(s.Golds) {
		g := s.Golds[name]
		g.Name = name
		if err := g.check(); err != nil {
			return fmt.Errorf("gold %s: %w", name, err)
		}
		s.Golds[name] = g
	}
	seen := map[string]bool{}
	for i := range s.Cases {
		c := &s.Cases[i]
		c.Suite, c.Data, c.Open = s.Name, s.Data, s.Seal == "never"
		if c.AsOf == "" {
			c.AsOf = s.AsOf
		}
		if err := c.settle(s.Golds); err != nil {
			return fmt.Errorf("case %d %s: %w", i+1, c.ID, err)
		}
		if seen[c.ID] {
			return fmt.Errorf("case %d: %s is there twice", i+1, c.ID)
		}
		seen[c.ID] = true
	}
	return nil
}

func (c *Case) settle(named map[string]Gold) error {
	switch {
	case c.ID == "" || c.Family == "":
		return errors.New("it needs an id and a family")
	case strings.TrimSpace(c.ID) != c.ID || strings.ContainsFunc(c.ID, unicode.IsControl):
		return fmt.Errorf("id %q begins or ends with a space, or holds a line break or the like", c.ID)
	case !slices.Contains(Languages, c.Lang):
		return fmt.Errorf("lang %q is none of en, es, pt", c.Lang)
	case (c.Question == "") == (len(c.Turns) == 0):
		return errors.New("give q or turns")
	case len(c.Turns) == 0 && blank(c.Question) || slices.ContainsFunc(c.Turns, blank):
		return errors.New("a question says nothing")
	case c.Level < 0 || c.Level > 3:
		return fmt.Errorf("level %d is none of 1, 2, 3", c.Level)
	case c.Reason != "" && !c.Cannot:
		return errors.New("a reason is that of cannot")
	case c.Reason != "" && !slices.Contains(reasons, c.Reason):
		return fmt.Errorf("reason %q is none of %s%s", c.Reason, strings.Join(reasons, ", "), nearest(c.Reason, reasons))
	case (c.Word != "" || len(c.Choices) > 0) && !c.Clarify:
		return errors.New("word and choices are those of clarify")
	case c.Question != "":
		c.Turns = []string{c.Question}
	}
	if err := checkTime(c.AsOf); err != nil {
		return err
	}
	for i, g := range c.golds() {
		if err := g.resolve(named); err != nil {
			return err
		}
		if i == 0 && g.empty() {
			if g.First || g.Ordered || g.Tolerance != 0 {
				return errors.New("first, ordered and tolerance are those of a gold")
			}
			continue
		}
		if g.SQL != "" && g.Name == "" {
			return errors.New("sql is that of a named gold: its kept result goes by the name")
		}
		if err := g.check(); err != nil {
			return err
		}
	}
	if len(c.Expected()) == 0 && !c.Clarify && !c.Cannot {
		return errors.New("give a gold, or clarify, or cannot")
	}
	return nil
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }

// reasons are those of a refusal.
var reasons = []string{
	string(model.UnknownWords), string(model.MissingField), string(model.OutOfScope), string(model.NoRole), string(model.NotYet),
}

// nearest lists names that a wrong one may be a slip for, as the end of a
// message; "" where there are none.
func nearest(name string, known []string) string {
	if near := syntax.NearestNames(name, known, 3); len(near) > 0 {
		return "; nearest: " + strings.Join(near, ", ")
	}
	return ""
}

// Languages are those that are asked in.
var Languages = []string{"en", "es", "pt"}

// Expected are all golds that are right.
func (c *Case) Expected() []Gold {
	var golds []Gold
	if !c.empty() {
		golds = append(golds, c.Gold)
	}
	return append(golds, c.Or...)
}

// Kind is what a case tries: an answer, a question back, or a refusal.
func (c *Case) Kind() Kind {
	switch {
	case len(c.Expected()) > 0:
		return Answerable
	case c.Cannot:
		return Impossible
	}
	return Unclear
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
