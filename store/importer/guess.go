package importer

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// choosePlan takes the mapping given, the preset's, or a guess that somebody
// said yes to.
func (im *importing) choosePlan(ctx context.Context) (err error) {
	o := im.opts
	m := o.Mapping
	switch {
	case o.Preset != "":
		p, err := findPreset(o.Preset)
		if err != nil {
			return err
		}
		if m, err = im.byPreset(o.Preset, p); err != nil {
			return err
		}
	case m.empty():
		command := ""
		if name, p, ok := knownPreset(im.form.header); ok {
			if m, err = im.byPreset(name, p); err != nil {
				return err
			}
			o.Preset = name
			command = (&Mapping{}).command(o)
		} else {
			if m, err = im.guess(ctx); err != nil {
				return err
			}
			command = m.command(o)
		}
		if !o.Yes {
			if o.Confirm == nil {
				return &ErrNeedsYes{File: im.src.name, Command: command}
			}
			switch yes, err := o.Confirm(command); {
			case err != nil:
				return err
			case !yes:
				return usage("not imported; give the mapping as flags: the guess was\n  %s", command)
			}
		}
		im.guessNote = "the mapping was guessed: " + command
	}
	im.mapping = m
	im.plan, err = im.buildPlan(&im.mapping)
	return err
}

// byPreset maps the file as a preset says.
func (im *importing) byPreset(name string, p preset) (Mapping, error) {
	o := im.opts
	if o.Currency == "" {
		o.Currency = p.Currency
	}
	if o.Timezone == "" {
		o.Timezone = p.Timezone
	}
	return p.mapping(name, im.form.header, o.Mapping, func(col int) bool { return 2*im.evidence[col].set > im.sampled })
}

// best finds the column that the lexicon ranks highest for a part or role,
// among those that fits accepts (nil: all).
func (im *importing) best(part string, fits func(col int) bool) (col int, ok bool) {
	bestRank := 0
	for i, h := range im.form.header {
		r, known := rank(words().Columns[part], snake(h))
		if !known && customerParts[part] && personsID(snake(h)) {
			r, known = 0, true
		}
		if known && (!ok || r < bestRank) && (fits == nil || fits(i)) {
			col, bestRank, ok = i, r, true
		}
	}
	return col, ok
}

// customerParts are the parts of a mapping that tell whose a row is.
var customerParts = map[string]bool{"customer": true, "customer_key": true}

// guess makes a mapping from the columns' names and contents.
func (im *importing) guess(ctx context.Context) (Mapping, error) {
	lex, header := words(), im.form.header
	figures := func(i int) bool { e := &im.evidence[i]; return e.set > 0 && max(e.point, e.comma)*10 >= e.set*9 }
	times := func(i int) bool {
		e := &im.evidence[i]
		if e.set > 0 && e.serials == e.set {
			_, named := rank(lex.Columns["time"], snake(header[i]))
			return named // a spreadsheet's count of days
		}
		return e.set > 0 && e.moments*10 >= e.set*9 && (e.plain == 0 || lex.hinted("time", snake(header[i])))
	}
	unique := func(i int) bool { return im.sampled > 0 && len(im.tallies[i]) == im.sampled }
	labels := func(i int) bool {
		return im.evidence[i].set > 0 && len(im.tallies[i]) <= 200 && im.evidence[i].moments == 0
	}

	eventCol, hasEvent := im.best("event", labels)
	when, hasTime := im.best("time", times)
	if !hasTime {
		for i := range header {
			if _, birthday := rank(lex.Columns["birthday"], snake(header[i])); times(i) && !birthday && !hasTime {
				when, hasTime = i, true
			}
		}
	}
	who, hasWho := im.best("customer", func(i int) bool { return !hasTime || i != when })
	known, err := im.knownPeople(ctx)
	if err != nil {
		return Mapping{}, err
	}
	did := false
	if col, ok := known(who, hasWho); ok && !(hasTime && col == when) {
		who, hasWho = col, true
		if hasTime {
			if did, err = im.didThings(ctx, who, when); err != nil {
				return Mapping{}, err
			}
		}
	}
	amount, hasAmount := im.best("amount", figures)
	price, hasPrice := im.best("price", figures)
	taking, hasTaking := -1, false // rows are paid for by a figure of the trade's own name
	if !hasAmount && !hasPrice {
		taking, hasTaking = im.taking(figures)
	}
	quantity, hasQuantity := im.best("quantity", figures)
	product, hasProduct := im.best("product", func(i int) bool { return !(hasAmount && i == amount) && i != who })
	tie, tied := im.best("event_id", func(i int) bool { return i != who && !(hasTime && i == when) && !(hasEvent && i == eventCol) })
	orders := tied && hasAmount && hasWho && hasTime && tie != who // ids of their own and amounts
	own, noun, numbered := im.rowsOwn()
	orders = orders || numbered && hasWho && hasTime && (!im.signupOnly(when) || !unique(who)) // citas.csv, whose rows have an id_cita
	orders = orders || hasWho && hasTime && (im.asks() || did)
	if key, ok := im.best("customer_key", unique); ok && !orders && !hasEvent && (im.ofPeople() || (!hasProduct || hasTime && im.signupOnly(when)) && !hasQuantity && (!hasTime || im.signupOnly(when) || !hasAmount && !hasTaking)) {
		return Mapping{Customers: true, ID: header[key]}, nil
	}
	if key, ok := im.listKey(); ok && !orders && !hasEvent && im.ofPeople() && !hasWho {
		return Mapping{Customers: true, ID: header[key]}, nil
	}
	if key, ok := im.listKey(); ok && !orders && !hasEvent && !hasQuantity && (!hasTime || !hasWho || im.signupOnly(when)) && (!hasTime || im.signupOnly(when) || !hasAmount && !hasPrice && !hasTaking) {
		return Mapping{Customers: true, ID: header[key]}, nil
	}
	if !hasWho || !hasTime {
		lacks := "which column is the customer's id"
		if hasWho {
			lacks = "which column is the time"
		}
		return Mapping{}, usage("no mapping was given for %s, and the columns do not tell %s; they are: %s\nsay it, as in: tesela import %s --events order --customer COLUMN --time COLUMN\nor, for customers: tesela import %s --customers --id COLUMN",
			im.src.name, lacks, strings.Join(header, ", "), shellWord(im.opts.File), shellWord(im.opts.File))
	}
	m := Mapping{Customer: header[who], Time: header[when]}
	if hasEvent {
		m.EventColumn = header[eventCol]
	} else {
		if m.Events, err = im.eventName(ctx, noun, hasAmount || hasPrice); err != nil {
			return Mapping{}, err
		}
	}
	if numbered {
		m.EventID = header[own]
	} else if id, ok := im.best("event_id", func(i int) bool { return i != who && i != when && !(hasEvent && i == eventCol) }); ok {
		m.EventID = header[id]
	}
	switch {
	case hasAmount:
		m.Props = append(m.Props, "amount="+header[amount]+":money")
	case hasPrice && hasQuantity:
		m.Props = append(m.Props, fmt.Sprintf("amount=%s*%s:money", header[quantity], header[price]))
	case hasPrice:
		m.Props = append(m.Props, "amount="+header[price]+":money")
	}
	if hasTaking {
		m.Props = append(m.Props, snake(header[taking])+"="+header[taking]+":money")
	}
	if hasProduct {
		m.Props = append(m.Props, "product="+header[product]+":text")
	}
	for _, trait := range []string{"country", "city", "email", "phone", "birthday", "signup"} {
		if i, ok := im.best(trait, func(i int) bool {
			// When an order was made says nothing about when the customer came.
			_, isTime := rank(lex.Columns["time"], snake(header[i]))
			return i != who && i != when && !(trait == "signup" && isTime)
		}); ok {
			m.CustomerTraits = append(m.CustomerTraits, trait+"="+header[i])
		}
	}
	return m, nil
}

// signupOnly tells whether a column's name says when a customer came rather
// than when something happened.
func (im *importing) signupOnly(col int) bool {
	_, ok := rank(words().Columns["signup"], snake(im.form.header[col]))
	return ok
}

// eventName guesses what rows are called: as their own ids say, else by the
// role that the file's name has, else by that name, else by the role that paid
// rows have. A name that rows of another kind have is none for these.
func (im *importing) eventName(ctx context.Context, noun string, paid bool) (string, error) {
	name := im.fileName()
	says := fileNoun(name)
	names := []string{noun}
	for _, role := range slices.Sorted(maps.Keys(words().Events)) {
		list := words().Events[role]
		if _, called := rank(list, name); called || paid && says == "" && role == rolePurchase || role == roleSurvey && im.asks() {
			names = append(names, list[0])
		}
	}
	for _, n := range append(names, says, name) {
		if n == "" {
			continue
		}
		if taken, err := im.taken(ctx, n); err != nil || !taken {
			return n, err
		}
	}
	if name == "" || im.opts.File == "-" {
		return "event", nil
	}
	return name, nil
}

// command spells the mapping out as the command that gives it.
func (m *Mapping) command(o *Options) string {
	parts := []string{"tesela", "import", shellWord(o.File)}
	flag := func(name, value string) {
		if value != "" {
			parts = append(parts, name, shellWord(value))
		}
	}
	if m.Customers {
		parts = append(parts, "--customers")
	}
	flag("--id", m.ID)
	flag("--events", m.Events)
	flag("--event-column", m.EventColumn)
	flag("--customer", m.Customer)
	flag("--time", m.Time)
	flag("--event-id", m.EventID)
	for _, list := range []struct {
		name  string
		texts []string
	}{{"--trait", m.Traits}, {"--prop", m.Props}, {"--customer-trait", m.CustomerTraits}} {
		for _, t := range list.texts {
			flag(list.name, t)
		}
	}
	flag("--preset", o.Preset)
	flag("--currency", o.Currency)
	flag("--timezone", o.Timezone)
	flag("--encoding", o.Encoding)
	flag("--delimiter", o.Delimiter)
	flag("--date-order", o.DateOrder)
	for _, d := range o.Drop {
		flag("--drop", d)
	}
	if o.OnlyNamed {
		parts = append(parts, "--only-named")
	}
	return strings.Join(parts, " ")
}

// shellWord quotes a word for the shell where it must be.
func shellWord(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,@") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
