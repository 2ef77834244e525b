package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tesela/agent"
	"tesela/cmd/internal/report"
	"tesela/segment/syntax"
	"tesela/store"
	"tesela/tools"
)

// microsegmentNames ask for a report of the micro-segments.
var microsegmentNames = []string{"microsegments", "micro-segments", "microsegmentos", "microssegmentos"}

// leastPrefix is how much of an id at least names an answer.
const leastPrefix = 4

func newReport(a *app) *cobra.Command {
	var r reporting
	c := &cobra.Command{
		Use:   "report NAME|ANSWER",
		Short: "Write an answer, a segment or the micro-segments as one page to send on",
		Long: "Writes one HTML file that needs nothing else: charts, tables, cards of segments, and how to get the\n" +
			"same figures again. It is of\n" +
			"  a saved segment, by its name: its rule, size, value, course, and what sets it apart, computed now;\n" +
			"  an answer kept, by its id or an unambiguous beginning of it (`tesela answers` lists them), or from a\n" +
			"  file that `tesela ask --json` wrote (- for standard input): as it was given, nothing is computed;\n" +
			"  `microsegments`: those of all customers, found now.\n" +
			"The first of these that fits is taken. The same inputs give the same bytes. A file that is no report\n" +
			"is not replaced without --force.",
		Example: "  tesela report 3f9a21c04d77 --out revenue.html\n  tesela report \"Lapsed Germans\" --out lapsed.html --lang es\n" +
			"  tesela report microsegments --out groups.html\n  tesela ask --json revenue by country | tesela report - --out revenue.html",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || strings.TrimSpace(args[0]) == "" {
				return errors.New("name what to report: a saved segment (`tesela segment list`), an answer (`tesela answers`), or microsegments; names of several words go in quotes")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return a.report(c.Context(), &r, args[0]) },
	}
	flags := c.Flags()
	flags.StringVar(&r.out, "out", "", "the `FILE` to write (- for standard output)")
	flags.StringVar(&r.lang, "lang", "", "language of the page: en, es or pt (default: the answer's, else en)")
	flags.StringVar(&r.asOf, "as-of", "", "compute as of this `DATE` (2011-12-01 or RFC 3339); not for answers, which have theirs")
	flags.BoolVar(&r.force, "force", false, "replace the file whatever it holds")
	flags.BoolVar(&r.without, "without-personal", false, "leave out rows that tell of single customers")
	return c
}

// reporting is a report's flags.
type reporting struct {
	out, lang, asOf string
	force, without  bool
	// kept is set where a name stands for what the workspace keeps alone, never
	// for a file: somebody elsewhere gave it. at is asOf as an instant.
	kept bool
	at   time.Time
}

// report makes one report and writes it.
func (a *app) report(ctx context.Context, r *reporting, name string) error {
	switch {
	case r.out == "":
		return usageError("say where the report goes: --out FILE.html, or --out - for standard output")
	case !slices.Contains([]string{"", "en", "es", "pt"}, r.lang):
		return usageError("--lang %q: expected en, es or pt", r.lang)
	}
	if err := mayWrite(r.out, r.force); err != nil {
		return err
	}
	ws, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer ws.Close()
	doc, err := a.reportOf(ctx, ws, r, name)
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := report.HTML(&page, doc); err != nil {
		return err
	}
	if err := a.writeReport(r.out, page.Bytes(), doc); err != nil {
		return err
	}
	if doc.Personal {
		fmt.Fprintln(a.errs, "take care: this report tells of single customers, by their ids or personal data; --without-personal leaves their rows out")
	}
	return nil
}

// reportOf finds what a name stands for and makes its report.
func (a *app) reportOf(ctx context.Context, ws store.Workspace, r *reporting, name string) (*report.Doc, error) {
	saved, err := ws.Segments(ctx)
	if err != nil {
		return nil, err
	}
	for i, s := range saved {
		if s.Name == name {
			return a.segmentReport(ctx, ws, r, s, slices.Delete(slices.Clone(saved), i, i+1))
		}
	}
	answer, err := a.answerNamed(ctx, ws, name, r.kept)
	if err != nil {
		return nil, err
	}
	if answer != nil {
		return answerReport(ctx, ws, r, answer)
	}
	if slices.Contains(microsegmentNames, strings.ToLower(strings.TrimSpace(name))) {
		return a.microsegmentReport(ctx, ws, r)
	}
	var names []string
	for _, s := range saved {
		names = append(names, s.Name)
	}
	hint := ""
	if near := syntax.NearestNames(name, names, 3); len(near) > 0 {
		hint = "; nearest segments: " + strings.Join(near, ", ")
	}
	what := "no saved segment, no answer and no file"
	if r.kept {
		what = "no saved segment and no answer"
	}
	return nil, fmt.Errorf("there is "+what+" %q%s; `tesela segment list` and `tesela answers` list what is there", oneLine(name), hint)
}

// answerNamed finds a kept answer by its id or the beginning of it, or, unless
// only what is kept counts, in a file; nil where there is none.
func (a *app) answerNamed(ctx context.Context, ws store.Workspace, name string, kept bool) (json.RawMessage, error) {
	if name != "-" || kept {
		turn, err := ws.Turn(ctx, name)
		if err == nil {
			return turn.Answer, nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		id, err := idBeginning(ctx, ws, name)
		if err != nil {
			return nil, err
		}
		if id != "" {
			turn, err := keptTurn(ctx, ws, id)
			return turn.Answer, err
		}
		if kept {
			return nil, nil
		}
		if info, err := os.Stat(name); err != nil || info.IsDir() {
			return nil, nil
		}
	}
	answers, err := a.keptAnswers(ctx, ws, name)
	if err != nil {
		return nil, err
	}
	if len(answers) != 1 {
		return nil, usageError("%s holds %d answers; a report is of one", oneLine(name), len(answers))
	}
	return answers[0], nil
}

// idBeginning finds the one answer whose id begins so; "" where none does.
func idBeginning(ctx context.Context, ws store.Workspace, prefix string) (string, error) {
	if len(prefix) < leastPrefix || strings.Trim(prefix, "0123456789abcdef") != "" {
		return "", nil
	}
	heads, err := ws.FindTurns(ctx, store.TurnQuery{})
	if err != nil {
		return "", err
	}
	var ids []string
	for _, h := range heads {
		if strings.HasPrefix(h.ID, prefix) && !slices.Contains(ids, h.ID) {
			ids = append(ids, h.ID)
		}
	}
	switch len(ids) {
	case 0:
		return "", nil
	case 1:
		return ids[0], nil
	}
	return "", usageError("%d answers begin with %s: %s; write more of the id", len(ids), prefix, shownIDs(ids))
}

// answerReport makes the report of an answer as it was kept.
func answerReport(ctx context.Context, ws store.Workspace, r *reporting, answer json.RawMessage) (*report.Doc, error) {
	if r.asOf != "" {
		return nil, usageError("--as-of is for segments: an answer is as of the date that it was given for; ask again for another")
	}
	search, err := tools.NewPersonalSearch(ctx, ws)
	if err != nil {
		return nil, err
	}
	personal, err := agent.PersonalIn(search, answer)
	if err != nil {
		return nil, err
	}
	tells := personal.Any()
	if tells && r.without {
		if answer, err = agent.Withhold(answer, personal); err != nil {
			return nil, fmt.Errorf("report without personal data: %w", err)
		}
		tells = false
	}
	zone, err := zoneOf(ctx, ws)
	if err != nil {
		return nil, err
	}
	doc, err := report.OfAnswer(answer, report.Options{Language: r.lang, Zone: zone, Personal: tells})
	if err != nil {
		return nil, err
	}
	if doc.ID != "" {
		doc.Command = "tesela replay " + report.Quote(doc.ID)
	}
	return doc, nil
}

// segmentReport asks the tools about a saved segment, as of now or a date.
func (a *app) segmentReport(ctx context.Context, ws store.Workspace, r *reporting, s store.Segment, others []store.Segment) (*report.Doc, error) {
	who, err := r.caller(ctx, ws)
	if err != nil {
		return nil, err
	}
	subject := report.Subject{Name: s.Name, Formula: s.Formula, Text: s.Text}
	// What was saved may be in another language than the page.
	if text, err := inWords(ctx, ws, who.Language, s.Formula); err == nil {
		subject.Text = text
	}
	for _, o := range others {
		subject.Others = append(subject.Others, [2]string{o.Name, o.Formula})
	}
	box, bar, err := a.reportBox(ws, &who)
	if err != nil {
		return nil, err
	}
	doc, err := report.OfSegment(ctx, box, who, subject)
	bar.clear()
	if err != nil {
		return nil, a.toolFailed(err)
	}
	return doc, r.settle(ctx, ws, doc, who, "tesela report "+report.Quote(s.Name))
}

// microsegmentReport finds the micro-segments, as of now or a date.
func (a *app) microsegmentReport(ctx context.Context, ws store.Workspace, r *reporting) (*report.Doc, error) {
	who, err := r.caller(ctx, ws)
	if err != nil {
		return nil, err
	}
	box, bar, err := a.reportBox(ws, &who)
	if err != nil {
		return nil, err
	}
	doc, err := report.OfMicrosegments(ctx, box, who, tools.FindMicrosegmentsArgs{})
	bar.clear()
	if err != nil {
		return nil, a.toolFailed(err)
	}
	return doc, r.settle(ctx, ws, doc, who, "tesela report microsegments")
}

// reportBox is the tools, which tell on standard error how far they are.
func (a *app) reportBox(ws store.Workspace, who *tools.Caller) (tools.Runner, *bar, error) {
	exports, err := a.exports()
	if err != nil {
		return nil, nil, err
	}
	bar := a.newBar("")
	who.Progress = bar.work
	return boxOf(ws, exports), bar, nil
}

// caller is whom the tools answer, with the instant that the figures are of.
func (r *reporting) caller(ctx context.Context, ws store.Workspace) (tools.Caller, error) {
	lang := r.lang
	if lang == "" {
		lang = "en"
	}
	who, err := (&toolFlags{lang: lang, asOf: r.asOf}).caller(ctx, ws)
	if err != nil {
		return who, err
	}
	if !r.at.IsZero() {
		who.AsOf = r.at
	}
	if who.AsOf.IsZero() {
		src, err := ws.Source(ctx)
		if err != nil {
			return who, err
		}
		who.AsOf = src.Schema().Now()
	}
	return who, nil
}

// settle tells a report what its figures lean on.
func (r *reporting) settle(ctx context.Context, ws store.Workspace, doc *report.Doc, who tools.Caller, command string) error {
	zone, err := zoneOf(ctx, ws)
	if err != nil {
		return err
	}
	data, err := ws.Fingerprint(ctx)
	if err != nil {
		return err
	}
	if who.Language != "en" {
		command += " --lang " + who.Language
	}
	command += " --as-of " + who.AsOf.UTC().Format("2006-01-02T15:04:05Z") + " --out " + report.Quote(filepath.Base(outName(r.out)))
	doc.Settle(who.AsOf, zone, data, programVersion(), command)
	return nil
}

// outName is the file that a report's command writes.
func outName(out string) string {
	if out == "-" {
		return "report.html"
	}
	return out
}
