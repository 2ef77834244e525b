package render

import (
	"slices"
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"
	xast "github.com/yuin/goldmark/extension/ast"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/tools"
)

// Words are the few texts that stand beside an answer, in its language.
type Words struct {
	Understood string `yaml:"understood"` // before the restatement
	AsOf       string `yaml:"as_of"`      // before T
}

// Head draws what was understood and assumed; "" where nothing was said.
func (r *Renderer) Head(a *agent.Answer, words Words) string {
	s := r.styles
	var out block
	if text := Clean(a.Understood); text != "" {
		label := ""
		if words.Understood != "" {
			label = s.Muted.Render(words.Understood + " ")
		}
		out = append(out, wrap(label+s.Text.Italic(r.mode != Plain).Render(text), min(r.width, prose))...)
	}
	for _, assumed := range a.Assumptions {
		for i, line := range wrap(Clean(assumed), min(r.width, prose)-2) {
			mark := "· "
			if i > 0 {
				mark = "  "
			}
			out = append(out, s.Muted.Render(mark+line))
		}
	}
	return out.String()
}

// Body draws the answer itself: its text, each result's rows once, drawn with
// their chart, and, where it asks back, nothing of the choices, which the
// front end offers in its own way.
func (r *Renderer) Body(a *agent.Answer) string {
	left := r.drawable(a)
	more := "" // how many rows a drawing shows beyond those that the text says it shows
	blocks := r.markdown(a.Text, func(n ast.Node, w *walker) (block, bool) {
		switch n := n.(type) {
		case *xast.Table:
			g := w.table(n)
			for i, res := range left {
				if r.same(g.head, len(g.rows), res) {
					left = slices.Delete(slices.Clone(left), i, i+1)
					if drawsAll(res) && len(res.Rows) > wording.TableRows {
						more = r.lang.Count(int64(len(res.Rows) - wording.TableRows))
					}
					return r.result(res, wording.TableRows), true
				}
			}
		case *ast.Paragraph:
			untrue := more != "" && strings.Contains(w.plain(n), more)
			more = ""
			return nil, untrue
		case *ast.List:
			if len(a.Choices) > 0 && n.IsOrdered() && n.ChildCount() == len(a.Choices) {
				return nil, true
			}
		}
		return nil, false
	})
	if a.Status == model.Answered && !hasTable(a.Text) {
		for _, res := range left {
			blocks = append(blocks, r.result(res, wording.TableRows))
		}
	}
	if text := Computed(r.lang, a); text != "" {
		blocks = append(blocks, r.markdown(text, nil)...)
	}
	return stack(blocks...).String()
}

// Computed is, in Markdown, what the calls of a language model's answer
// computed, as the core's own words tell it; "" where the text says it.
func Computed(lang *wording.Language, a *agent.Answer) string {
	if a.Usage == nil || a.Status != model.Answered {
		return ""
	}
	var calls []wording.Call
	for _, c := range a.Calls {
		if c.Result != nil {
			calls = append(calls, wording.Call{Tool: c.Tool, Args: c.Args, Result: c.Result})
		}
	}
	text := lang.Defined(calls)
	if text == "" || strings.Contains(a.Text, strings.Split(text, "\n\n")[0]) {
		return ""
	}
	return text
}

// hasTable tells whether a text shows rows itself.
func hasTable(text string) bool {
	return strings.HasPrefix(text, "|") || strings.Contains(text, "\n|")
}

// drawable are the results whose rows belong into an answer, each once: those
// that name a chart, else the last. Of a count, one condition is no table.
func (r *Renderer) drawable(a *agent.Answer) []*tools.Result {
	var all, charted []*tools.Result
	seen := map[string]bool{}
	for _, c := range a.Calls {
		res := c.Result
		if res == nil {
			continue
		}
		if t := r.lang.SegmentTable(res); t != nil {
			all = append(all, t) // where the text chooses; see wording
		}
		if len(res.Rows) == 0 || len(res.Rows) == 1 && res.Segments != nil || seen[res.Fingerprint] && res.Fingerprint != "" {
			continue
		}
		seen[res.Fingerprint] = true
		all = append(all, res)
		if chartable(res) {
			charted = append(charted, res)
		}
	}
	if a.Text != "" && hasTable(a.Text) {
		return all // the text chooses
	}
	if len(charted) > 0 {
		return charted
	}
	return all[max(0, len(all)-1):]
}

// Foot draws where the answer comes from: who read the question, what that used
// of a language model, as of when, and its id, by which it can be replayed.
func (r *Renderer) Foot(a *agent.Answer, words Words) string {
	var parts []string
	if a.Model != "" {
		parts = append(parts, Clean(a.Model))
	}
	if u := a.Usage; u != nil {
		parts = append(parts, r.lang.Used(u.Rounds, u.InputTokens+u.OutputTokens, u.Estimated, u.Cost)...)
	}
	if !a.AsOf.IsZero() {
		parts = append(parts, strings.TrimSpace(words.AsOf+" "+r.lang.Time(a.AsOf.In(r.zone))))
	}
	if a.ElapsedMS > 0 {
		parts = append(parts, r.elapsed(a.ElapsedMS))
	}
	if a.ID != "" {
		parts = append(parts, a.ID)
	}
	return r.Plain(strings.Join(parts, " · "), r.styles.Muted)
}

// elapsed writes how long an answer took.
func (r *Renderer) elapsed(ms float64) string {
	if ms < 1000 {
		return r.lang.Number(float64(int(ms+0.5))) + " ms"
	}
	return r.lang.Number(float64(int(ms/100+0.5))/10) + " s"
}

// Choices draws the readings to pick from, numbered; chosen is the one under
// the cursor, −1 for none.
func (r *Renderer) Choices(list []model.Choice, chosen int) string {
	var out block
	for i, c := range list {
		label := Clean(c.Label)
		if label == "" {
			label = Clean(c.Question)
		}
		if figure := Clean(c.Figure); figure != "" {
			label += " → " + figure
		}
		out = append(out, r.option(i+1, label, i == chosen)...)
	}
	return out.String()
}

// Options draws texts to pick from in the same way.
func (r *Renderer) Options(list []string, chosen int) string {
	var out block
	for i, text := range list {
		out = append(out, r.option(i+1, Clean(text), i == chosen)...)
	}
	return out.String()
}

func (r *Renderer) option(n int, label string, chosen bool) block {
	s := r.styles
	mark := "  "
	if chosen {
		mark = s.Accent.Render("❯ ")
	}
	number := r.lang.Count(int64(n)) + ". "
	lines := wrap(label, r.width-Width(number)-2)
	for i, line := range lines {
		if chosen {
			lines[i] = s.Accent.Render(line)
		}
	}
	return lines.indent(mark + s.Muted.Render(number))
}

// Day writes the day of an instant in a zone, nil being UTC.
func (r *Renderer) Day(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return r.lang.Unset
	}
	if zone == nil {
		zone = time.UTC
	}
	return r.lang.Date(t.In(zone))
}
