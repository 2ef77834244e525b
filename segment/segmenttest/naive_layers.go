package segmenttest

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"tesela/segment/syntax"
)

// pastOf is the instant of a layer's at.
func (n naive) pastOf(p syntax.Param) time.Time {
	if p.Ago != nil {
		return n.shift(n.at, -p.Ago.N, p.Ago.Unit)
	}
	t, _ := n.day(*p.Value.(*syntax.Date))
	return t
}

// layer gives customer i's label or score as the definition of the analysis
// reads; nil is unset.
func (n naive) layer(v *syntax.Name, i int) any {
	bins, top, low, star, lapse := 5, 20, 50, 10, 0
	for k, p := range v.Params {
		if p.Key != "at" {
			continue
		}
		then := n
		then.at = n.pastOf(p)
		own := *v
		own.Params = slices.Delete(slices.Clone(v.Params), k, k+1)
		return then.layer(&own, i)
	}
	var window, recent *syntax.Window
	var events []string
	for _, p := range v.Params {
		number := 0
		if x, ok := p.Value.(*syntax.Number); ok {
			number, _ = strconv.Atoi(x.Text)
		}
		switch {
		case p.Key == "new":
			recent = p.Window
		case p.Window != nil:
			window = p.Window
		case p.Event != "":
			events = append(events, p.Event)
		}
		switch p.Key {
		case "bins":
			bins = number
		case "top":
			top = number
		case "low":
			low = number
		case "star":
			star = number
		case "lapse":
			lapse = number
		}
	}
	switch v.Name {
	case "rfm", "rfm_r", "rfm_f", "rfm_m":
		r, f, m := n.rfm(i, bins, window)
		switch {
		case r == 0:
			return nil
		case v.Name == "rfm_r":
			return whole64(r)
		case v.Name == "rfm_f":
			return whole64(f)
		case v.Name == "rfm_m":
			return whole64(m)
		}
		code := fmt.Sprint(r, f, m)
		code = strings.ReplaceAll(code, " ", "")
		if bins != 5 {
			return code
		}
		return gridName(code)
	case "lifecycle":
		if recent == nil {
			recent = n.windowOf("last 30d")
		}
		return n.lifecycle(i, lapse, star, recent)
	case "engagement":
		if window == nil {
			window = n.windowOf("last 60d")
		}
		return n.engagement(i, events, window)
	case "value_tier":
		if window == nil {
			window = n.windowOf("last 1y")
		}
		return n.valueTier(i, top, low, window)
	}
	panic(unsupported(fmt.Sprintf("not evaluated naively: %s", v)))
}

func (n naive) windowOf(text string) *syntax.Window {
	w, err := syntax.ParseWindow(text)
	if err != nil {
		panic(unsupported(err.Error()))
	}
	return w
}

// of computes fn(event.property, w) of customer i.
func (n naive) of(fn syntax.Fn, event, property string, w *syntax.Window, i int) any {
	return n.call(&syntax.Call{Fn: fn, Event: event, Property: property, Window: w}, i)
}

func (n naive) revenue(i int, w *syntax.Window) any {
	event, property, _ := strings.Cut(n.w.Roles["amount"], ".")
	x := n.of(syntax.Sum, event, property, w, i)
	if refund := n.w.Roles["refund"]; refund != "" {
		x = n.arith('-', x, n.of(syntax.Sum, refund, property, w, i))
	}
	return x
}

func (n naive) less(a, b any) bool {
	c, _ := n.order(a, b)
	return c < 0
}

// rfm: 1 + floor(bins × worse / n) for each of the three; 0 without a purchase.
func (n naive) rfm(i, bins int, w *syntax.Window) (r, f, m int) {
	purchase := n.w.Roles["purchase"]
	days := func(j int) any { return n.of(syntax.DaysSince, purchase, "", w, j) }
	count := func(j int) any { return n.of(syntax.Count, purchase, "", w, j) }
	if days(i) == nil {
		return 0, 0, 0
	}
	all, worseR, worseF, worseM := 0, 0, 0, 0
	for j := range n.w.Customers {
		if days(j) == nil {
			continue
		}
		all += n.count(j)
		if n.less(days(i), days(j)) {
			worseR += n.count(j)
		}
		if n.less(count(j), count(i)) {
			worseF += n.count(j)
		}
		if n.less(n.revenue(j, w), n.revenue(i, w)) {
			worseM += n.count(j)
		}
	}
	score := func(worse int) int { return 1 + bins*worse/all }
	return score(worseR), score(worseF), score(worseM)
}

// gridName looks a code up in the grid as its definition writes it.
func gridName(code string) string {
	for part := range strings.SplitSeq(`Champions: 555 554 544 545 454 455 445
Loyal: 543 444 435 355 354 345 344 335
Potential Loyalist: 553 551 552 541 542 533 532 531 452 451 442 441 431 453 433 432 423 353 352 351 342 341 333 323
New: 512 511 422 421 412 411 311
Promising: 525 524 523 522 521 515 514 513 425 424 413 414 415 315 314 313
Need Attention: 535 534 443 434 343 334 325 324
About To Sleep: 331 321 312 221 213 231 241 251
At Risk: 255 254 245 244 253 252 243 242 235 234 225 224 153 152 145 143 142 135 134 133 125 124
Cannot Lose: 155 154 144 214 215 115 114 113
Hibernating: 332 322 233 232 223 222 132 123 122 212 211
Lost: 111 112 121 131 141 151`, "\n") {
		if name, codes, _ := strings.Cut(part, ": "); strings.Contains(codes, code) {
			return name
		}
	}
	panic(unsupported("no name for " + code))
}

// purchaseDays are the local days on which customer i bought, in order.
func (n naive) purchaseDays(i int) []int {
	var days []int
	for _, r := range n.rowsOf(n.w.Roles["purchase"], i) {
		if d := n.dayNumber(r.Time); !slices.Contains(days, d) {
			days = append(days, d)
		}
	}
	return days
}

func (n naive) lapse() int {
	var gaps []int
	for j := range n.w.Customers {
		days := n.purchaseDays(j)
		for k := 1; k < len(days); k++ {
			gaps = append(gaps, slices.Repeat([]int{days[k] - days[k-1]}, n.count(j))...)
		}
	}
	if len(gaps) == 0 {
		return 14
	}
	slices.Sort(gaps)
	rank := 1
	for 10*rank < 9*len(gaps) {
		rank++
	}
	return max(14, gaps[rank-1])
}

func (n naive) lifecycle(i, lapse, star int, recent *syntax.Window) string {
	purchase := n.w.Roles["purchase"]
	if lapse == 0 {
		lapse = n.lapse()
	}
	// well: days_since ≤ 0.8 L, in fifths.
	well := func(j int) bool {
		x, ok := n.of(syntax.DaysSince, purchase, "", nil, j).(*big.Rat)
		return ok && x.Cmp(big.NewRat(4*int64(lapse), 5)) <= 0
	}
	days, ok := n.of(syntax.DaysSince, purchase, "", nil, i).(*big.Rat)
	if !ok {
		return "prospect"
	}
	if days.Cmp(big.NewRat(int64(lapse), 1)) > 0 {
		return "churned"
	}
	if !well(i) {
		return "at risk"
	}
	rows := n.rowsOf(purchase, i)
	if n.inside(rows[0].Time, recent) {
		return "new"
	}
	lastL := n.windowOf(fmt.Sprintf("last %dd", lapse))
	bought := n.purchaseDays(i)
	for _, r := range rows {
		k := slices.Index(bought, n.dayNumber(r.Time))
		if n.inside(r.Time, lastL) && k > 0 && bought[k]-bought[k-1] > lapse {
			return "reactivated"
		}
	}
	year := n.windowOf("last 1y")
	among, better := 0, 0
	for j := range n.w.Customers {
		if well(j) {
			among += n.count(j)
			if n.less(n.revenue(i, year), n.revenue(j, year)) {
				better += n.count(j)
			}
		}
	}
	if 100*better < star*among {
		return "star"
	}
	return "active"
}

func (n naive) engagement(i int, events []string, w *syntax.Window) string {
	label := "never"
	arms, _, _ := strings.Cut(n.w.Roles["arm"], ".")
	for _, e := range n.w.Events {
		if len(events) > 0 && !slices.Contains(events, e.Name) || len(events) == 0 && slices.Contains([]string{n.w.Roles["send"], n.w.Roles["trial"], arms}, e.Name) {
			continue
		}
		for _, r := range n.rowsOf(e.Name, i) {
			if n.inside(r.Time, w) {
				return "engaged"
			}
			label = "disengaged"
		}
	}
	return label
}

// valueTier counts who is better and who is worse.
func (n naive) valueTier(i, top, low int, w *syntax.Window) string {
	// What is not above 0 counts as nothing.
	of := func(j int) any {
		if x := n.revenue(j, w); n.less(whole64(0), x) {
			return x
		}
		return whole64(0)
	}
	better, worse, all := 0, 0, 0
	for j := range n.w.Customers {
		all += n.count(j)
		if n.less(of(i), of(j)) {
			better += n.count(j)
		}
		if n.less(of(j), of(i)) {
			worse += n.count(j)
		}
	}
	switch {
	case !n.less(whole64(0), of(i)):
		return "low"
	case 100*better < top*all:
		return "top"
	case 100*worse < low*all:
		return "low"
	}
	return "middle"
}
