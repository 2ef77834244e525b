package segment

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tesela/segment/syntax"
)

// paramReader reads the parameters of a layer; the first fault ends it.
type paramReader struct {
	layer  string
	params []syntax.Param
	taken  []bool
	keys   []string // that were asked for
	usage  string
	err    error
}

// readParams begins; usage shows how the layer is written.
func readParams(layer, usage string, params []syntax.Param) *paramReader {
	return &paramReader{layer: layer, usage: usage, params: params, taken: make([]bool, len(params))}
}

func (r *paramReader) fail(at syntax.Span, format string, a ...any) {
	if r.err == nil {
		r.err = &syntax.Error{Span: at, Message: fmt.Sprintf(format, a...)}
	}
}

// find takes the parameter of a key, or without one that fits; nil where there
// is none.
func (r *paramReader) find(key string, fits func(syntax.Param) bool) *syntax.Param {
	r.keys = append(r.keys, key)
	var found *syntax.Param
	for i := range r.params {
		p := &r.params[i]
		if r.taken[i] || p.Key != key && (p.Key != "" || fits == nil || !fits(*p)) {
			continue
		}
		r.taken[i] = true
		if found != nil {
			r.fail(p.Span, "%s has its %s twice", r.layer, key)
		}
		found = p
	}
	return found
}

// window takes a window of the past, with the key or bare; nil without one.
func (r *paramReader) window(key string, zone *time.Location) *syntax.Window {
	p := r.find(key, func(p syntax.Param) bool { return p.Window != nil })
	if p == nil {
		return nil
	}
	return r.asWindow(key, p, zone)
}

func (r *paramReader) asWindow(key string, p *syntax.Param, zone *time.Location) *syntax.Window {
	if p.Window == nil {
		r.fail(p.Span, "%s is a window of time, such as %s: last 90d", key, key)
		return nil
	}
	if _, err := Resolve(p.Window, time.Unix(0, 0), zone); err != nil && r.err == nil {
		r.err = err
	}
	return p.Window
}

// whole takes a whole number within bounds, with its key; def without one.
func (r *paramReader) whole(key string, def, least, most int) int {
	p := r.find(key, nil)
	if p == nil {
		return def
	}
	return r.asWhole(key, p, least, most)
}

func (r *paramReader) asWhole(key string, p *syntax.Param, least, most int) int {
	if n, ok := p.Value.(*syntax.Number); ok {
		if x, err := strconv.Atoi(n.Text); err == nil && x >= least && x <= most {
			return x
		}
	}
	r.fail(p.Span, "%s of %s is a whole number from %d to %d", key, r.layer, least, most)
	return least
}

// events takes the names of events.
func (r *paramReader) events(s *Schema) []string {
	r.keys = append(r.keys, "event")
	var names []string
	for i, p := range r.params {
		if r.taken[i] || p.Key != "" && p.Key != "event" || p.Event == "" {
			continue
		}
		r.taken[i] = true
		if _, ok := s.Event(p.Event); !ok {
			if r.err == nil {
				known := make([]string, len(s.Events))
				for i, e := range s.Events {
					known[i] = e.Name
				}
				r.err = &syntax.Error{Span: p.Span, Message: "no event is called " + syntax.Quote(p.Event), Nearest: syntax.NearestNames(p.Event, known, 3)}
			}
			continue
		}
		if !slices.Contains(names, p.Event) {
			names = append(names, p.Event)
		}
	}
	return names
}

// done refuses what was not taken.
func (r *paramReader) done() error {
	for i, p := range r.params {
		if r.err != nil || r.taken[i] {
			continue
		}
		what := p.Key
		switch {
		case what != "":
		case p.Event != "":
			what = syntax.Quote(p.Event)
		case p.Window != nil:
			what = p.Window.String()
		default:
			what = p.Value.String()
		}
		e := &syntax.Error{Span: p.Span, Message: fmt.Sprintf("%s takes no parameter %s; it is written %s", r.layer, what, r.usage)}
		if p.Key != "" {
			e.Nearest = syntax.NearestNames(p.Key, r.keys, 2)
		}
		r.err = e
	}
	return r.err
}

// texts joins names in a note.
func texts(names []string) string { return strings.Join(names, ", ") }

// splitAt parts the instant that a layer is taken as of, nil for none, from
// its own parameters.
func splitAt(params []syntax.Param) (*syntax.Point, []syntax.Param, error) {
	i := slices.IndexFunc(params, func(p syntax.Param) bool { return p.Key == "at" })
	if i < 0 {
		return nil, params, nil
	}
	p := params[i]
	when := &syntax.Point{Span: p.Span, Ago: p.Ago}
	if p.Ago == nil {
		d, ok := p.Value.(*syntax.Date)
		if !ok {
			return nil, nil, &syntax.Error{Span: p.Span, Message: "at is a date or a time before now, such as at: 2011-06-01 or at: 90d ago"}
		}
		when.Date = d
	}
	rest := slices.Delete(slices.Clone(params), i, i+1)
	if j := slices.IndexFunc(rest, func(p syntax.Param) bool { return p.Key == "at" }); j >= 0 {
		return nil, nil, &syntax.Error{Span: rest[j].Span, Message: "at stands here twice"}
	}
	return when, rest, nil
}

// layerAt is the instant of a layer's at.
func (c *compiler) layerAt(when syntax.Point) (time.Time, error) {
	at, err := pointMicros(when, c.at, c.schema.Zone)
	if err != nil {
		return time.Time{}, err
	}
	if at > micros(c.now) {
		c.noteFuture(when.Span, when.Date.String())
	}
	return time.UnixMicro(at).UTC(), nil
}

// noteFuture says that a date lies after all that is known.
func (c *compiler) noteFuture(at syntax.Span, date string) {
	c.note("future_date", at, map[string]any{"date": date}, "%s is after the data's end; events end at %s", date, c.now.In(c.schema.Zone).Format(time.RFC3339))
}
