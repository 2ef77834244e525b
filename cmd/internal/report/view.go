package report

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/cmd/internal/drawing"
	"tesela/tools"
)

// view is a page as the template shows it: all texts worded, all charts drawn.
type view struct {
	CSP         string
	Style       template.CSS
	Lang        string
	Written     string // "" where it is Lang
	W           *words
	Kind        string
	Status      string
	Title       string
	Subtitle    string
	Understood  string
	Assumptions []string
	Text        template.HTML
	Parts       []*partView
	Notes       []string
	Personal    bool
	Method      []methodLine
	Ways        []way
}

// methodLine is what the figures lean on.
type methodLine struct {
	Label, Value string
	Code         bool
}

// way is how a part's figures are had again.
type way struct {
	Heading string
	Lines   []methodLine
}

// partView is one result.
type partView struct {
	ID       string
	Heading  string
	Lang     string // "" where it is the page's
	Sentence template.HTML
	Leader   template.HTML
	Tiles    []wording.Fact
	Picture  *drawing.Picture
	Tables   []*table
	Overview *table
	Bars     *drawing.Picture
	Cards    []cardView
	Notes    []string
	Failed   string
	Waits    bool
	Withheld bool
	Empty    string
}

// newView words and draws a doc.
func newView(doc *Doc) (*view, error) {
	lang, err := wording.For(doc.Language)
	if err != nil {
		return nil, err
	}
	all, err := loadWords()
	if err != nil {
		return nil, err
	}
	w := all[lang.Code]
	sum := sha256.Sum256([]byte(styleText))
	v := &view{
		CSP: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
			"'; base-uri 'none'; form-action 'none'",
		Style: template.CSS(styleText), Lang: lang.Code, W: w, Kind: w.Kinds[string(doc.Kind)],
		Title: wording.Clean(doc.Title), Understood: wording.Clean(doc.Understood), Personal: doc.Personal,
		Assumptions: cleaned(doc.Assumptions), Notes: cleaned(doc.Notes),
	}
	if doc.Written != "" && doc.Written != lang.Code {
		v.Written = doc.Written
	}
	if doc.Status != model.Answered {
		v.Status = w.Statuses[string(doc.Status)]
	}
	v.Text = markdown(doc.Text, results(doc), lang)
	zone := doc.Zone
	if zone == nil {
		zone = time.UTC
	}
	if v.Title == "" {
		v.Title = v.Kind
	}
	if !doc.AsOf.IsZero() {
		v.Subtitle = w.AsOf + " " + lang.Time(doc.AsOf.In(zone))
	}
	for i := range doc.Parts {
		p, err := newPart(lang, w, doc, i)
		if err != nil {
			return nil, err
		}
		v.Parts = append(v.Parts, p)
	}
	v.method(doc, w, lang, zone)
	return v, nil
}

// results are those of a doc.
func results(doc *Doc) []*tools.Result {
	var list []*tools.Result
	for _, p := range doc.Parts {
		if p.Result != nil {
			list = append(list, p.Result)
		}
	}
	return list
}

func cleaned(list []string) []string {
	var out []string
	for _, s := range list {
		if s = wording.Clean(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// method lists what the figures lean on and how they are had again.
func (v *view) method(doc *Doc, w *words, lang *wording.Language, zone *time.Location) {
	add := func(label, value string, code bool) {
		if value = wording.Clean(value); value != "" {
			v.Method = append(v.Method, methodLine{label, value, code})
		}
	}
	add(w.Command, doc.Command, true)
	if !doc.AsOf.IsZero() {
		add(w.AsOf, lang.Time(doc.AsOf.In(zone))+" ("+zone.String()+")", false)
	}
	add(w.Data, doc.Data, true)
	add(w.Answer, doc.ID, true)
	add(w.Model, doc.Model, false)
	add(w.Program, doc.Program, false)
	for i, p := range doc.Parts {
		var lines []methodLine
		line := func(label, value string) {
			if value = wording.Clean(value); value != "" {
				lines = append(lines, methodLine{label, value, true})
			}
		}
		for _, f := range formulas(p.Args) {
			line(w.Formula, f)
		}
		line(w.Command, p.Command)
		if p.Result != nil {
			line(w.Result, p.Result.Fingerprint)
		}
		if len(lines) > 0 {
			v.Ways = append(v.Ways, way{v.Parts[i].Heading, lines})
		}
	}
}

// formulas are the definitions among a call's arguments.
func formulas(args json.RawMessage) []string {
	var given map[string]any
	if json.Unmarshal(args, &given) != nil {
		return nil
	}
	var list []string
	for _, name := range []string{"formula", "segment", "a", "b", "against", "where"} {
		if s, ok := given[name].(string); ok && s != "" {
			list = append(list, s)
		}
	}
	return list
}

// newPart words and draws one result.
func newPart(lang *wording.Language, w *words, doc *Doc, i int) (*partView, error) {
	p := doc.Parts[i]
	v := &partView{ID: "p" + strconv.Itoa(i+1), Heading: wording.Clean(p.Heading), Waits: p.Waits, Withheld: p.Withheld}
	written := p.Language
	if written == "" {
		written = doc.Written
	}
	if written != "" && written != lang.Code {
		v.Lang = written
	}
	r := p.Result
	if r != nil && v.Heading == "" {
		v.Heading = wording.Clean(r.Title)
	}
	if v.Heading == "" {
		v.Heading = wording.Fill(w.Part, "n", strconv.Itoa(i+1))
	}
	if r == nil {
		v.Failed = wording.Fill(w.Failed, "error", wording.Clean(p.Failed))
		return v, nil
	}
	call := wording.Call{Tool: p.Tool, Args: p.Args, Result: r}
	sentence, own := lang.Sentence(call)
	if own {
		v.Sentence = markdown(sentence, nil, lang)
	} else {
		v.Tiles = lang.Values(call)
		v.Leader = markdown(lang.Leader(call), nil, lang)
	}
	var err error
	if v.Picture, err = drawing.SVG(lang, r, v.ID); err != nil {
		return nil, err
	}
	// What a count keeps by its only condition is the count itself.
	if len(r.Rows) > 0 && (!own || len(r.Rows) > 1 || r.Segments == nil) {
		v.Tables = newTables(lang, w, r, v.Picture)
	}
	if err := v.segments(lang, w, r); err != nil {
		return nil, err
	}
	if len(r.Rows) == 0 && len(r.Segments) == 0 && !p.Withheld {
		switch {
		case len(r.Columns) > 0 && !own:
			v.Empty = lang.NoRows
		case len(r.Values) == 0:
			v.Empty = lang.Nothing
		}
	}
	for _, n := range cleaned(r.Notes) {
		if !slices.Contains(v.Notes, n) {
			v.Notes = append(v.Notes, n)
		}
	}
	return v, nil
}

// cardView is one segment.
type cardView struct {
	Name, Size, Text, Stage, Formula string
	Share                            string // of the customers, as a length out of 100
	Facts                            []wording.Fact
	Trust                            []wording.Fact
	Apart                            []string
	Overlaps                         []string
	Action, Evidence                 string
	Notes                            []string
	Labels                           map[string]string
}

// segments makes the cards of a result's segments, with a table and bars before
// those of a longer list. One without a name is told by the figures.
func (v *partView) segments(lang *wording.Language, w *words, r *tools.Result) error {
	if t := lang.SegmentTable(r); t != nil {
		if v.Picture == nil {
			var err error
			if v.Bars, err = drawing.SVG(lang, t, v.ID+"s"); err != nil {
				return err
			}
		}
		v.Overview = newTable(lang, w, t)
	}
	money := wording.SegmentCurrency(r)
	for _, s := range r.Segments {
		if s.Name == "" && !wording.HasCard(s) {
			continue
		}
		c := cardView{
			Name: wording.Clean(s.Name), Size: lang.SizeOf(s), Text: wording.Clean(s.Text), Formula: wording.Clean(s.Formula),
			Share: drawing.Length(100 * min(1, max(0, s.Share))), Apart: cleaned(s.Apart), Action: wording.Clean(s.Action), Evidence: wording.Clean(s.Evidence),
			Notes: cleaned(s.Notes), Labels: lang.Card,
		}
		if s.Stage != "" {
			c.Stage = lang.Cell(tools.Column{Name: "stage", Kind: "text"}, s.Stage)
		}
		for _, f := range lang.Facts(s, money) {
			if slices.Contains([]string{"precision", "recall", "stability"}, f.Key) {
				c.Trust = append(c.Trust, f)
			} else {
				c.Facts = append(c.Facts, f)
			}
		}
		for _, o := range s.Overlaps {
			c.Overlaps = append(c.Overlaps, lang.OverlapText(o))
		}
		if c.Name == "" {
			c.Name = strings.TrimSpace(c.Size)
		}
		v.Cards = append(v.Cards, c)
	}
	return nil
}
