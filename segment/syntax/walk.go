package syntax

// Walk visits n and what is in it, depth first, children in the order of the
// text; where visit gives false it does not descend. Every Node is visited:
// formulas, values, windows, points, durations, steps, parameters, the number
// of a rank and the date of a comparison. Nodes held by value are visited by
// pointer into the tree.
func Walk(n Node, visit func(Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	switch x := n.(type) {
	case *Or:
		walkAll(x.Terms, visit)
	case *And:
		walkAll(x.Factors, visit)
	case *Not:
		Walk(x.X, visit)
	case *Compare:
		Walk(x.Left, visit)
		Walk(x.Right, visit)
	case *In:
		Walk(x.Value, visit)
		walkAll(x.List, visit)
	case *Between:
		Walk(x.Value, visit)
		Walk(x.Low, visit)
		Walk(x.High, visit)
	case *IsSet:
		Walk(x.Value, visit)
	case *Match:
		Walk(x.Value, visit)
	case *DateCompare:
		Walk(x.Value, visit)
		Walk(&x.Date, visit)
	case *Within:
		Walk(x.Value, visit)
		walkWindow(x.Window, visit)
	case *Anniversary:
		Walk(x.Value, visit)
		Walk(&x.Next, visit)
	case *Rank:
		Walk(&x.N, visit)
		Walk(x.By, visit)
		walkFormula(x.Among, visit)
	case *Sequence:
		for i := range x.Steps {
			Walk(&x.Steps[i], visit)
		}
		Walk(&x.Within, visit)
		walkWindow(x.Window, visit)
	case *InSegment:
		if x.At != nil {
			Walk(x.At, visit)
		}
	case *Crossed:
		walkWindow(x.Window, visit)
	default:
		walkValue(n, visit)
	}
}

func walkValue(n Node, visit func(Node) bool) {
	switch x := n.(type) {
	case *Arith:
		Walk(x.Left, visit)
		Walk(x.Right, visit)
	case *Name:
		for i := range x.Params {
			Walk(&x.Params[i], visit)
		}
	case *Param:
		if x.Value != nil {
			Walk(x.Value, visit)
		}
		walkWindow(x.Window, visit)
	case *Call:
		walkFormula(x.Where, visit)
		walkWindow(x.Window, visit)
	case *CustomersOf:
		Walk(x.Formula, visit)
	case *PerCustomer:
		Walk(x.Value, visit)
	case *Step:
		walkFormula(x.Where, visit)
	case *Window:
		switch x.Kind {
		case WindowLast, WindowNext:
			Walk(&x.Duration, visit)
		case WindowFromTo:
			Walk(&x.From, visit)
			Walk(&x.To, visit)
		case WindowBefore, WindowSince:
			Walk(&x.From, visit)
		}
	case *Point:
		if x.Date != nil {
			Walk(x.Date, visit)
		}
		if x.Ago != nil {
			Walk(x.Ago, visit)
		}
	}
}

func walkAll[N Node](ns []N, visit func(Node) bool) {
	for _, n := range ns {
		Walk(n, visit)
	}
}

func walkFormula(f Formula, visit func(Node) bool) {
	if f != nil {
		Walk(f, visit)
	}
}

func walkWindow(w *Window, visit func(Node) bool) {
	if w != nil {
		Walk(w, visit)
	}
}
