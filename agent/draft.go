package agent

import (
	"context"
	"strings"
	"unicode"

	"tesela/agent/grounding"
)

// mostDraft is how many bytes of a reply are shown while it is written; what a
// longer one says is shown once it is whole.
const mostDraft = 8000

// draft is what of a reply's text is shown as it comes. Each time a sentence is
// over, the text up to there is checked as the answer's text is; with the first
// one that fails the draft ends, for what is said after it rests on it.
type draft struct {
	turn  *turn
	open  bool // more of it may be shown
	shown int  // bytes of the reply's text so far
}

// newDraft shows a reply to the turn's results. What a model says before there
// are any is no answer, but what it is about to look up.
func (t *turn) newDraft() *draft {
	return &draft{turn: t, open: len(t.results()) > 0 && !t.ends()}
}

// take shows what has become certain of a reply's text so far. Its error is a
// reader that stopped, or the end of ctx.
func (d *draft) take(ctx context.Context, text string) error {
	if !d.open {
		return nil
	}
	if len(text) > mostDraft {
		d.open = false
		return nil
	}
	whole := grounding.Whole(text)
	if whole <= d.shown || strings.TrimSpace(text[d.shown:whole]) == "" {
		return nil
	}
	said, piece := strings.TrimSpace(text[:whole]), text[d.shown:whole]
	// Elsewhere, as gathering what bears it out takes a while for large results.
	found, err := within(ctx, func(context.Context) (faults, error) { return d.faults(said) })
	if err != nil {
		return err
	}
	d.turn.remember(found.against, found.of)
	if len(found.texts) > 0 {
		d.open = false
		if d.touches(text[:d.shown], found.texts) {
			return d.turn.withdraw()
		}
		return nil
	}
	if d.shown == 0 {
		piece = strings.TrimLeft(piece, " \r\n")
		if err := d.turn.withdraw(); err != nil { // a draft that failed later on
			return err
		}
	}
	d.shown = whole
	d.turn.drafted = true
	return d.turn.emit(Event{Draft: piece})
}

// faults is what keeps a text from being shown, and what it was checked against.
type faults struct {
	texts   []string
	against *grounding.Checker
	of      int // results
}

func (d *draft) faults(text string) (faults, error) {
	calls := d.turn.results()
	against, err := d.turn.checker(calls)
	if err != nil {
		return faults{}, err
	}
	found := faults{against: against, of: len(calls)}
	found.texts = d.turn.unfit(against, text)
	return found, nil
}

// touches tells whether something that turns out to be borne out by nothing
// stands in what is shown already: a row named later on may make an earlier
// figure another's.
func (d *draft) touches(shown string, found []string) bool {
	shown = letters(shown)
	for _, text := range found {
		if text = letters(text); text != "" && strings.Contains(shown, text) {
			return true
		}
	}
	return false
}

// letters is a text without blanks and marks.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// end takes the draft back where the reply turned out to be no answer.
func (d *draft) end() error {
	d.open = false
	return d.turn.withdraw()
}

// withdraw takes back what is shown of drafts.
func (t *turn) withdraw() error {
	if !t.drafted {
		return nil
	}
	t.drafted = false
	return t.emit(Event{Withdrawn: true})
}
