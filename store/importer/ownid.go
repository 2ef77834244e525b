package importer

import (
	"context"
	"path/filepath"
	"strings"
)

// rowsOwn is the column that numbers the rows of the file by the name that the
// file has for them, and that name: id_cita, cita of citas.csv. It is no
// customer's id.
func (im *importing) rowsOwn() (col int, noun string, ok bool) {
	best := 0
	for i, h := range im.form.header {
		name := snake(h)
		if _, who := rank(words().Columns["customer"], name); who || !words().hinted("id", name) && !opensWithID(name) {
			continue
		}
		var said []string
		for _, w := range strings.Split(name, "_") {
			if len(w) > 2 && !words().hinted("id", w) {
				said = append(said, w)
			}
		}
		if len(said) != 1 {
			continue
		}
		_, known := rank(words().Columns["event_id"], name)
		for k, w := range strings.Split(im.fileName(), "_") {
			if known {
				k -= len(im.form.header) // order_id before line_id, of order_lines
			}
			if alike(said[0], w) && (!ok || k < best) {
				col, noun, ok, best = i, said[0], true, k
			}
		}
	}
	return col, noun, ok
}

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
func (im *importing) fileName() string {
	base, _, _ := strings.Cut(filepath.Base(im.opts.File), ".")
	return snake(base)
}

// taken tells whether the workspace has an event of the name that other
// columns than the file's made, rows of another kind, or another event for the
// role.
func (im *importing) taken(ctx context.Context, role, event string) (bool, error) {
	src, err := im.ws.Source(ctx)
	if err != nil {
		return false, err
	}
	if set := src.Schema().Roles[role]; set != "" && set != event {
		return true, nil
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
