package importer

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
)

// rowsOwn is the column that numbers the rows of the file by the name that the
// file has for them, and that name: id_cita, cita of citas.csv. It is no
// customer's id.
func (im *importing) rowsOwn() (col int, noun string, ok bool) {
	best := 0
	for i, h := range im.form.header {
		name := snake(h)
		said, id := numbers(name)
		if _, when := rank(words().Columns["time"], name); !id && !when && len(name) > 2 && im.sampled > 1 && len(im.tallies[i]) == im.sampled && im.evidence[i].moments < im.sampled {
			said, id = name, true // tickets.csv, each of whose rows has a ticket of its own
		}
		if _, who := rank(words().Columns["customer"], name); who || !id || personsID(name) {
			continue
		}
		_, known := rank(words().Columns["event_id"], name)
		if !known && im.sampled > 0 && fewPerID*len(im.tallies[i]) < im.sampled {
			continue // the level_no of level_attempts says which level, not which attempt
		}
		for k, w := range strings.Split(im.fileName(), "_") {
			if known {
				k -= len(im.form.header) // order_id before line_id, of order_lines
			}
			if alike(said, w) && (!ok || k < best) {
				col, noun, ok, best = i, said, true, k
			}
		}
	}
	return col, noun, ok
}

// numbers is what a name says it is the id or number of, in one word: cita of
// id_cita.
func numbers(name string) (noun string, ok bool) {
	if !words().hinted("id", name) && !opensWithID(name) {
		return "", false
	}
	for _, w := range strings.Split(name, "_") {
		if len(w) < 3 || words().hinted("id", w) {
			continue
		}
		if noun != "" {
			return "", false
		}
		noun = w
	}
	return noun, noun != ""
}

// personsID tells whether a name is that of a person's id.
func personsID(name string) bool {
	noun, ok := numbers(name)
	return ok && slices.Contains(words().People, noun)
}

// fewPerID is how many rows one of the file's own may be made of on average, for
// a name that says no more than that it is an id.
const fewPerID = 5

// opensWithID tells whether the first word of a name is one for an id:
// num_venda.
func opensWithID(name string) bool {
	first, _, more := strings.Cut(name, "_")
	return more && words().hinted("id", first)
}

// alike tells whether two words are forms of one: cita and citas, sessão and
// sessões.
func alike(a, b string) bool {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n >= 3 && n >= len(a)-2 && n >= len(b)-3
}

// fileName is the file's own name in snake case.
func (im *importing) fileName() string { return baseName(im.opts.File) }

// baseName is a file's name in snake case, without its folder and endings.
func baseName(file string) string {
	base, _, _ := strings.Cut(filepath.Base(file), ".")
	return snake(base)
}

// asks tells whether the rows are answers: a score, in a file that is called a
// survey.
func (im *importing) asks() bool {
	for _, w := range append(strings.Split(im.fileName(), "_"), im.fileName()) {
		if _, survey := rank(words().Events[roleSurvey], w); survey {
			_, scored := im.best(roleScore, nil)
			return scored
		}
	}
	return false
}

// taken tells whether the workspace has an event of the name that other
// columns than the file's made: rows of another kind.
func (im *importing) taken(ctx context.Context, event string) (bool, error) {
	src, err := im.ws.Source(ctx)
	if err != nil {
		return false, err
	}
	e, ok := src.Schema().Event(event)
	if !ok || e.Rows == 0 {
		return false, nil
	}
	here := map[string]bool{}
	for _, h := range im.form.header {
		here[snake(h)] = true
	}
	strange := 0
	for _, p := range e.Props {
		if _, role := rank(append([]string{"amount"}, words().Columns["product"]...), p.Name); !role && !here[p.Name] {
			strange++
		}
	}
	return 2*strange > len(e.Props), nil
}
