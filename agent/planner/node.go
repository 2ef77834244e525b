package planner

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"tesela/segment/syntax"
)

// cat is the type of a span of the chart. Categories of the lexicon keep
// their heading's name; the others are made by rules.
type cat string

// The categories that rules make or that do not come from a lexicon.
const (
	cNum      cat = "num"
	cMoney    cat = "money"
	cPercent  cat = "percentage"
	cQty      cat = "qty"      // at least 5, between 3 and 5, three times
	cDur      cat = "duration" // 90 days
	cQtyDur   cat = "qtydur"   // more than 90 days
	cSpan     cat = "span"     // an absolute period: 2011, November 2011, 5 March
	cMonthDay cat = "monthday" // month or day without its year
	cWin      cat = "window"
	cClause   cat = "clause"   // an event with what is said of it
	cFrag     cat = "fragment" // what is said of an event that is named elsewhere
	cCond     cat = "condition"
	cCust     cat = "customers"
	cField    cat = "field"
	cVal      cat = "value"
	cMeas     cat = "measure"
	cGroup    cat = "grouping"
	cRank     cat = "rank"
	cLastOf   cat = "last of"           // the last order
	cSoMany   cat = "so many of a kind" // "10 hotels"
	cUnknown  cat = "unknown"
	cMissing  cat = "missing" // a known concept that this data lacks
	cGlue     cat = "glue"
	cBreak    cat = "break"
	cNone     cat = "none"
	cPart     cat = "part" // left side of a coordination: "X and"
	cBetween  cat = "between n"
	cQuoted   cat = "quoted"
)

// qty is a comparison with a figure.
type qty struct {
	op     syntax.Op // "" where a bare figure was given
	lo, hi string    // canonical numbers; hi only for a range
	unit   string    // "", money, times, percent
	isHi   bool      // lo…hi range
	above  bool      // the range is without lo itself
	below  bool      // and without hi
	once   bool      // "once": a bare figure that people mean exactly
	at     int       // the token that gives the figure
	// article is set where the figure is but "a" or "one": no amount of money.
	article bool
}

// clause is a statement about one event of a customer.
type clause struct {
	event string
	fn    syntax.Fn // count, sum, distinct
	prop  string
	where []syntax.Formula
	win   *syntax.Window
	ever  bool // time was said to be open
	qty   *qty
	neg   bool
	verb  bool
	// weak verbs have the form of a noun: "order", "bet".
	weak bool
	noun bool // money spent, as a noun: "the spend of women"
	// qualified is set once something beyond the bare event was said.
	qualified bool
	person    bool // "buyers": those who did it, as a noun
	repeat    bool // "bought again": another purchase, of the whole time
	it        bool // "on it": of what the clause before was of
	same      bool // "in that time": the window of the clause before
	ago       bool // "three days ago": of what happened then
	stopped   bool // "no longer buy": they did, but not in a time to be said
	act       bool // "stopped buying": the end of it, not how things are now
	since     bool // "… and nothing since": after what the clause before says
	// preceding is a time that ends where the clause before begins: "nor in the
	// 60 days before that".
	preceding *syntax.Duration
}

// node is a span of the question with a meaning.
type node struct {
	cat      cat
	from, to int // tokens
	cost     float64

	attr    string // the lexicon's attribute
	form    string
	num     *big.Rat
	qty     *qty
	dur     *syntax.Duration
	win     *syntax.Window
	ever    bool
	start   time.Time // cSpan: start and end; cMonthDay: in the year zero sense
	end     time.Time
	month   int
	day     int
	clause  *clause
	cond    syntax.Formula
	last    *clause // the clause that an ellipsis after cond takes up
	fields  []int
	vals    []valueRef
	neg     bool
	meas    *meas
	groups  []grouping
	rank    *rank
	word    string // unknown or missing: as typed
	text    string
	joiner  string // cPart: and, or, but; a time of two periods: and, or
	piece   piece
	beside  []*syntax.Window // of a time of two periods
	left    *node
	assume  []assumption
	bare    []*qty    // counts of cond given without a comparison
	windows []*clause // clauses of cond that have no window of their own
	simple  bool      // cond is one plain condition
	sides   []*node   // of "A or B": both as they were read
}

// assumption is a choice the planner made, worded later.
type assumption struct {
	code string
	args map[string]string
}

// meas is a measure with what filters it.
type meas struct {
	exprs []string
	event string // event whose rows it counts, for where and windows
	where []syntax.Formula
	win   *syntax.Window
	ever  bool // time was said to be open
	// figured is set where a row is compared with a figure right behind the
	// measure, which may as well be meant of each customer.
	figured bool
	// of and stat are a statistic over customers: its time is that of the value.
	of   *syntax.Call
	stat string
	mean bool // an average of something still to be said
	anew bool // "new members": since when, a time has to say
	// all is set where those who did nothing count with nothing.
	all  bool
	base []syntax.Formula
	// versus is a second time that win is set against.
	versus *syntax.Window
	// beside are the two periods that win is made of: "2024 and 2025".
	beside []*syntax.Window
	// against is another event that it is divided by: "refunds per order".
	against string
	each    bool // so much for one event: an average as it stands
}

// grouping is one thing to break down by: a field or a period.
type grouping struct {
	field int // -1: a period or a layer
	per   string
	layer string
}

// rank is "top 10", "most", "bottom 5 %".
type rank struct {
	bottom  bool
	n       string
	percent bool
	by      syntax.Value
	super   bool // a superlative without a number
}

// key tells meanings apart: two nodes of one span and key differ in cost only.
func (n *node) key() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s|%s|%s", n.cat, n.attr, n.form)
	if n.num != nil {
		b.WriteString("|n" + n.num.RatString())
	}
	if n.qty != nil {
		fmt.Fprintf(&b, "|q%+v", *n.qty)
	}
	if n.dur != nil {
		b.WriteString("|d" + n.dur.String())
	}
	if n.win != nil {
		b.WriteString("|w" + n.win.String())
		if len(n.beside) > 0 {
			b.WriteString(" of two by " + n.joiner)
		}
	}
	if !n.start.IsZero() || n.month > 0 {
		fmt.Fprintf(&b, "|s%d-%d-%d-%d", n.start.Unix(), n.end.Unix(), n.month, n.day)
	}
	if n.clause != nil {
		b.WriteString("|c" + n.clause.key())
	}
	if n.cond != nil {
		b.WriteString("|f" + n.cond.String())
	}
	if n.last != nil {
		b.WriteString("|l" + n.last.key())
	}
	for _, f := range n.fields {
		fmt.Fprintf(&b, "|F%d", f)
	}
	for _, v := range n.vals {
		fmt.Fprintf(&b, "|V%d.%d%s", v.field, v.code, v.part)
	}
	if n.meas != nil {
		fmt.Fprintf(&b, "|m%v%v%v%v", n.meas.exprs, formulas(n.meas.where), formulas(n.meas.base), n.meas.ever || n.meas.mean)
		if n.meas.win != nil {
			b.WriteString(n.meas.win.String())
		}
		if n.meas.versus != nil {
			b.WriteString(" versus " + n.meas.versus.String())
		}
		for _, w := range n.meas.beside {
			b.WriteString(" beside " + w.String())
		}
	}
	fmt.Fprintf(&b, "|g%v", n.groups)
	if n.rank != nil {
		fmt.Fprintf(&b, "|r%v%s%v%v", n.rank.bottom, n.rank.n, n.rank.percent, n.rank.super)
		if n.rank.by != nil {
			b.WriteString(n.rank.by.String())
		}
	}
	if n.left != nil {
		b.WriteString("|L" + n.joiner + n.left.key())
	}
	fmt.Fprintf(&b, "|%v%v%s%s", n.neg, n.ever, n.word, n.text)
	return b.String()
}

func formulas(list []syntax.Formula) string {
	s := make([]string, len(list))
	for i, f := range list {
		s[i] = f.String()
	}
	return strings.Join(s, " & ")
}

func (c *clause) key() string {
	w := ""
	if c.win != nil {
		w = c.win.String()
	}
	q := ""
	if c.qty != nil {
		q = fmt.Sprintf("%+v", *c.qty)
	}
	return fmt.Sprintf("%s.%s.%s[%s]%s.%v %s %v %v %v %v %v %v %v %v %v", c.event, c.fn, c.prop, formulas(c.where), w, c.ever, q, c.neg, c.verb, c.qualified, c.same, c.it, c.stopped, c.act, c.since, c.noun)
}

// with returns a copy of the clause, so that nodes never share one that rules
// change.
func (c *clause) with(change func(*clause)) *clause {
	d := *c
	d.where = append([]syntax.Formula(nil), c.where...)
	d.qualified = true
	change(&d)
	return &d
}
