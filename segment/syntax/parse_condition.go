package syntax

// constant parses everyone and nobody.
func (p *parser) constant() (Formula, error) {
	t := p.take()
	if t.text == "nobody" {
		return &Nobody{Span: t.span}, nil
	}
	return &Everyone{Span: t.span}, nil
}

// rank parses top and bottom.
func (p *parser) rank() (Formula, error) {
	word := p.take()
	x := &Rank{Bottom: word.text == "bottom"}
	t := p.peek()
	if t.kind != tokNumber {
		return nil, p.unexpected(`a number after "`+word.text+`"`, "as in "+word.text+" 10% by sum(order.amount) or "+word.text+" 100 by …")
	}
	n, err := p.number()
	if err != nil {
		return nil, err
	}
	x.N = *n
	percent := p.peek()
	x.Percent = p.accept("%")
	switch {
	case percent.is("percent"):
		return nil, p.unexpected(`"%" or "by"`, "write "+n.Text+"%")
	case x.Percent && (n.Text == "0" || n.Rat().Cmp(hundred) > 0):
		return nil, p.fail(Span{t.span.From, percent.span.To}, "a percentage is over 0 and at most 100, not %s%%", n.Text)
	case !x.Percent && (n.Text == "0" || !n.Whole() || len(n.Text) > maxWhole):
		return nil, p.fail(t.span, "the number after %q is a whole number from 1, or a percentage such as 10%%", word.text)
	}
	if !p.accept("by") {
		if x.Percent {
			return nil, p.unexpected(`"by" and the value to rank by`)
		}
		return nil, p.unexpected(`"%" or "by" and the value to rank by`)
	}
	x.By, err = p.value(`a value to rank by`)
	if err != nil {
		return nil, err
	}
	if p.accept("among") {
		open := p.peek()
		if !p.accept("(") {
			return nil, p.unexpected(`"(" and a formula after "among"`)
		}
		x.Among, err = p.bracketed(open)
		if err != nil {
			return nil, err
		}
	}
	x.Span = p.from(word.span.From)
	return x, nil
}

// bracketed parses the formula in brackets that are open already.
func (p *parser) bracketed(open token) (Formula, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	f, err := p.formula()
	if err != nil {
		return nil, err
	}
	return f, p.closing(open, `"and", "or" or ")"`)
}

// sequence parses sequence(step, …, within duration[, window]).
func (p *parser) sequence() (Formula, error) {
	word := p.take()
	open := p.peek()
	if !p.accept("(") {
		return nil, p.unexpected(`"(" after "sequence"`)
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	x := &Sequence{}
	for !p.peek().is("within") {
		s, err := p.step(len(x.Steps))
		if err != nil {
			return nil, err
		}
		x.Steps = append(x.Steps, s)
		if !p.accept(",") {
			if t := p.peek(); t.is(")") || t.is("within") {
				return nil, p.unexpected(`", within" and the time the steps may take`, "as in sequence(view, order, within 1d)")
			}
			return nil, p.closing(open, `"," after the step`)
		}
	}
	if len(x.Steps) == 0 {
		return nil, p.unexpected(`an event as the first step of "sequence"`)
	}
	p.take()
	var err error
	if x.Within, err = p.duration(); err != nil {
		return nil, err
	}
	if p.accept(",") {
		if x.Window, err = p.window(); err != nil {
			return nil, err
		}
	}
	if err := p.closing(open, `")"`); err != nil {
		return nil, err
	}
	x.Span = p.from(word.span.From)
	return x, nil
}

func (p *parser) step(n int) (Step, error) {
	start := p.peek().span.From
	s := Step{Not: p.accept("not")}
	want := "an event, or \"within\" and a duration"
	if n == 0 || s.Not {
		want = "an event"
	}
	var err error
	if s.Event, s.EventAt, err = p.name(want); err != nil {
		return s, err
	}
	if p.accept("where") {
		if s.Where, err = p.where(); err != nil {
			return s, err
		}
	}
	s.Span = p.from(start)
	return s, nil
}

// where parses the filter after the word.
func (p *parser) where() (Formula, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	outer := p.filter
	p.filter = true
	defer func() { p.filter = outer; p.depth-- }()
	n, err := p.or(`a condition after "where"`)
	if err != nil {
		return nil, err
	}
	return p.mustFormula(n)
}

// inSegment parses segment "name" [at date].
func (p *parser) inSegment() (Formula, error) {
	word := p.take()
	name, err := p.segmentName()
	if err != nil {
		return nil, err
	}
	x := &InSegment{Name: name}
	if p.accept("at") {
		d, err := p.date()
		if err != nil {
			return nil, err
		}
		x.At = &d
	}
	x.Span = p.from(word.span.From)
	return x, nil
}

// crossed parses entered and left.
func (p *parser) crossed() (Formula, error) {
	word := p.take()
	x := &Crossed{Left: word.text == "left"}
	if !p.accept("segment") {
		return nil, p.unexpected(`"segment" after "`+word.text+`"`, word.text+` is a word of the language; as a name it stands in back quotes: `+Quote(word.text))
	}
	var err error
	if x.Name, err = p.segmentName(); err != nil {
		return nil, err
	}
	if !p.accept("within") {
		return nil, p.unexpected(`"within" and a window`, `as in `+word.text+` segment "VIP" within last 30d`)
	}
	if x.Window, err = p.window(); err != nil {
		return nil, err
	}
	x.Span = p.from(word.span.From)
	return x, nil
}

func (p *parser) segmentName() (string, error) {
	t := p.peek()
	if t.kind != tokString {
		return "", p.unexpected("the name of a segment in double quotes", "as in segment \"Newsletter\"; a trait called segment stands in back quotes: `segment`")
	}
	if t.text == "" {
		return "", p.fail(t.span, "the name of a segment cannot be empty")
	}
	p.take()
	return t.text, nil
}
