package importer

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"tesela/segment/column"
)

// plan is a mapping whose columns were found in the header.
type plan struct {
	customers bool
	event     string
	eventCol  int   // -1: all rows are of one event
	eventElse []int // where that has no value
	id        int   // the customer's column
	time      int   // -1 for customers
	eventID   int   // -1: none
	fields    []field
}

// field is a property or trait and where its values come from.
type field struct {
	name    string
	trait   bool
	kind    column.Kind // 0: what the values say
	named   bool        // a mapping names it
	factors []factor    // a product; mostly one column alone
}

// factor is a column, or a number where col is negative.
type factor struct {
	col    int
	number decimal
}

func (f *field) product() bool { return len(f.factors) > 1 || f.factors[0].col < 0 }

// buildPlan resolves a mapping against the header.
func (im *importing) buildPlan(m *Mapping) (*plan, error) {
	header := im.form.header
	p := &plan{customers: m.Customers, event: norm.NFC.String(strings.TrimSpace(m.Events)), eventCol: -1, time: -1, eventID: -1}
	var err error
	find := func(to *int, name, flag string) {
		if name != "" && err == nil {
			*to, err = findColumn(header, name, flag)
		}
	}
	switch {
	case m.Customers:
		if err := im.checkCustomers(m); err != nil {
			return nil, err
		}
		find(&p.id, m.ID, "--id")
	default:
		if err := im.checkEvents(m); err != nil {
			return nil, err
		}
		first, others, _ := strings.Cut(m.EventColumn, "|")
		if slices.Contains(header, m.EventColumn) {
			first, others = m.EventColumn, ""
		}
		find(&p.eventCol, first, "--event-column")
		for name := range strings.SplitSeq(others, "|") {
			if name != "" {
				col := -1
				find(&col, name, "--event-column")
				p.eventElse = append(p.eventElse, col)
			}
		}
		find(&p.id, m.Customer, "--customer")
		find(&p.time, m.Time, "--time")
		find(&p.eventID, m.EventID, "--event-id")
	}
	for _, list := range []struct {
		flag  string
		texts []string
		trait bool
	}{{"--trait", m.Traits, true}, {"--prop", m.Props, false}, {"--customer-trait", m.CustomerTraits, true}} {
		for _, text := range list.texts {
			if err != nil {
				break
			}
			var f field
			f, err = parseField(header, text, list.flag)
			f.trait = list.trait
			for _, other := range p.fields {
				if other.name == f.name && other.trait == f.trait && err == nil {
					err = usage("%s %q: %s is mapped twice", list.flag, text, f.name)
				}
			}
			p.fields = append(p.fields, f)
		}
	}
	if err != nil {
		return nil, err
	}
	return p, im.addUnnamed(p)
}

func (im *importing) checkCustomers(m *Mapping) error {
	switch {
	case m.Events != "" || m.EventColumn != "":
		return usage("--customers and --events exclude each other: a file holds customers or events")
	case len(m.Props) > 0:
		return usage("--prop is for events; customers have traits: --trait %s", m.Props[0])
	case m.Customer != "" && m.ID == "":
		m.ID = m.Customer
	case m.ID == "":
		return usage("--customers needs --id COLUMN, the column that names the customer%s", im.likely("customer_key"))
	}
	return nil
}

func (im *importing) checkEvents(m *Mapping) error {
	if m.Customer == "" {
		m.Customer = m.ID
	}
	switch {
	case m.Events == "" && m.EventColumn == "":
		return usage("say what the rows are: --events EVENT (such as order), --event-column COLUMN, or --customers")
	case m.Events != "" && m.EventColumn != "":
		return usage("--events and --event-column exclude each other: the event has one name or stands in a column")
	case len(m.Traits) > 0:
		return usage("--trait is for --customers; from rows of events it is --customer-trait %s", m.Traits[0])
	case m.Customer == "":
		return usage("--customer COLUMN is needed, the column of the customer's id%s", im.likely("customer"))
	case m.Time == "":
		return usage("--time COLUMN is needed, the column of the event's time%s", im.likely("time"))
	}
	return nil
}

// likely names the column that the lexicon takes for a part of the mapping.
func (im *importing) likely(part string) string {
	if i, ok := im.best(part, nil); ok {
		return fmt.Sprintf("; %s looks like it", im.form.header[i])
	}
	return fmt.Sprintf("; the columns are: %s", strings.Join(im.form.header, ", "))
}

// parseField reads name=EXPR[:kind].
func parseField(header []string, text, flag string) (field, error) {
	f := field{named: true}
	name, expr, ok := strings.Cut(text, "=")
	name, expr = norm.NFC.String(strings.Trim(strings.TrimSpace(name), "`")), strings.TrimSpace(expr)
	if !ok || name == "" || expr == "" {
		return f, usage("%s %q: name=COLUMN or name=COLUMN:kind is expected", flag, text)
	}
	f.name = name
	if i := slices.Index(header, expr); i >= 0 {
		f.factors = []factor{{col: i}}
		return f, nil
	}
	if i := strings.LastIndexByte(expr, ':'); i >= 0 {
		kind, ok := column.ParseKind(strings.TrimSpace(expr[i+1:]))
		if !ok {
			return f, usage("%s %q: there is no kind %q; the kinds are %s", flag, text, strings.TrimSpace(expr[i+1:]), kindNames())
		}
		f.kind, expr = kind, strings.TrimSpace(expr[:i])
	}
	if i := slices.Index(header, expr); i >= 0 {
		f.factors = []factor{{col: i}}
		return f, nil
	}
	for part := range strings.SplitSeq(expr, "*") {
		part = strings.TrimSpace(part)
		if figure, ok := parseFigure([]byte(part), false); ok && slices.Index(header, part) < 0 {
			f.factors = append(f.factors, factor{col: -1, number: figure.decimal})
			continue
		}
		i, err := findColumn(header, strings.Trim(part, "`"), flag+" "+f.name)
		if err != nil {
			return f, err
		}
		f.factors = append(f.factors, factor{col: i})
	}
	if f.product() {
		switch f.kind {
		case 0:
			f.kind = column.Number
			if words().hinted("money", f.name) {
				f.kind = column.Money
			}
		case column.Number, column.Money:
		default:
			return f, usage("%s %q: a product is a number or money, not %s", flag, text, f.kind)
		}
	}
	return f, nil
}

// addUnnamed brings in the columns that no mapping names, under their own
// names. A column that only stands in a product comes in too.
func (im *importing) addUnnamed(p *plan) error {
	header := im.form.header
	used := make([]bool, len(header))
	taken := map[string]bool{}
	for _, i := range append([]int{p.id, p.time, p.eventID, p.eventCol}, p.eventElse...) {
		if i >= 0 {
			used[i] = true
		}
	}
	for _, f := range p.fields {
		if f.trait == p.customers {
			taken[f.name] = true
		}
		if !f.product() {
			used[f.factors[0].col] = true
		}
	}
	for _, name := range im.opts.Drop {
		i, err := findColumn(header, name, "--drop")
		if err != nil {
			return err
		}
		used[i] = true
	}
	if im.opts.OnlyNamed {
		return nil
	}
	for i := range header {
		if !used[i] {
			p.fields = append(p.fields, field{name: ownName(header, i, taken), trait: p.customers, factors: []factor{{col: i}}})
		}
	}
	return nil
}
