package segmenttest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tesela/segment/column"
)

// Case is one command of a test file that expects something.
type Case struct {
	File string
	Line int
	// Verb is eval, eval_value, error, error_value or note.
	Verb string
	// Text is the formula or value.
	Text string
	// Want is what stands after the arrow.
	Want  string
	At    time.Time
	World *World
}

// String places the case.
func (c Case) String() string { return fmt.Sprintf("%s:%d %s %s", c.File, c.Line, c.Verb, c.Text) }

// ParseFile reads a test file; see the package comment for its language.
func ParseFile(name, text string) ([]Case, error) {
	p := &parser{file: name, world: emptyWorld()}
	for i, line := range strings.Split(text, "\n") {
		if err := p.read(i+1, line); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return p.cases, nil
}

func emptyWorld() *World {
	return &World{Zone: time.UTC, Digits: 2, Currency: "GBP", Roles: map[string]string{}, Saved: map[string]string{}}
}

type parser struct {
	file  string
	world *World
	at    time.Time
	cases []Case
	rows  func(fields []string) error // what indented lines are
}

func (p *parser) read(n int, line string) error {
	if strings.TrimSpace(line) == "" || strings.HasPrefix(strings.TrimSpace(line), "#") {
		return nil
	}
	if line[0] == ' ' || line[0] == '\t' {
		fields, err := splitFields(line)
		if err != nil {
			return err
		}
		if p.rows == nil {
			return fmt.Errorf("an indented line belongs under customers or event")
		}
		return p.rows(fields)
	}
	p.rows = nil
	verb, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch verb {
	case "load":
		p.world, p.at = emptyWorld(), time.Time{}
		return nil
	case "zone":
		z, err := time.LoadLocation(rest)
		p.world.Zone = z
		return err
	case "currency":
		p.world.Currency, rest, _ = strings.Cut(rest, " ")
		d, err := strconv.Atoi(strings.TrimSpace(rest))
		p.world.Digits = d
		return err
	case "role":
		role, target, _ := strings.Cut(rest, " ")
		p.world.Roles[role] = strings.TrimSpace(target)
		return nil
	case "save":
		name, formula, ok := strings.Cut(rest, "=")
		if !ok {
			return fmt.Errorf("write save NAME = FORMULA")
		}
		p.world.Saved[strings.TrimSpace(name)] = strings.TrimSpace(formula)
		return nil
	case "customers":
		return p.customers(rest)
	case "event":
		return p.event(rest)
	case "at":
		t, err := p.world.ParseTime(rest)
		p.at = t
		return err
	case "eval", "eval_value", "error", "error_value", "note":
		i := strings.LastIndex(rest, "->")
		if i < 0 {
			return fmt.Errorf("%s wants an expectation after ->", verb)
		}
		p.cases = append(p.cases, Case{
			File: p.file, Line: n, Verb: verb, At: p.at, World: p.world,
			Text: strings.TrimSpace(rest[:i]), Want: strings.TrimSpace(rest[i+2:]),
		})
		return nil
	}
	return fmt.Errorf("%q is no command", verb)
}

func (p *parser) customers(head string) error {
	w := p.world
	columns, err := parseFields(head)
	if err != nil {
		return err
	}
	w.Traits = columns
	p.rows = func(fields []string) error {
		values, err := w.values(columns, fields[1:])
		w.Customers = append(w.Customers, Customer{ID: fields[0], Traits: values})
		return err
	}
	return nil
}

func (p *parser) event(head string) error {
	w := p.world
	name, rest, _ := strings.Cut(head, " ")
	e := Kind{Name: name}
	if after, ok := strings.CutPrefix(strings.TrimSpace(rest), "id"); ok && (after == "" || after[0] == ' ') {
		e.Tied, rest = true, after
	}
	columns, err := parseFields(rest)
	if err != nil {
		return err
	}
	e.Props = columns
	w.Events = append(w.Events, e)
	p.rows = func(fields []string) error {
		if len(fields) < 2 {
			return fmt.Errorf("a row wants a customer and a time")
		}
		r := Row{Event: e.Name, Customer: w.Customer(fields[0])}
		if r.Customer < 0 {
			return fmt.Errorf("no customer is called %q", fields[0])
		}
		var err error
		if r.Time, err = w.ParseTime(fields[1]); err != nil {
			return err
		}
		fields = fields[2:]
		if e.Tied {
			if len(fields) == 0 {
				return fmt.Errorf("a row wants its event's id")
			}
			if r.ID = fields[0]; r.ID == "-" {
				r.ID = ""
			}
			fields = fields[1:]
		}
		r.Props, err = w.values(columns, fields)
		w.Rows = append(w.Rows, r)
		return err
	}
	return nil
}

func (w *World) values(columns []Field, fields []string) (map[string]any, error) {
	if len(fields) != len(columns) {
		return nil, fmt.Errorf("%d values for %d columns", len(fields), len(columns))
	}
	values := map[string]any{}
	for i, f := range columns {
		v, err := w.ParseValue(f.Kind, fields[i])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if v != nil {
			values[f.Name] = v
		}
	}
	return values, nil
}

func parseFields(head string) ([]Field, error) {
	var fields []Field
	for _, part := range strings.Fields(head) {
		name, kind, _ := strings.Cut(part, ":")
		k, ok := column.ParseKind(kind)
		if !ok {
			return nil, fmt.Errorf("%q is no NAME:KIND", part)
		}
		fields = append(fields, Field{Name: name, Kind: k})
	}
	return fields, nil
}

// splitFields splits at white space; a part in double quotes may hold some.
func splitFields(line string) ([]string, error) {
	var fields []string
	for {
		line = strings.TrimLeft(line, " \t")
		if line == "" {
			return fields, nil
		}
		if line[0] != '"' {
			end := strings.IndexAny(line, " \t")
			if end < 0 {
				end = len(line)
			}
			fields, line = append(fields, line[:end]), line[end:]
			continue
		}
		quoted, err := strconv.QuotedPrefix(line)
		if err != nil {
			return nil, fmt.Errorf("a quote is not closed")
		}
		text, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, err
		}
		fields, line = append(fields, text), line[len(quoted):]
	}
}
