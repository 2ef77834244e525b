package planner

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/tools"
)

// asking is a question being tried on the forms of the tools.
type asking struct {
	p        *Planner
	ctx      context.Context
	r        model.Request
	q        int
	question string
	toks     []token
	lang     string
	w        *toolWords
	zone     *time.Location
	reads    int
	groups   map[string]groupRead
	heard    heard
	charted  *parse // of the whole question, once it is needed

	found *fitting
	form  toolForm
	call  *model.Call
	dec   *model.Decision // why there is no call
	note  []note
	err   error
}

// mostReads bounds how many parts of a question are read as questions. Dates in
// words can be cut in many places.
const mostReads = 160

// readAll reads the question at place q: as one of the tools', as one made of
// plain parts, or, where that says nothing, as one of the tools' after all.
func (p *Planner) readAll(ctx context.Context, r model.Request, q int) ([]model.Call, *model.Decision, error) {
	r, q, turns := p.inContext(r, q)
	toks := p.ix.tokens(r.Messages[q].Text)
	short := len(toks) > 0 && len(toks) <= maxTokens
	lang := r.Language
	if p.lexicons[lang] == nil {
		lang = p.Language(r.Messages[:q+1])
	}
	if calls, dec, ok, err := p.restated(r, q, lang); ok || err != nil {
		return calls, dec, err
	}
	if short {
		if calls, dec, ok, err := p.talked(ctx, r, q, turns, toks, lang, false); ok || err != nil {
			return calls, dec, err
		}
		if calls, dec, ok, err := p.order(ctx, r, q, toks, lang); ok || err != nil {
			return calls, dec, err
		}
		if calls, dec, ok, err := p.talked(ctx, r, q, turns, toks, lang, true); ok || err != nil {
			return calls, dec, err
		}
		if calls, dec, ok, err := p.toolQuestion(ctx, r, q, toks, lang, false); ok || err != nil {
			if given, why, ok := p.whyGiven(ctx, r, q, toks, lang); ok && len(calls) == 0 {
				return given, why, nil
			}
			return calls, dec, err
		}
	}
	calls, dec, err := p.read(ctx, r, q)
	if short && err == nil && len(calls) == 0 && dec.Status != model.Answered && len(dec.Choices) == 0 {
		if again, told, ok, err := p.toolQuestion(ctx, r, q, toks, lang, true); ok || err != nil {
			return again, told, err
		}
	}
	return calls, dec, err
}

// toolQuestion tries the question on the forms of the tools, the late ones or
// the others. Ok is false where it fits none.
func (p *Planner) toolQuestion(ctx context.Context, r model.Request, q int, toks []token, lang string, late bool) (calls []model.Call, dec *model.Decision, ok bool, err error) {
	zone, err := time.LoadLocation(p.ix.cat.Zone)
	if err != nil {
		return nil, nil, false, fmt.Errorf("read the time zone of the data: %w", err)
	}
	var signed, langs []string
	for _, l := range append([]string{lang}, languages...) {
		switch {
		case slices.Contains(langs, l) || slices.Contains(signed, l):
		case p.forms.langs[l].signs != "" && strings.ContainsAny(r.Messages[q].Text, p.forms.langs[l].signs):
			signed = append(signed, l) // "¿" is of one language only
		default:
			langs = append(langs, l)
		}
	}
	langs = append(signed, langs...)
	var unclear *model.Decision
	for _, l := range langs {
		a := &asking{p: p, ctx: ctx, r: r, q: q, question: r.Messages[q].Text, toks: toks, lang: l, w: p.forms.langs[l], zone: zone, groups: map[string]groupRead{}, heard: p.hear(toks, l)}
		call := a.try(late)
		if a.err != nil {
			return nil, nil, false, a.err
		}
		if call != nil {
			dec = &model.Decision{Status: model.Answered, Language: l}
			say(with(a.note, a.mended()...), dec)
			return p.allowed(r, call, dec)
		}
		if unclear == nil && a.dec != nil {
			unclear = a.dec
		}
	}
	if unclear == nil {
		return nil, nil, false, nil
	}
	if r.Language != "" {
		unclear.Language = r.Language
	}
	return nil, unclear, true, nil
}

// allowed holds a call to the tools that may be called.
func (p *Planner) allowed(r model.Request, call *model.Call, dec *model.Decision) ([]model.Call, *model.Decision, bool, error) {
	if r.Language != "" {
		dec.Language = r.Language
	}
	if len(r.Tools) > 0 && !slices.ContainsFunc(r.Tools, func(t model.Tool) bool { return t.Name == call.Name }) {
		dec.Status, dec.Reason, dec.Params = model.Cannot, model.NotYet, map[string]string{"tool": call.Name}
		return nil, dec, true, nil
	}
	return []model.Call{*call}, dec, true, nil
}

// try goes through the forms; nil where none came to a call.
func (a *asking) try(late bool) *model.Call {
	from, to := a.p.orders.langs[a.lang].bare(a.toks)
	if from >= to {
		return nil
	}
	last := lastCallOf(a.r.Messages[:a.q])
	if !late {
		if call := a.withExtras(from, to); call != nil || a.err != nil {
			return call
		}
	}
	for _, f := range a.w.forms {
		if a.dec != nil && f.tool != a.form.tool {
			break // a form of another tool would make something else of it
		}
		if !a.heard.meets(f.needs) || f.late != late || f.follows && (last == nil || last.Name != f.tool) {
			continue
		}
		a.form = f
		// A second group that begins as groups do is found first, and then no
		// other place to part the two is tried.
		for _, loose := range []bool{false, true} {
			m := &fitting{toks: a.toks, question: a.question, to: to, spans: map[string][2]int{}, heads: a.w.heads, loose: loose, lex: a.p.lexicons[a.lang], near: a.heard.near, steps: mostSteps, allows: a.fits}
			fits := false
			f.of.match(m, from, func(end int) bool {
				for end < to && a.toks[end].kind == tokBreak {
					end++
				}
				if end != to {
					return false
				}
				fits, a.found = true, m
				return a.read() || a.err != nil || a.reads > mostReads
			})
			if a.call != nil || a.err != nil {
				return a.call
			}
			if fits {
				break
			}
		}
	}
	return nil
}

// withDecision keeps why the form came to no call.
func (a *asking) withDecision(d *model.Decision) bool {
	if !a.form.weak && (!a.form.late || asksOfGroups(a.form.tool)) && a.dec == nil {
		d.Language = a.lang
		a.dec = d
	}
	return false
}

// unclear asks back what a text stands for.
func (a *asking) unclear(text string) bool {
	return a.withDecision(unknownText(a.lang, text))
}

func unknownText(lang, text string) *model.Decision {
	return &model.Decision{Status: model.Clarify, Reason: model.UnknownWords, Language: lang, Unknown: []string{text}, Params: map[string]string{"word": text}}
}

func (a *asking) has(name string) bool {
	_, ok := a.found.spans[name]
	return ok
}

// text is a slot as it was typed, without quotes around it.
func (a *asking) text(name string) string {
	span, ok := a.found.spans[name]
	if !ok {
		return ""
	}
	if span[1] == span[0]+1 && a.toks[span[0]].kind == tokQuoted {
		return strings.TrimSpace(a.toks[span[0]].text)
	}
	if name == "customer" {
		return a.question[a.toks[span[0]].from:a.toks[span[1]-1].to]
	}
	o := &ordering{question: a.question, toks: a.toks, found: found{form: orderForm{parts: []string{name}}, spans: map[string][2]int{name: span}}}
	return o.slot(name)
}

// read turns a form that fits into a call.
func (a *asking) read() bool {
	if asksOfGroups(a.form.tool) {
		return a.ofGroups()
	}
	switch a.form.tool {
	case "describe_data":
		return a.ask(tools.DescribeDataArgs{})
	case "find_values":
		return a.findValues()
	case "explain_customer":
		return a.explain()
	case "diff_segments":
		return a.diff()
	case "check_sensitivity":
		return a.sensitivity()
	case "score_rfm", "stage_lifecycle", "stage_engagement", "tier_value":
		return a.layer()
	case "find_near_misses":
		f, ok := a.who()
		return ok && a.someone(f) && a.ask(tools.FindNearMissesArgs{Formula: a.asReached(f)})
	}
	return false
}

func (a *asking) ask(args any) bool { return a.askFor(a.form.tool, args) }

func (a *asking) askFor(tool string, args any) bool {
	raw, err := json.Marshal(args)
	if err != nil {
		a.err = fmt.Errorf("write the call: %w", err)
		return false
	}
	a.call = &model.Call{ID: "1", Name: tool, Args: raw}
	return true
}

// who is the group that the form names, or that of the last answer.
func (a *asking) who() (string, bool) {
	if a.has("who") {
		g := a.group(a.text("who"), a.found.spans["who"], "")
		if g.formula == "" {
			return "", a.withDecision(g.dec)
		}
		a.note = g.note
		return g.formula, true
	}
	if f := a.lastGroup(); f != "" {
		return f, true
	}
	return "", a.unclear(strings.TrimSpace(strings.Trim(a.question, "¿?¡!. ")))
}

// someone tells whether a group leaves anybody out; where it does not, that is
// asked back, for no one is nearly one of all.
func (a *asking) someone(formula string) bool {
	if _, all := parseOr(formula).(*syntax.Everyone); !all {
		return true
	}
	return a.unclear(a.text("who"))
}

// asReached takes an amount that was named without "exactly" for one to be
// reached: who "almost spent 500" spent less.
func (a *asking) asReached(formula string) string {
	ps := a.parse(a.text("who"))
	if ps == nil {
		return formula
	}
	for i := range ps.toks {
		for j := i + 1; j <= len(ps.toks); j++ {
			for _, n := range ps.cells[i][j] {
				if (n.cat == "compare" || n.cat == "compare_after") && n.attr == string(syntax.Eq) {
					return formula // "exactly" was said
				}
			}
		}
	}
	f := parseOr(formula)
	syntax.Walk(f, func(n syntax.Node) bool {
		if c, ok := n.(*syntax.Compare); ok && c.Op == syntax.Eq {
			if sum, ok := c.Left.(*syntax.Call); ok && sum.Fn == syntax.Sum {
				c.Op = syntax.Ge
			}
		}
		return true
	})
	return f.String()
}

// lastGroup is the formula of the group that the last answer was about.
func (a *asking) lastGroup() string {
	last := lastCallOf(a.r.Messages[:a.q])
	if last == nil || last.Name == "measure" || last.Name == "diff_segments" {
		return ""
	}
	f := groupOf(*last)
	if f == (&syntax.Everyone{}).String() {
		return ""
	}
	return f
}

func (a *asking) explain() bool {
	id := a.text("customer")
	var f string
	if a.form.late && !likeID(id) {
		return false // nobody said that it is a customer
	}
	switch {
	case a.has("whole") || a.has("all_of_it") || a.form.follows && a.has("customer") && a.toldOfAll():
		// all that is known
	case !a.has("who") && a.has("customer") && a.lastGroup() == "":
		return a.unclear(id)
	default:
		var ok bool
		if f, ok = a.who(); !ok {
			return false
		}
	}
	if !a.has("customer") { // "why?" of the customer just told of
		var before tools.ExplainCustomerArgs
		last := lastCallOf(a.r.Messages[:a.q])
		if last == nil || last.Name != "explain_customer" || json.Unmarshal(last.Args, &before) != nil {
			return false
		}
		id = before.Customer
	}
	return a.ask(tools.ExplainCustomerArgs{Customer: id, Formula: f})
}

// likeID tells whether a text alone says that it is somebody's id: letters with
// digits behind them, more than name a quarter, or an address.
func likeID(text string) bool {
	digits := 0
	for _, r := range text {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return strings.Contains(text, "@") || digits >= 3 && strings.ContainsFunc(text, unicode.IsLetter) && !strings.Contains(strings.TrimSpace(text), " ")
}

// toldOfAll tells whether the last answer was all that is known of a customer.
func (a *asking) toldOfAll() bool {
	last := lastCallOf(a.r.Messages[:a.q])
	return last != nil && last.Name == "explain_customer" && amongOf(*last) == ""
}

func (a *asking) diff() bool {
	first := a.text("who")
	from, ok := a.who()
	if !ok {
		return false
	}
	notes := a.note
	// Whether people are meant or what they did must be plain: "orders
	// yesterday and last week" are no two groups.
	if (a.form.weak || a.form.late) && !a.has("group") && !(a.people(first) && a.people(a.text("other"))) {
		return false
	}
	if a.isRest(a.text("other")) {
		return false // what sets the first apart is asked
	}
	g := a.group(a.text("other"), a.found.spans["other"], from)
	if g.formula == "" {
		if first != "" { // what is left out at the end stands in the first group
			if again := a.withUnit(a.text("other"), first); again != "" {
				g2 := a.group(again, a.found.spans["other"], from)
				if g2.formula != "" {
					g = g2
				}
			}
		}
		if g.formula == "" {
			return a.withDecision(g.dec)
		}
	}
	a.note = with(notes, g.note...)
	if a.form.weak && !a.has("tail") && !a.has("value") && apart(from, g.formula) {
		return false // nobody comes or goes: they are compared as people
	}
	if from == g.formula {
		return a.unclear(a.text("other"))
	}
	return a.ask(tools.DiffSegmentsArgs{From: from, To: g.formula})
}

// isRest tells whether a text says all the others.
func (a *asking) isRest(text string) bool {
	toks := tokenize(text)
	m := &fitting{toks: toks, question: text, to: len(toks), spans: map[string][2]int{}, steps: mostSteps}
	return a.w.rest.match(m, 0, func(end int) bool { return end == len(toks) })
}

// apart tells whether nobody can be in both of two groups, as each has its own
// value of one trait or label.
func apart(from, to string) bool {
	x, ok := parseOr(from).(*syntax.Compare)
	y, also := parseOr(to).(*syntax.Compare)
	if !ok || !also || x.Op != syntax.Eq || y.Op != syntax.Eq || x.Left.String() != y.Left.String() {
		return false
	}
	_, text := x.Right.(*syntax.Text)
	_, texts := y.Right.(*syntax.Text)
	_, name := x.Left.(*syntax.Name)
	return text && texts && name && x.Right.String() != y.Right.String()
}

// people tells whether a text has a word that groups of people begin with, or
// says a group without any.
func (a *asking) people(text string) bool {
	toks := tokenize(text)
	m := &fitting{toks: toks, question: text, to: len(toks), spans: map[string][2]int{}, steps: mostSteps}
	for i := range toks {
		if a.w.heads.match(m, i, func(int) bool { return true }) {
			return true
		}
	}
	ps := a.parse(text)
	if ps == nil {
		return false
	}
	for _, n := range ps.cells[0][len(toks)] {
		if n.cat == cCond && n.cost < 1 {
			return true
		}
	}
	return false
}

// withUnit gives the bare number at the end of a text the word that stands
// behind the last number of another: "… 60 days and … 90".
func (a *asking) withUnit(text, other string) string {
	mine, its := tokenize(text), tokenize(other)
	if len(mine) == 0 || mine[len(mine)-1].kind != tokNumber {
		return ""
	}
	for k := len(its) - 2; k >= 0; k-- {
		if its[k].kind == tokNumber && its[k+1].kind == tokWord {
			return text + " " + its[k+1].text
		}
	}
	return ""
}

// parse fills a chart for a piece of the question; nil where that failed.
func (a *asking) parse(text string) *parse {
	toks := tokenize(text)
	if len(toks) == 0 || len(toks) > maxTokens {
		return nil
	}
	var others []*lexicon
	for _, l := range languages {
		if l != a.lang {
			others = append(others, a.p.lexicons[l])
		}
	}
	ps := newParse(toks, a.p.lexicons[a.lang], others, a.p.ix, a.r.AsOf, a.zone)
	if a.err = ps.build(a.ctx); a.err != nil {
		return nil
	}
	return ps
}
