package syntax

// formula parses an or-chain and insists that it is a formula.
func (p *parser) formula() (Formula, error) {
	n, err := p.or("a condition")
	if err != nil {
		return nil, err
	}
	return p.mustFormula(n)
}

// or, and, not, comparison: each gives a Formula, or a Value where the text
// holds no comparison (the inside of a value's brackets).
func (p *parser) or(want string) (Node, error) {
	return p.chain("or", want, p.and, func(s Span, fs []Formula) Formula {
		f := Any(fs...)
		f.(*Or).Span = s
		return f
	})
}

func (p *parser) and(want string) (Node, error) {
	return p.chain("and", want, p.not, func(s Span, fs []Formula) Formula {
		f := All(fs...)
		f.(*And).Span = s
		return f
	})
}

// chain parses parts joined by a keyword.
func (p *parser) chain(word, want string, part func(string) (Node, error), join func(Span, []Formula) Formula) (Node, error) {
	start := p.peek().span.From
	first, err := part(want)
	if err != nil || !p.peek().is(word) {
		return first, err
	}
	f, err := p.mustFormula(first)
	if err != nil {
		return nil, err
	}
	fs := []Formula{f}
	for p.accept(word) {
		want := `a condition after "` + word + `"`
		n, err := part(want)
		if err != nil {
			return nil, err
		}
		f, err := p.mustFormula(n)
		if err != nil {
			return nil, err
		}
		fs = append(fs, f)
	}
	return join(p.from(start), fs), nil
}

func (p *parser) not(want string) (Node, error) {
	if !p.peek().is("not") {
		return p.comparison(want)
	}
	start := p.take().span.From
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	n, err := p.not(`a condition after "not"`)
	if err != nil {
		return nil, err
	}
	f, err := p.mustFormula(n)
	if err != nil {
		return nil, err
	}
	return &Not{Span: p.from(start), X: f}, nil
}

// mustFormula refuses a value where a formula is needed; the parser stands
// just after it.
func (p *parser) mustFormula(n Node) (Formula, error) {
	if f, ok := n.(Formula); ok {
		return f, nil
	}
	return nil, p.noComparison(n.(Value))
}

// comparison parses one condition, or only a value.
func (p *parser) comparison(want string) (Node, error) {
	t := p.peek()
	if t.kind == tokWord {
		if rule := special(t.text); rule != nil {
			if p.filter {
				return nil, p.fail(t.span, `%q asks about a customer, but "where" tests the properties of one row`, t.text)
			}
			return rule(p)
		}
	}
	start := t.span.From
	left, err := p.sum(want)
	if err != nil {
		return nil, err
	}
	v, ok := left.(Value)
	if !ok {
		return left, nil
	}
	return p.condition(start, v)
}

// special gives the rule of a condition that begins with a keyword.
func special(word string) func(*parser) (Formula, error) {
	switch word {
	case "top", "bottom":
		return (*parser).rank
	case "sequence":
		return (*parser).sequence
	case "segment":
		return (*parser).inSegment
	case "entered", "left":
		return (*parser).crossed
	case "everyone", "nobody":
		return (*parser).constant
	}
	return nil
}

// condition parses what follows the value of a condition; with nothing that
// belongs to one, it gives back the value.
func (p *parser) condition(start int, v Value) (Node, error) {
	t := p.peek()
	if t.comparison() {
		return p.compare(start, v, Op(t.text))
	}
	if t.kind != tokWord {
		return v, nil
	}
	switch t.text {
	case "not":
		p.take()
		return p.notCondition(start, v, t)
	case "in":
		return p.in(start, v, false)
	case "between":
		return p.between(start, v)
	case "is":
		return p.isSet(start, v)
	case "contains", "starts", "ends":
		return p.match(start, v, false)
	case "before", "after", "on":
		return p.dateCompare(start, v)
	case "within":
		p.take()
		w, err := p.window()
		if err != nil {
			return nil, err
		}
		return &Within{Span: p.from(start), Value: v, Window: w}, nil
	case "anniversary":
		p.take()
		if !p.accept("within") || !p.accept("next") {
			return nil, p.unexpected(`"within next" after "anniversary"`, "as in birthday anniversary within next 7d")
		}
		d, err := p.duration()
		if err != nil {
			return nil, err
		}
		return &Anniversary{Span: p.from(start), Value: v, Next: d}, nil
	}
	return v, nil
}

func (p *parser) compare(start int, v Value, op Op) (Node, error) {
	sign := p.take()
	if t := p.peek(); t.is("null") {
		instead := "is not set"
		if op == Ne {
			instead = "is set"
		}
		return nil, p.fail(Span{sign.span.From, t.span.To}, `nothing is equal to null: write "%s %s"`, shorten(v.String()), instead)
	}
	right, err := p.value(`a value after "` + string(op) + `"`)
	if err != nil {
		return nil, err
	}
	return &Compare{Span: p.from(start), Left: v, Op: op, Right: right}, nil
}

// notCondition parses what follows `value not`.
func (p *parser) notCondition(start int, v Value, not token) (Node, error) {
	t := p.peek()
	if t.kind == tokWord {
		switch t.text {
		case "in":
			return p.in(start, v, true)
		case "contains", "starts", "ends":
			return p.match(start, v, true)
		case "between", "within", "before", "after", "on", "anniversary":
			return nil, p.fail(Span{not.span.From, t.span.To}, `"not" stands before the whole condition here: not %s %s …`, shorten(v.String()), t.text)
		}
	}
	if t.is("=") {
		return nil, p.fail(Span{not.span.From, t.span.To}, `write "!=" for "not ="`)
	}
	return nil, p.unexpected(`"in", "contains", "starts with" or "ends with" after "not"`)
}

func (p *parser) in(start int, v Value, not bool) (Node, error) {
	p.take()
	open := p.peek()
	if !p.accept("(") {
		return nil, p.unexpected(`"(" after "in"`, `a list stands in brackets, as in country in ("DE", "FR")`)
	}
	if p.peek().is(")") {
		return nil, p.unexpected(`a value in the list of "in"`, "a list holds at least one")
	}
	x := &In{Value: v, Not: not}
	for {
		l, err := p.literal("a text, number, date, true or false in the list")
		if err != nil {
			return nil, err
		}
		x.List = append(x.List, l)
		if !p.accept(",") {
			break
		}
	}
	if err := p.closing(open, `"," or ")" in the list`); err != nil {
		return nil, err
	}
	x.Span = p.from(start)
	return x, nil
}

func (p *parser) between(start int, v Value) (Node, error) {
	p.take()
	low, err := p.literal(`a text, number or date after "between"`)
	if err != nil {
		return nil, err
	}
	if !p.accept("and") {
		return nil, p.unexpected(`"and" and the upper end of "between"`)
	}
	high, err := p.literal(`the upper end of "between"`)
	if err != nil {
		return nil, err
	}
	return &Between{Span: p.from(start), Value: v, Low: low, High: high}, nil
}

func (p *parser) isSet(start int, v Value) (Node, error) {
	is := p.take()
	not := p.accept("not")
	if p.accept("set") {
		return &IsSet{Span: p.from(start), Value: v, Not: not}, nil
	}
	t := p.peek()
	switch {
	case t.is("null") && not:
		return nil, p.fail(Span{is.span.From, t.span.To}, `write "%s is set"`, shorten(v.String()))
	case t.is("null"):
		return nil, p.fail(Span{is.span.From, t.span.To}, `write "%s is not set"`, shorten(v.String()))
	case t.is("in"):
		return nil, p.unexpected(`"set" or "not set" after "is"`, `write "in (…)" without "is"`)
	case t.kind == tokString || t.kind == tokNumber || t.kind == tokDate || t.is("true") || t.is("false"):
		op := "="
		if not {
			op = "!="
		}
		return nil, p.unexpected(`"set" or "not set" after "is"`, `write "`+op+`" to compare`)
	case not:
		return nil, p.unexpected(`"set" after "is not"`)
	}
	return nil, p.unexpected(`"set" or "not set" after "is"`)
}

func (p *parser) match(start int, v Value, not bool) (Node, error) {
	x := &Match{Value: v, Not: not, Op: Contains}
	switch word := p.take().text; word {
	case "starts", "ends":
		if !p.accept("with") {
			return nil, p.unexpected(`"with" after "` + word + `"`)
		}
		x.Op = StartsWith
		if word == "ends" {
			x.Op = EndsWith
		}
	}
	t := p.peek()
	if t.kind != tokString {
		return nil, p.unexpected(`a text in double quotes after "` + string(x.Op) + `"`)
	}
	p.take()
	x.Text, x.Span = t.text, p.from(start)
	return x, nil
}

func (p *parser) dateCompare(start int, v Value) (Node, error) {
	op := p.take()
	if t := p.peek(); t.kind == tokNumber {
		return nil, p.unexpected(`a date such as 2011-12-01 after "`+op.text+`"`, `for a span of time write "within", as in within since 30d ago or within 2011-05`)
	}
	d, err := p.date()
	if err != nil {
		return nil, err
	}
	return &DateCompare{Span: p.from(start), Value: v, Op: DateOp(op.text), Date: d}, nil
}
