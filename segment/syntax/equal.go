package syntax

import "slices"

// Equal tells whether two trees are the same but for spans. Nil equals nil.
func Equal(a, b Node) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	switch x := a.(type) {
	case *Or:
		y, ok := b.(*Or)
		return ok && equalAll(x.Terms, y.Terms)
	case *And:
		y, ok := b.(*And)
		return ok && equalAll(x.Factors, y.Factors)
	case *Not:
		y, ok := b.(*Not)
		return ok && equalFormula(x.X, y.X)
	case *Compare:
		y, ok := b.(*Compare)
		return ok && x.Op == y.Op && equalValue(x.Left, y.Left) && equalValue(x.Right, y.Right)
	case *In:
		y, ok := b.(*In)
		return ok && x.Not == y.Not && equalValue(x.Value, y.Value) && equalAll(x.List, y.List)
	case *Between:
		y, ok := b.(*Between)
		return ok && equalValue(x.Value, y.Value) && equalValue(x.Low, y.Low) && equalValue(x.High, y.High)
	case *IsSet:
		y, ok := b.(*IsSet)
		return ok && x.Not == y.Not && equalValue(x.Value, y.Value)
	case *Match:
		y, ok := b.(*Match)
		return ok && x.Not == y.Not && x.Op == y.Op && x.Text == y.Text && equalValue(x.Value, y.Value)
	case *DateCompare:
		y, ok := b.(*DateCompare)
		return ok && x.Op == y.Op && x.Date.Text == y.Date.Text && equalValue(x.Value, y.Value)
	case *Within:
		y, ok := b.(*Within)
		return ok && equalValue(x.Value, y.Value) && equalWindow(x.Window, y.Window)
	case *Anniversary:
		y, ok := b.(*Anniversary)
		return ok && equalValue(x.Value, y.Value) && equalDuration(x.Next, y.Next)
	case *Rank:
		y, ok := b.(*Rank)
		return ok && x.Bottom == y.Bottom && x.Percent == y.Percent && x.N.Text == y.N.Text &&
			equalValue(x.By, y.By) && equalFormula(x.Among, y.Among)
	case *Sequence:
		y, ok := b.(*Sequence)
		return ok && slices.EqualFunc(x.Steps, y.Steps, equalStep) &&
			equalDuration(x.Within, y.Within) && equalWindow(x.Window, y.Window)
	case *InSegment:
		y, ok := b.(*InSegment)
		return ok && x.Name == y.Name && equalDate(x.At, y.At)
	case *Crossed:
		y, ok := b.(*Crossed)
		return ok && x.Left == y.Left && x.Name == y.Name && equalWindow(x.Window, y.Window)
	case *Everyone:
		_, ok := b.(*Everyone)
		return ok
	case *Nobody:
		_, ok := b.(*Nobody)
		return ok
	}
	return equalRest(a, b)
}

func equalRest(a, b Node) bool {
	switch x := a.(type) {
	case *Number:
		y, ok := b.(*Number)
		return ok && x.Text == y.Text
	case *Text:
		y, ok := b.(*Text)
		return ok && x.Value == y.Value
	case *Date:
		y, ok := b.(*Date)
		return ok && x.Text == y.Text
	case *Bool:
		y, ok := b.(*Bool)
		return ok && x.Value == y.Value
	case *Arith:
		y, ok := b.(*Arith)
		return ok && x.Op == y.Op && equalValue(x.Left, y.Left) && equalValue(x.Right, y.Right)
	case *Name:
		y, ok := b.(*Name)
		return ok && x.Name == y.Name && slices.EqualFunc(x.Params, y.Params, equalParam)
	case *Call:
		y, ok := b.(*Call)
		return ok && x.Fn == y.Fn && x.Event == y.Event && x.Property == y.Property &&
			equalFormula(x.Where, y.Where) && equalWindow(x.Window, y.Window)
	case *CustomersOf:
		y, ok := b.(*CustomersOf)
		return ok && equalFormula(x.Formula, y.Formula)
	case *PerCustomer:
		y, ok := b.(*PerCustomer)
		return ok && x.Statistic == y.Statistic && equalValue(x.Value, y.Value)
	case *Window:
		y, ok := b.(*Window)
		return ok && equalWindow(x, y)
	case *Point:
		y, ok := b.(*Point)
		return ok && equalPoint(*x, *y)
	case *Duration:
		y, ok := b.(*Duration)
		return ok && equalDuration(*x, *y)
	case *Step:
		y, ok := b.(*Step)
		return ok && equalStep(*x, *y)
	case *Param:
		y, ok := b.(*Param)
		return ok && equalParam(*x, *y)
	}
	return false
}

func equalAll[N Node](a, b []N) bool {
	return slices.EqualFunc(a, b, func(x, y N) bool { return Equal(x, y) })
}

func equalFormula(a, b Formula) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return Equal(a, b)
}

func equalValue(a, b Value) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return Equal(a, b)
}

func equalStep(a, b Step) bool {
	return a.Not == b.Not && a.Event == b.Event && equalFormula(a.Where, b.Where)
}

func equalParam(a, b Param) bool {
	return a.Key == b.Key && a.Event == b.Event && equalValue(a.Value, b.Value) && equalWindow(a.Window, b.Window) &&
		(a.Ago == nil) == (b.Ago == nil) && (a.Ago == nil || equalDuration(*a.Ago, *b.Ago))
}

// equalWindow compares what the kind of window uses.
func equalWindow(a, b *Window) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case WindowLast, WindowNext:
		return equalDuration(a.Duration, b.Duration)
	case WindowFromTo:
		return equalPoint(a.From, b.From) && equalPoint(a.To, b.To)
	case WindowBefore, WindowSince:
		return equalPoint(a.From, b.From)
	}
	return a.Period == b.Period
}

func equalPoint(a, b Point) bool {
	if a.Ago == nil || b.Ago == nil {
		return a.Ago == b.Ago && equalDate(a.Date, b.Date)
	}
	return equalDuration(*a.Ago, *b.Ago) && equalDate(a.Date, b.Date)
}

func equalDate(a, b *Date) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Text == b.Text
}

func equalDuration(a, b Duration) bool { return a.N == b.N && a.Unit == b.Unit }
