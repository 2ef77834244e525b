// Package wording is the core's own voice: it turns calls and their results,
// and decisions not to answer, into Markdown in the question's language. Every
// figure it writes is a figure of a result; it computes none, asks nobody and
// restates no formula. The words are data, one file per language.
package wording

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/unicode/norm"
)

//go:embed *.yaml
var files embed.FS

// Language is one language's notation and words, read-only once loaded.
type Language struct {
	Code    string `yaml:"code"`
	Name    string `yaml:"name"`
	Decimal string `yaml:"decimal"`
	Group   string `yaml:"group"`
	// One are the counts that take the form for one.
	One         []int64           `yaml:"one"`
	PercentForm string            `yaml:"percent"`
	MoneyForm   string            `yaml:"money"`
	MoneyByCode string            `yaml:"money_by_code"`
	Symbols     map[string]string `yaml:"symbols"`
	Unset       string            `yaml:"unset"`
	Yes         string            `yaml:"yes"`
	No          string            `yaml:"no"`

	Months      []string `yaml:"months"`
	Weekdays    []string `yaml:"weekdays"` // from Monday
	DateForm    string   `yaml:"date"`
	MonthForm   string   `yaml:"month"`
	QuarterForm string   `yaml:"quarter"`
	WeekForm    string   `yaml:"week"`
	TimeForm    string   `yaml:"time"`
	HourForm    string   `yaml:"hour"`

	Units  map[string]plural `yaml:"units"`
	Titles map[string]string `yaml:"titles"`
	// Cells are stable words that tools give, by column.
	Cells   map[string]map[string]string `yaml:"cells"`
	ShareOf string                       `yaml:"share_of"`
	// MeasureOf words measures of an event {name}, and of a {property} of it;
	// Statistics what is taken of a figure of each customer.
	MeasureOf  map[string]string `yaml:"measure_of"`
	Statistics map[string]string `yaml:"statistics"`
	Sentences  map[string]plural `yaml:"sentences"`
	Line       string            `yaml:"line"`
	// LineOverall words a value that stands over a table.
	LineOverall string `yaml:"line_overall"`
	Top         string `yaml:"top"`
	Bottom      string `yaml:"bottom"`
	MoreRows    plural `yaml:"more_rows"`
	NoRows      string `yaml:"no_rows"`
	// Card are the words of a segment's card; MoreCards says how many have
	// none.
	Card      map[string]string `yaml:"card"`
	MoreCards plural            `yaml:"more_cards"`
	Nothing   string            `yaml:"nothing"`
	Arguments map[string]string `yaml:"arguments"`

	ClarifyText map[string]plural `yaml:"clarify"`
	CannotText  map[string]plural `yaml:"cannot"`
	Unnamed     string            `yaml:"unnamed"`
	Quote       string            `yaml:"quote"`
	And         string            `yaml:"and"`
	Choose      string            `yaml:"choose"`
	Nearest     string            `yaml:"nearest"`
	Instead     string            `yaml:"instead"`
	Apart       string            `yaml:"apart"` // a reading that no choice stands for
	HoldsTraits string            `yaml:"holds_traits"`
	HoldsEvents string            `yaml:"holds_events"`
	MoreNames   string            `yaml:"more_names"`

	Failures     map[string]string `yaml:"failures"`
	ApprovalText string            `yaml:"approval"`
	// AskApproval asks a person at a terminal; Affirm and Deny are what they
	// may answer.
	AskApproval string   `yaml:"ask_approval"`
	Affirm      []string `yaml:"affirm"`
	Deny        []string `yaml:"deny"`
	// Approvals say what became of an approval.
	Approvals map[string]string `yaml:"approvals"`
	// WithoutModel says by cause that a language model failed to answer.
	WithoutModel map[string]string `yaml:"without_model"`
	// BrokeText says that one failed when there were results already.
	BrokeText string `yaml:"broke"`
	// Bounds name what a turn may use at most; BoundedText says of an answer
	// that it ended at them, and UnboundedText that there is none for them.
	Bounds        map[string]string `yaml:"bounds"`
	BoundedText   string            `yaml:"bounded"`
	UnboundedText string            `yaml:"unbounded"`
	// UsedText are the words for what a turn used of a language model.
	UsedText map[string]plural `yaml:"used"`
}

// Codes are the languages there are, the first of them the default.
var codes = []string{"en", "es", "pt"}

// Codes lists the languages there are.
func Codes() []string { return slices.Clone(codes) }

var load = sync.OnceValues(func() (map[string]*Language, error) {
	all := map[string]*Language{}
	for _, code := range codes {
		data, err := files.ReadFile(code + ".yaml")
		if err != nil {
			return nil, fmt.Errorf("read the wording of %s: %w", code, err)
		}
		l := &Language{}
		if err := yaml.UnmarshalWithOptions(data, l, yaml.DisallowUnknownField()); err != nil {
			return nil, fmt.Errorf("read the wording of %s: %w", code, err)
		}
		if len(l.Months) != 12 || len(l.Weekdays) != 7 {
			return nil, fmt.Errorf("read the wording of %s: 12 months and 7 weekdays are needed", code)
		}
		all[code] = l
	}
	return all, nil
})

// For gives a language by its code; English for "" and codes there are not.
// An error means that this build's own files are broken.
func For(code string) (*Language, error) {
	all, err := load()
	if err != nil {
		return nil, err
	}
	if l, ok := all[code]; ok {
		return l, nil
	}
	return all[codes[0]], nil
}

// YesOrNo reads a person's yes or no, in any of the languages; said is false
// for any other text.
func YesOrNo(text string) (yes, said bool) {
	all, err := load()
	if err != nil {
		return false, false
	}
	text = strings.Trim(strings.ToLower(norm.NFC.String(strings.TrimSpace(text))), " .!¡")
	for _, code := range codes {
		switch {
		case slices.Contains(all[code].Affirm, text):
			return true, true
		case slices.Contains(all[code].Deny, text):
			return false, true
		}
	}
	return false, false
}

// plural is a text, or several by count: "all" and "none" where a sentence
// knows those cases, "one" and "other" else.
type plural map[string]string

// UnmarshalYAML reads either shape.
func (p *plural) UnmarshalYAML(read func(any) error) error {
	var text string
	if read(&text) == nil {
		*p = plural{"other": text}
		return nil
	}
	var forms map[string]string
	if err := read(&forms); err != nil {
		return err
	}
	*p = forms
	return nil
}

// pick gives the form for a count.
func (l *Language) pick(p plural, n int64) string {
	if text, ok := p["one"]; ok && slices.Contains(l.One, n) {
		return text
	}
	return p["other"]
}

// Fill puts values into a form in one pass, so that braces within a value
// stay as they are.
func Fill(form string, pairs ...string) string {
	old := make([]string, len(pairs))
	for i, s := range pairs {
		if old[i] = s; i%2 == 0 {
			old[i] = "{" + s + "}"
		}
	}
	return strings.NewReplacer(old...).Replace(form)
}
