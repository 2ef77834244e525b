package planner

import (
	"math/big"
	"slices"

	"tesela/segment/syntax"
	"tesela/tools"
)

// parts are the pieces of a question sorted by what they are.
type parts struct {
	p        *parse
	asks     map[string]bool
	cust     bool
	named    bool    // by a noun, not only by "who"
	conds    []*node // cCond, cClause, cVal
	meas     []*node
	groups   []*node
	wins     []*node
	ranks    []*node
	fields   []*node
	byValue  []*node
	filters  []*node
	layers   []*node // layers named as such
	stats    []*node
	distinct []*node // "more than two clubs", of an event still to be chosen
	units    []*node // "the best month"
	byMoney  bool    // "most money": ranked by amount, not by times
	perCust  bool
	counted  bool // "how many customers"
	ties     bool // "counting ties": what a top N does anyway
	// zero and included tell that those who did nothing count with nothing.
	zero     bool
	included []*node
	perDoer  *clause // "per invoiced account"
	perEvent *node   // "per order"
	perMany  *big.Rat
	outdone  *node   // "… spend more than men"
	firsts   []*node // "their first order", with no time to it
	with     []*node // "with their e-mail": shown beside
	byPeople *node   // "by number of players"
	byTimes  bool    // "most often": ranked by times, not by amount
	net      bool    // refunds taken off
	custAt   int
	shareAt  int   // behind "what share of"
	whyAt    int   // behind "why"
	weighs   bool  // "how much do they weigh in …"
	biggest  *node // "the largest order"
	aged     *node // "the oldest"
	meanLast bool  // "on average", behind people that each is said of
	// amountToo is the money that an average may be of: "the average gift per donor".
	amountToo string
	times     *node // "this year vs last year"
	// morePeople is "more customers", in one time than in another.
	morePeople bool
	most       *node  // what says the most or the least
	limit      int    // "20 customers"
	one        bool   // "which customer", one of them
	order      string // "from highest to lowest"
	cost       float64
	assume     []assumption
	plan       plan
	more       []*plan // readings beside plan, of the same parts
}

// assemble makes a plan of the parts, whatever their order; nil where some
// part finds no place in it.
func (p *parse) assemble(d derivation) []*plan {
	if list := p.kindsApart(d); list != nil {
		var out []*plan
		for _, x := range list {
			out = append(out, p.assemble(x)...)
		}
		return out
	}
	if slices.ContainsFunc(d.parts, p.oneThing) {
		return nil
	}
	s := &parts{p: p, asks: map[string]bool{}, cost: d.cost, custAt: -1}
	for _, x := range d.parts {
		s.assume = append(s.assume, x.assume...)
		switch x.cat {
		case cUnknown:
			s.plan.unknown = append(s.plan.unknown, x.word)
		case cMissing:
			s.plan.missing = append(s.plan.missing, x)
		case "vague_numbers", "layer_labels":
			s.plan.vague = append(s.plan.vague, p.typed(x.from, x.to))
		case "order_phrase":
			if s.order != "" {
				return nil
			}
			s.order = x.attr
		case "sentence_out", "actions", "forecast", "analyses":
			s.plan.out = true
			if x.cat == "analyses" {
				s.plan.analysis = x
			}
			s.plan.ahead = s.plan.ahead || x.cat == "forecast"
			s.plan.unknown = append(s.plan.unknown, p.typed(x.from, x.to))
		case cCust:
			if p.opensGroup(max(0, x.from-1), x) && p.everyN < 0 { // "revenue per invoiced account"
				if p.namesKinds(p.core(x), x.to) || x.num == nil && p.perKind(x)[0].vals != nil {
					return nil // "premium by company", of policies that are of some company each; "per student", of those alone
				}
				s.perCust, s.perMany = true, x.num
				if d := p.doerAt(p.core(x), x.to); d != nil && x.num == nil {
					s.perDoer = d.clause
				}
				continue
			}
			if s.cust && p.had(x) {
				return nil // "families with children": what people have is none of them
			}
			s.cust, s.named, s.custAt = true, true, x.from
			s.morePeople = s.morePeople || x.form == moreForm
			s.one = p.oneOf(x)
			if x.num != nil {
				if s.limit > 0 {
					return nil
				}
				s.limit = int(x.num.Num().Int64())
			}
		case "count customers":
			s.cust, s.custAt, s.counted = true, x.from, true
			s.asks["ask_count"] = true
		case cCond, cClause, cVal:
			if (assumes(x.assume, "age") || x.form == "age") && p.after(x, "ago") || p.forEachOf(x) {
				return nil // "members for over two years" are not of that age
			}
			if x.cat == cClause && x.clause.person && !p.inPlural(x) && p.opensGroup(max(0, x.from-1), x) && !p.byWhom(max(0, p.core(x)-1)) {
				return nil // "per donor" says of nobody that they gave
			}
			s.conds = append(s.conds, x)
		case cSoMany:
			if s.limit > 0 {
				return nil
			}
			s.cust, s.custAt, s.limit = true, x.from, int(x.num.Num().Int64())
			s.conds = append(s.conds, &node{cat: cVal, from: x.from, to: x.to, vals: x.vals, text: x.text})
		case cBothVals: // "orders with both shoes and bags"
			s.conds = append(s.conds, x)
		case cOnlyVal: // "only have pet insurance"
			s.conds = append(s.conds, &node{cat: cVal, from: x.from, to: x.to, vals: x.vals, neg: x.neg, text: "only"})
		case "included": // "…, counting those who never did"
			last := len(s.conds) - 1
			if last < 0 && s.cust && x.cond != nil { // "all customers, counting those who never bought"
				continue
			}
			if last < 0 {
				s.included = append(s.included, x)
				continue
			}
			c := p.asCond(s.conds[last])
			if c == nil {
				return nil
			}
			s.note(c)
			if x.cond == nil {
				if s.conds[last] = p.withUnanswered(c); s.conds[last] == nil {
					return nil
				}
				continue
			}
			s.conds[last] = condNode(syntax.Any(c.cond, x.cond))
		case cByPeople, cMostPeople:
			if s.byPeople != nil {
				return nil
			}
			s.byPeople = x
		case "aged":
			if s.aged != nil {
				return nil
			}
			s.aged = x
		case "net_of", "by_times", "as_zero", "ties":
			s.mark(x)
		case "with field":
			s.with = append(s.with, x)
		case cMeas:
			if p.gotByThose(x) {
				return nil
			}
			s.takeMeasure(x)
		case cBiggest:
			if s.biggest != nil {
				return nil
			}
			s.biggest = x
		case cLastOf:
			s.firsts = append(s.firsts, x)
		case cGroup:
			s.groups = append(s.groups, x)
			if x.attr == string(cDateUnit) { // by the month of a date
				s.fields = append(s.fields, &node{cat: cField, from: x.from, to: x.to, fields: x.fields})
			}
		case cWin:
			s.wins = append(s.wins, x)
		case cRank:
			s.ranks = append(s.ranks, x)
		case cFields:
			if p.contacts(x) == nil {
				return nil
			}
			s.fields = append(s.fields, x)
		case cField:
			s.fields = append(s.fields, x)
		case "by value", "by measure":
			s.byValue = append(s.byValue, x)
		case cQty:
			c := p.bareAge(x)
			if c == nil || !p.endsSaying(x) {
				return nil
			}
			s.cost += 0.3
			s.assume = append(s.assume, c.assume...)
			s.conds = append(s.conds, c)
		case "row filter":
			s.filters = append(s.filters, x)
		case "n distinct":
			s.distinct = append(s.distinct, x)
		case "units":
			if k := x.from; len(s.asks) > 0 && k > 0 && (p.severalUnits(x) && p.says(k-1, "rolling") || p.pointing(k-1)) || p.ofThatUnit(x) {
				return nil // "the last weeks" are no superlative, nor is "this year" or the largest order of the year
			}
			s.units = append(s.units, x)
		case "layer_names":
			s.layers = append(s.layers, x)
		case "by_money":
			s.byMoney = true
			if p.holds(x, "ask_most") {
				s.asks["ask_most"] = true
			}
		case "stats":
			s.stats = append(s.stats, x)
		case cPerPerson:
			if x.num == nil && x.clause == nil && p.byThoseWho(x) {
				return nil
			}
			s.perCust, s.perDoer, s.perMany = true, x.clause, x.num
			if x.vals != nil { // "per student", of those alone
				s.conds = append(s.conds, &node{cat: cVal, from: x.from, to: x.to, vals: x.vals})
			}
		case "stats_after": // "how much does each gold member spend on average"
			if x.attr != "mean" || s.meanLast {
				return nil
			}
			s.meanLast = true
		case cPerEvent:
			if s.perEvent != nil {
				return nil
			}
			s.perEvent = x
		case cOutdone:
			if s.outdone != nil {
				return nil
			}
			s.outdone = x
		case "greetings":
		case "followup":
			if x.from != 0 || p.holdsOneOf(0, "people_words") {
				return nil // "quem só …" follows up on nothing
			}
		case "rate_of":
			s.asks["ask_share"], s.asks["rate"], s.shareAt = true, true, x.to
		case "ask_count", "ask_amount", "ask_times", "ask_list", "ask_what", "ask_compare", "ask_share", "ask_data", "why", "ask_most", "ask_least", "best_selling", "most_common", "trend", "people_anaphora", "people_list", "in_money":
			k := string(x.cat)
			if x.cat == "best_selling" || x.cat == "most_common" {
				s.asks[k] = true
				k = "ask_" + x.attr
				if x.num != nil {
					s.ranks = append(s.ranks, &node{cat: cRank, rank: &rank{n: decimal(x.num), bottom: x.attr == "least"}})
				}
			}
			if k == "ask_most" || k == "ask_least" {
				s.most = x
			}
			switch k {
			case "why":
				s.whyAt = x.to
			case "ask_share":
				s.shareAt, s.weighs = x.to, s.weighs || x.attr == "weight"
			}
			s.asks[k] = true
		case cTimes:
			if s.times != nil {
				return nil
			}
			s.times = x
		default:
			return nil
		}
	}
	if p.whole && !s.asks["ask_share"] && !s.asks["ask_count"] {
		return nil // "… of the total of customers" sums nothing
	}
	if !s.byAge() || !s.afterAnother() || p.everyN >= 0 && !s.asks["ask_share"] {
		return nil
	}
	s.withoutImplied()
	s.whoGoesBack()
	if !s.cust && s.nobodyNamed() {
		s.cust, s.custAt = true, s.ranks[0].from
	}
	if !s.cust && len(s.asks) == 0 && p.saysOurs() {
		s.asks["ask_amount"] = true // "we sold … by store" says how much
	}
	if s.morePeople && s.times == nil || s.meanLast && (!s.perCust || len(s.stats) > 0) || !s.build() || !s.complete() || s.meanLast && s.plan.tool != "measure" {
		return nil
	}
	if s.times != nil && s.plan.tool != "" && !s.countedTwice() {
		return nil
	}
	s.orAmount()
	s.ours()
	out := append([]*plan{&s.plan}, s.more...)
	for _, pl := range out {
		pl.cost += s.cost
		pl.assume = append(s.assume[:len(s.assume):len(s.assume)], pl.assume...)
	}
	return out
}

// build chooses the tool and fills its arguments.
func (s *parts) build() bool {
	if len(s.plan.missing) > 0 || s.plan.out || len(s.plan.vague) > 0 {
		s.plan.about = slices.Concat(s.conds, s.meas)
		return true // said so; no figure is given, whatever else was understood
	}
	if s.asks["ask_data"] {
		if s.cust || len(s.conds)+len(s.meas)+len(s.groups)+len(s.wins)+len(s.ranks)+len(s.fields) > 0 {
			return false
		}
		s.plan.tool, s.plan.args = "describe_data", tools.DescribeDataArgs{}
		return true
	}
	if s.asks["people_anaphora"] || s.asks["people_list"] {
		return false
	}
	if len(s.firsts) > 0 && !s.firstTime() || s.times != nil && !s.overTimes() {
		return false
	}
	if s.asks["ask_most"] && s.asks["ask_least"] || s.byMoney && !s.asks["ask_most"] && !s.asks["ask_least"] && len(s.ranks) == 0 && s.limit == 0 {
		return false // "paid in cash" ranks nobody
	}
	if len(s.layers) > 0 {
		return s.layer()
	}
	if done, ok := s.weighed(); done {
		return ok
	}
	if s.asks["ask_share"] && (!s.cust || s.sharedByPeople()) {
		if done, ok := s.shareOfEvents(); done {
			return ok
		}
	}
	if len(s.units) > 0 && !s.ofTwoTimes() {
		per := perUnit(s.units[0].attr)
		if len(s.units) > 1 || per == "" || s.p.namesFigure(s.units[0]) || !s.asks["ask_most"] && !s.asks["ask_least"] {
			return false
		}
		s.groups = append(s.groups, &node{cat: cGroup, groups: []grouping{{field: -1, per: per}}})
	}
	if s.byPeople != nil && !s.byDoers() {
		return false
	}
	if s.shareOfTop() || s.perEvent != nil && !s.divide() {
		return false
	}
	if s.outdone != nil {
		return s.outdoing()
	}
	if s.asks["ask_times"] && !s.timesDone() || s.asks["why"] && !s.whyDone() {
		return false
	}
	s.standFor()
	if s.cust && len(s.meas) == 1 && len(s.byValue)+len(s.fields)+len(s.groups)+len(s.units) == 0 && !s.counted && !s.asks["ask_amount"] && !s.asks["ask_compare"] && !s.listedApart() &&
		(len(s.ranks) > 0 || s.limit > 0 || s.asks["ask_most"] || s.asks["ask_least"]) { // "the accounts with most revenue"
		s.byValue, s.meas = append(s.byValue, &node{cat: "by measure", meas: s.meas[0].meas}), nil
	}
	if !s.thingsUndergo() || s.order != "" && len(s.byValue) == 0 && len(s.meas) == 0 && len(s.groups) == 0 {
		return false
	}
	if len(s.distinct) > 0 && (len(s.meas) > 0 || len(s.groups) > 0 || len(s.ranks) > 0) || s.byMoney && len(s.meas) > 0 {
		return false
	}
	if done, ok := s.dated(); done {
		return ok
	}
	switch {
	case s.contactList():
		return true
	case s.biggest != nil:
		return s.single()
	case len(s.byValue) > 0 || s.rankedCustomers():
		return s.ranking()
	case len(s.meas) > 0:
		return s.measure()
	case len(s.groups) > 0 && len(s.fields) == 0 && len(s.ranks) == 1:
		return s.customersBy()
	case s.asks["ask_most"] || s.asks["ask_least"] || len(s.ranks) > 0:
		return s.superlative()
	case len(s.groups) > 0 && s.asks["ask_share"] && len(s.conds) > 0:
		return s.share()
	case len(s.groups) > 0:
		return s.customersBy()
	case len(s.stats) > 0 || s.perCust || s.asks["trend"]:
		return false
	case s.asks["ask_share"]:
		return s.share()
	case len(s.fields) > 0:
		return s.listField()
	default:
		return s.people()
	}
}

// base is the and of the conditions; ok is false where one is none.
func (s *parts) base() (syntax.Formula, bool) {
	for i := 1; i < len(s.conds); i++ {
		a, b := s.conds[i-1], s.conds[i]
		if s.p.deniedPurpose(a, b) || s.p.broughtBy(a, b) {
			return nil, false // "never called to complain" tells of no complaint, "acquired online" of no purchase
		}
		if s.p.isObjectOf(a, b) {
			return nil, false // "cancelled a booking in 2025" tells of no booking in 2025
		}
		if s.p.saidOfTheDeed(a, b) {
			s.plan.cost += 0.3
		}
		if b.cat == cVal && s.p.core(b) == a.to && s.p.knownRightBefore(a, b) {
			return nil, false // "with an electric car" tells of no other thing known of the car
		}
		if a.cat == cVal && b.cat == cVal && !a.neg && !b.neg && s.p.oneField(a, b) {
			return nil, false // "Lisboa o Porto": of one field, and nothing joins them
		}
		if a.cat == cClause && b.cat == cClause && (thingAndDoer(a.clause, b.clause) || ofOneEvent(a.clause, b.clause)) {
			return nil, false
		}
		if a.cat == cClause && b.cat == cClause && b.clause.weak && !b.clause.qualified && !a.clause.neg && !b.clause.neg && a.clause.event == b.clause.event {
			return nil, false // "booked through booking" names by what
		}
		if a.cat == cCond && b.cat == cClause && b.from == a.to && b.clause.verb && !b.clause.qualified && lacks(a.cond) && s.p.core(b) == b.from {
			return nil, false // "without a paid plan" tells of no payment
		}
		if b.cat == cClause && b.clause.takesUp() && a.cat != cVal {
			return nil, false // "…, never bought again" is of what was done since
		}
		if a.cat != cClause || b.cat != cClause || b.clause.verb || b.clause.qualified {
			continue
		}
		// "open tickets" are not opens and tickets, and in "without paid
		// invoices" the invoices are no statement beside the paying.
		if a.clause.event == b.clause.event || (!a.clause.verb || a.clause.weak) && b.from == a.to {
			return nil, false
		}
	}
	var all []syntax.Formula
	for i, c := range s.conds {
		if c.cat == cClause && c.clause.same && i > 0 && s.conds[i-1].cat == cClause && s.conds[i-1].clause.win != nil {
			x := *c
			win := s.conds[i-1].clause.win
			if d := c.clause.preceding; d != nil {
				if win = preceding(win, d); win == nil {
					return nil, false
				}
			}
			x.clause = c.clause.with(func(d *clause) { d.win, d.same = win, false })
			c, s.conds[i] = &x, &x
		}
		if i+1 < len(s.conds) && s.conds[i+1].from == c.to && s.p.withoutInTime(c.clause, s.conds[i+1]) {
			c = inTimeOf(c, s.conds[i+1].clause)
		}
		n := s.p.asCond(c)
		if n == nil {
			return nil, false
		}
		s.note(c)
		all = append(all, n.cond)
	}
	if contradict(all) {
		return nil, false
	}
	all = dropImplied(all)
	if len(all) == 0 {
		return nil, true
	}
	return syntax.All(all...), true
}

// note gathers the bare counts of a condition.
func (s *parts) note(n *node) {
	if c := s.p.asCond(n); c != nil {
		s.plan.bare = append(s.plan.bare, c.bare...)
	}
}
