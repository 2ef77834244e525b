package syntax

// String prints the canonical text, which parses back to the same tree.

// String prints canonical text.
func (x *Or) String() string { return text(x) }

// String prints canonical text.
func (x *And) String() string { return text(x) }

// String prints canonical text.
func (x *Not) String() string { return text(x) }

// String prints canonical text.
func (x *Compare) String() string { return text(x) }

// String prints canonical text.
func (x *In) String() string { return text(x) }

// String prints canonical text.
func (x *Between) String() string { return text(x) }

// String prints canonical text.
func (x *IsSet) String() string { return text(x) }

// String prints canonical text.
func (x *Match) String() string { return text(x) }

// String prints canonical text.
func (x *DateCompare) String() string { return text(x) }

// String prints canonical text.
func (x *Within) String() string { return text(x) }

// String prints canonical text.
func (x *Anniversary) String() string { return text(x) }

// String prints canonical text.
func (x *Rank) String() string { return text(x) }

// String prints canonical text.
func (x *Sequence) String() string { return text(x) }

// String prints canonical text.
func (x *InSegment) String() string { return text(x) }

// String prints canonical text.
func (x *Crossed) String() string { return text(x) }

// String prints canonical text.
func (x *Everyone) String() string { return text(x) }

// String prints canonical text.
func (x *Nobody) String() string { return text(x) }

// String prints canonical text.
func (x *Arith) String() string { return text(x) }

// String prints canonical text.
func (x *Name) String() string { return text(x) }

// String prints canonical text.
func (x *Call) String() string { return text(x) }

// String prints canonical text.
func (x *CustomersOf) String() string { return text(x) }

// String prints canonical text.
func (x *PerCustomer) String() string { return text(x) }

// String prints canonical text.
func (x *Window) String() string { return text(x) }

// String prints canonical text.
func (x Number) String() string { return text(&x) }

// String prints canonical text.
func (x Text) String() string { return text(&x) }

// String prints canonical text.
func (x Date) String() string { return text(&x) }

// String prints canonical text.
func (x Bool) String() string { return text(&x) }

// String prints canonical text.
func (x Step) String() string { return text(&x) }

// String prints canonical text.
func (x Param) String() string { return text(&x) }

// String prints canonical text.
func (x Point) String() string { return text(&x) }

// String prints canonical text.
func (x Duration) String() string { return text(&x) }
