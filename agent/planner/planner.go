// Package planner reads questions without a model: it finds the phrases of a
// lexicon and the names and values of the data in a question, builds all
// readings of them, and answers with the tool calls of the one that accounts
// for every word, or with a question back. It computes nothing, and knows no
// language and no trade: words are data (prompts/lexicon).
package planner

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/unicode/norm"

	"tesela/agent/model"
	"tesela/prompts"
	"tesela/tools/restate"
)

// Planner is the offline model. It is safe for concurrent use. A request with
// another catalogue than it was made over is read by that one.
type Planner struct {
	lexicons map[string]*lexicon
	ix       *index
	texts    texts
	say      *restate.Restater
	orders   *orders
	forms    *toolForms
	talk     map[string]*talkWords
	manners  manners
	mendedTo []string // what slips of the question were mended to
	others   *others  // over catalogues that came later; nil in one of them
}

// New builds the planner's index over a catalogue; a million values take two
// or three seconds and some 30 bytes each beside their words.
func New(cat *model.Catalogue) (*Planner, error) {
	p := &Planner{lexicons: map[string]*lexicon{}}
	// What is read of the words is most of what a short-lived program takes to
	// answer, so the parts are read beside one another.
	var reading sync.WaitGroup
	var errs [5]error
	reading.Go(func() { p.talk, errs[3] = readTalk(prompts.Lexicon) })
	reading.Go(func() { p.manners, errs[4] = readManners(prompts.Lexicon) })
	reading.Go(func() { p.forms, errs[0] = readToolForms(prompts.Lexicon) })
	reading.Go(func() { p.orders, errs[1] = readOrders(prompts.Lexicon) })
	reading.Go(func() {
		if p.say, errs[2] = restate.New(); errs[2] == nil {
			p.texts, errs[2] = readTexts(prompts.Lexicon)
		}
	})
	list, th, err := readWords()
	if reading.Wait(); err == nil {
		err = errors.Join(errs[:]...)
	}
	if err != nil {
		return nil, err
	}
	for i, lang := range languages {
		p.lexicons[lang] = list[i]
	}
	p.ix = newIndex(cat, list, th)
	p.others = &others{list: list, th: th}
	return p, nil
}

// readWords reads the lexicons of the languages, and the thesaurus.
func readWords() (list []*lexicon, th *thesaurus, err error) {
	for _, lang := range languages {
		lx, err := readLexicon(prompts.Lexicon, lang)
		if err != nil {
			return nil, nil, err
		}
		list = append(list, lx)
	}
	th, err = readThesaurus(prompts.Lexicon, list)
	return list, th, err
}

// others keeps the planner over the newest catalogue that a request had beside
// the one it was made with: data that changes meanwhile has another.
type others struct {
	list   []*lexicon
	th     *thesaurus
	mu     sync.Mutex
	newest *Planner
}

// over is the planner over a request's catalogue; nil is its own.
func (p *Planner) over(cat *model.Catalogue) *Planner {
	if cat == nil || cat == p.ix.cat || p.others == nil {
		return p
	}
	o := p.others
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.newest == nil || o.newest.ix.cat != cat {
		next := *p
		next.ix, next.others = newIndex(cat, o.list, o.th), nil
		o.newest = &next
	}
	return o.newest
}

// Name is the model's name in answers.
func (p *Planner) Name() string { return "offline" }

// Generate reads the last question. Once its calls have results it has
// nothing to add: the core's own wording says them.
func (p *Planner) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Delta, error] {
	return func(yield func(model.Delta, error) bool) {
		p := p.over(r.Catalogue)
		q := lastQuestion(r.Messages)
		if q < 0 || q != len(r.Messages)-1 {
			yield(model.Delta{}, nil)
			return
		}
		r.Messages = p.plainly(r.Messages)
		calls, dec, err := p.mended(ctx, r, q)
		if err == nil && dec == nil {
			calls, dec, err = p.readAll(ctx, r, q)
		}
		if err != nil {
			yield(model.Delta{}, err)
			return
		}
		if err := p.understood(ctx, r, dec); err != nil {
			yield(model.Delta{}, err)
			return
		}
		if err := p.foresee(ctx, r, dec); err != nil {
			yield(model.Delta{}, err)
			return
		}
		if c := inTheseWords(r.Messages[q].Text, dec); c != nil {
			calls, dec = []model.Call{{ID: "1", Name: c.Name, Args: c.Args}}, &model.Decision{Status: model.Answered, Language: dec.Language}
		}
		if len(dec.Doubt) > 0 && p.saysJust(r.Messages[q].Text, calls) {
			dec.Doubt = nil
		}
		if !yield(model.Delta{Decision: dec}, nil) {
			return
		}
		for i := range calls {
			if !yield(model.Delta{Call: &calls[i]}, nil) {
				return
			}
		}
	}
}

// lastQuestion is the place of the last message from the user, -1 for none.
func lastQuestion(list []model.Message) int {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Role == model.User {
			return i
		}
	}
	return -1
}

// read turns the question at place q into calls or a decision without any.
func (p *Planner) read(ctx context.Context, r model.Request, q int) ([]model.Call, *model.Decision, error) {
	zone, err := time.LoadLocation(p.ix.cat.Zone)
	if err != nil {
		return nil, nil, fmt.Errorf("read the time zone of the data: %w", err)
	}
	toks := p.ix.tokens(r.Messages[q].Text)
	for i := range toks {
		toks[i].mended = slices.Contains(p.mendedTo, toks[i].folded)
	}
	langs, tied := []string{r.Language}, 1
	if p.lexicons[r.Language] == nil {
		langs, tied = p.likely(toks, spoken(r.Messages[:q]))
	}
	lang := langs[0]
	dec := &model.Decision{Status: model.Answered, Language: lang}
	if len(toks) == 0 {
		dec.Status, dec.Reason = model.Cannot, model.EmptyQuestion
		return nil, dec, nil
	}
	if len(toks) > maxTokens {
		dec.Status, dec.Reason = model.Cannot, model.OutOfScope
		return nil, dec, nil
	}
	if calls, ok := p.restatedWho(r.Messages[q].Text, lang); ok {
		return calls, dec, nil
	}
	if calls, told, ok, err := p.order(ctx, r, q, toks, lang); ok || err != nil {
		return calls, told, err
	}
	calls, dec, cost, err := p.readIn(ctx, r, q, toks, lang, zone)
	if err == nil && tied > 1 && dec.Status == model.Answered {
		again, other, third, err := p.readIn(ctx, r, q, toks, langs[1], zone)
		switch {
		case err != nil || other.Status != model.Answered || sameCalls(calls, again):
		case third > cost+margin:
			if third < cost+thin {
				say(with(notesOf(dec), p.texts.notes(lang, []assumption{p.orElse(lang, calls[0], again[0])})...), dec)
			}
		case third < cost-margin:
			return again, other, nil
		default:
			return nil, p.eitherWay(dec, calls, other, again), nil
		}
	}
	// Short questions may be of either of two neighbouring languages.
	for _, l := range langs[1:] {
		if p.overhears(toks, lang, l) || p.foreign(toks, lang, l) {
			continue
		}
		if err != nil || dec.Status == model.Answered || dec.Reason == model.MissingField || dec.Reason == model.Ambiguous {
			break
		}
		if again, d, _, err := p.readIn(ctx, r, q, toks, l, zone); err == nil && d.Status == model.Answered {
			return again, d, nil
		}
	}
	return calls, dec, err
}

func sameCalls(a, b []model.Call) bool {
	return slices.EqualFunc(a, b, func(x, y model.Call) bool { return x.Name == y.Name && string(x.Args) == string(y.Args) })
}

// eitherWay offers the readings of a question that is as much of one language
// as of another.
func (p *Planner) eitherWay(dec *model.Decision, calls []model.Call, other *model.Decision, again []model.Call) *model.Decision {
	d := &model.Decision{Status: model.Clarify, Reason: model.Ambiguous, Language: dec.Language}
	for lang, call := range map[string]model.Call{dec.Language: calls[0], other.Language: again[0]} {
		d.Choices = append(d.Choices, p.offer(lang, call.Name, call.Args))
	}
	slices.SortFunc(d.Choices, func(a, b model.Choice) int { return cmp.Compare(a.Label, b.Label) })
	return d
}

// readIn reads the question in a language; cost tells how well.
func (p *Planner) readIn(ctx context.Context, r model.Request, q int, toks []token, lang string, zone *time.Location) ([]model.Call, *model.Decision, float64, error) {
	dec := &model.Decision{Status: model.Answered, Language: lang}
	toks, stands := p.relabelled(r.Messages[q].Text, toks, lang)
	var others []*lexicon
	for _, l := range languages {
		if l != lang {
			others = append(others, p.lexicons[l])
		}
	}
	ps := newParse(toks, p.lexicons[lang], others, p.ix, r.AsOf, zone)
	ps.follows = len(r.Messages[:q]) > 0
	ps.stand(stands)
	for _, l := range languages {
		ps.talks = append(ps.talks, p.talk[l])
	}
	if err := ps.build(ctx); err != nil {
		return nil, nil, 0, err
	}
	ps, plans, err := ps.trailed(ctx, ps.plans(ps.derivations()))
	if err != nil {
		return nil, nil, 0, err
	}
	if ps, plans, err = ps.twice(ctx, plans); err != nil {
		return nil, nil, 0, err
	}
	if plans, err = ps.inOthers(ctx, plans); err != nil {
		return nil, nil, 0, err
	}
	plans = layerTables(plans)
	if f := p.followTool(ctx, ps, r.Messages[:q], plans); f != nil {
		plans = f
	}
	pl := p.decide(ps, r.Messages[q].Text, plans, dec)
	if pl == nil {
		return nil, dec, 0, nil
	}
	say(p.texts.notes(lang, pl.assume), dec)
	var calls []model.Call
	for _, args := range []any{pl.args, pl.beside} {
		if args == nil {
			continue
		}
		raw, err := json.Marshal(args)
		if err != nil {
			return nil, nil, 0, fmt.Errorf("write the call: %w", err)
		}
		calls = append(calls, model.Call{ID: strconv.Itoa(len(calls) + 1), Name: pl.tool, Args: raw})
	}
	return calls, dec, pl.cost, nil
}

// spoken is the language of the last answer, "" for none.
func spoken(history []model.Message) string {
	for i := len(history) - 1; i >= 0; i-- {
		if d := history[i].Reply; d != nil && d.Language != "" {
			return d.Language
		}
	}
	return ""
}

// maxTokens bounds a question; longer ones are texts, not questions.
const maxTokens = 80

// near is how much less of a question a second language may have to be tried
// where the first has no answer.
const near = 1.5

// likely are the languages whose words the question has most of, the first
// one first, and how many of them have as many as the first.
func (p *Planner) likely(toks []token, before string) (langs []string, tied int) {
	scores, th := map[string]float64{}, p.ix.th
	for _, lang := range languages {
		lx := p.lexicons[lang]
		score := 0.0
		if lang == before {
			score = 0.9 // a short follow-up is in the language of what it follows
		}
		for i, t := range toks {
			if t.kind != tokWord {
				continue
			}
			raw := strings.ToLower(norm.NFC.String(t.text))
			if lx.words[t.folded] {
				score++
				// "mês" is of one language, "mes" of another.
				switch {
				case lx.typed[raw] && hasAccent(raw):
					score += 0.6
				case hasAccent(raw):
					score -= 0.6
				case lx.typed[raw]:
					score += 0.2
				}
			} else if th.saysIn(lang, t.folded) || len(lx.stems[stem(lang, t.folded)]) > 0 {
				score += 0.7
			}
			// Neighbours that make a phrase of the language tell more.
			if i+1 < len(toks) && len(lx.exact[t.folded+" "+toks[i+1].folded]) > 0 {
				score += 0.5
			}
		}
		scores[lang] = score
	}
	langs = slices.Clone(languages)
	slices.SortStableFunc(langs, func(a, b string) int { return cmp.Compare(scores[b], scores[a]) })
	n := 1
	for n < len(langs) && scores[langs[0]]-scores[langs[n]] < near {
		n++
	}
	for tied < n && scores[langs[0]]-scores[langs[tied]] < 0.25 {
		tied++
	}
	return langs[:n], tied
}
