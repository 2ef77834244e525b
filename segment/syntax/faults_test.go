package syntax

import (
	"errors"
	"strings"
	"testing"
)

// faults are texts that are no formulas: where the message points (byte
// offsets, half open) and what it must say.
var faults = []struct {
	text     string
	from, to int
	says     []string
}{
	{"", 0, 0, []string{"expected a formula, found nothing"}},
	{" \n\t ", 4, 4, []string{"expected a formula, found nothing"}},
	// Slips from other languages.
	{`country == "DE"`, 8, 10, []string{`write "="`}},
	{`a = 1 && b = 2`, 6, 8, []string{`write "and"`}},
	{`a = 1 || b = 2`, 6, 8, []string{`write "or"`}},
	{`a <> 1`, 2, 4, []string{`write "!="`}},
	{`a => 1`, 2, 4, []string{`write ">="`}},
	{`a =< 1`, 2, 4, []string{`write "<="`}},
	{`a ≥ 1`, 2, 5, []string{`write ">="`}},
	{`!a = 1`, 0, 1, []string{`write "not"`}},
	{`a not = 1`, 2, 7, []string{`write "!="`}},
	{`country = 'DE'`, 10, 11, []string{"double quotes"}},
	{`country = “DE”`, 10, 13, []string{"straight double quotes"}},
	{`country = «DE»`, 10, 12, []string{"straight double quotes"}},
	{`a = null`, 2, 8, []string{`"a is not set"`}},
	{`a != NULL`, 2, 9, []string{`"a is set"`}},
	{`a is null`, 2, 9, []string{`"a is not set"`}},
	{`a is not null`, 2, 13, []string{`"a is set"`}},
	{`a is "x"`, 5, 8, []string{`"set" or "not set"`, `write "="`}},
	{`a is not 5`, 9, 10, []string{`write "!="`}},
	{`a like "x"`, 2, 6, []string{`"contains"`}},
	{`a = $5`, 4, 5, []string{"plain number"}},
	{`a = 5; b = 6`, 5, 6, []string{`"and"`}},
	{`a in [1, 2]`, 5, 6, []string{"round brackets"}},
	{"a − 1 > 0", 2, 5, []string{`"-"`}},
	// Windows and durations.
	{`count(order, 90d) > 1`, 13, 16, []string{"write last 90d"}},
	{`count(order, 90 days) > 1`, 13, 20, []string{"write last 90d"}},
	{`count(order, last 90 days) > 1`, 18, 25, []string{"write", "90d"}},
	{`count(order, last 3 Months) > 1`, 18, 26, []string{"3mo"}},
	{`count(order, last 2years) > 1`, 18, 24, []string{"2y"}},
	{`count(order, last day) > 1`, 18, 21, []string{"1d"}},
	{`count(order, last 5m) > 1`, 18, 20, []string{"5min", "5mo"}},
	{`count(order, last 90) > 1`, 18, 20, []string{"unit", "min, h, d, w, mo, q or y"}},
	{`count(order, last 0d) > 1`, 18, 19, []string{"whole number", "from 1"}},
	{`count(order, last 1.5y) > 1`, 18, 21, []string{"whole number"}},
	{`count(order, last 10001y) > 1`, 18, 23, []string{"ten thousand years"}},
	{`count(order, last 99999999999999999999d) > 1`, 18, 38, []string{"whole number"}},
	{`count(order, last 5fortnights) > 1`, 18, 29, []string{"unknown unit", "min, h, d"}},
	{`count(order, next 5d) > 1`, 13, 17, []string{"not in the data"}},
	{`count(order, past 5d) > 1`, 13, 17, []string{"expected a window", `leave out "past"`}},
	{`count(order, since 2011) > 1`, 19, 23, []string{"2011-01-01"}},
	{`count(order, from 30d ago) > 1`, 25, 26, []string{`"to"`}},
	{`count(order, since 30d) > 1`, 22, 23, []string{`"ago"`}},
	{`a within 2011-5`, 9, 15, []string{"two digits"}},
	{`a within 2011-13`, 9, 16, []string{"2011-05"}},
	{`a within 0000`, 9, 13, []string{"expected a window"}},
	{`a within 2011-05-01`, 9, 19, []string{"from 2011-05-01 to 2011-05-02"}},
	{`a anniversary within 7d`, 21, 22, []string{"anniversary within next 7d"}},
	{`this month`, 0, 4, []string{"expected a condition"}},
	// Calls.
	{`count order > 3`, 6, 11, []string{"count(order)"}},
	{`count(*) > 3`, 6, 7, []string{"expected an event", "count(order)"}},
	{`count() > 3`, 6, 7, []string{"expected an event in count(…)"}},
	{`count(left) > 3`, 6, 10, []string{"word of the language", "`left`"}},
	{`count(order last 90d) > 1`, 12, 16, []string{"comma"}},
	{`count(order category = "x") > 1`, 12, 20, []string{`after "where"`}},
	{`count(order, where a = 1) > 1`, 13, 18, []string{"without a comma"}},
	{`count(order, last 9d where a = 1) > 1`, 21, 26, []string{"before the window"}},
	{`count(order where count(x) > 1) > 1`, 18, 24, []string{"one row"}},
	{`count(order where rfm(bins: 3) = 1) > 1`, 18, 22, []string{"one row"}},
	{`count(order where a + b > 1) > 1`, 20, 21, []string{"arithmetic"}},
	{`count(order where top 3 by a) > 1`, 18, 21, []string{"one row"}},
	{`count(order where everyone) > 1`, 18, 26, []string{"one row"}},
	{`count(order where order.a > 1) > 1`, 23, 24, []string{`leave out "order."`}},
	{`order.amount > 5`, 5, 6, []string{"sum(order.…)"}},
	{`count(order) > 3 where a = 1`, 17, 22, []string{"inside the brackets"}},
	{`count(order) > 3, last 90d`, 16, 17, []string{"inside the brackets"}},
	{`customers(a = 1) > 1`, 0, 9, []string{"only in measures"}},
	{`per_customer(a, mean) > 1`, 0, 12, []string{"only in measures"}},
	{`average(order.amount) > 5`, 0, 7, []string{"average is not a function", "avg, count"}},
	{`cuont(order where a = 1) > 5`, 0, 5, []string{"cuont is not a function"}},
	// Brackets.
	{`(a = 1`, 6, 6, []string{`expected "and", "or" or ")"`, `the "(" at 1 is never closed`}},
	{`b = 2 and ((a = 1)`, 18, 18, []string{`the "(" at 11 is never closed`}},
	{`count(order > 1`, 12, 13, []string{`")"`}},
	{`count(order`, 11, 11, []string{`the "(" at 6 is never closed`}},
	{`a = 1)`, 5, 6, []string{"no bracket is open"}},
	{`()`, 1, 2, []string{"expected a condition"}},
	{`(a = 1) + 3 > 2`, 1, 6, []string{"expected a value", "a = 1"}},
	{`a * (b = 1) > 3`, 5, 10, []string{"expected a value", "b = 1"}},
	{`(a = 1) = 2`, 8, 9, []string{`join two conditions with "and"`}},
	{`a = b = c`, 6, 7, []string{`join two conditions with "and"`}},
	{`1 < a < 5`, 6, 7, []string{`join two conditions with "and"`}},
	// Ends and joints.
	{`country`, 7, 7, []string{"expected a comparison", "after country", "found the end", "country = true"}},
	{`vip and a = 1`, 4, 7, []string{"expected a comparison", "vip = true"}},
	{`country =`, 9, 9, []string{`expected a value after "="`, "the end"}},
	{`a = 1 and`, 9, 9, []string{`expected a condition after "and"`, "the end"}},
	{`a = 1 or`, 8, 8, []string{`expected a condition after "or"`}},
	{`and a = 1`, 0, 3, []string{`expected a condition, found "and"`}},
	{`a = 1 and and b = 2`, 10, 13, []string{`expected a condition after "and", found "and"`}},
	{`not`, 3, 3, []string{`after "not"`}},
	{`a = 1 b = 2`, 6, 7, []string{`expected "and", "or" or the end, found "b"`}},
	{`true`, 0, 4, []string{`"everyone"`}},
	{`false and a = 1`, 0, 5, []string{`"nobody"`}},
	// Lists, ranks, sequences, segments.
	{`a in ()`, 6, 7, []string{"at least one"}},
	{`a in (1,)`, 8, 9, []string{"in the list"}},
	{`a in (de, fr)`, 6, 8, []string{`"de"`}},
	{`a in "DE"`, 5, 9, []string{"brackets"}},
	{`a in (1 2)`, 8, 9, []string{`"," or ")"`}},
	{`a in (null)`, 6, 10, []string{`"is not set"`}},
	{`a between 1 or 2`, 12, 14, []string{`"and"`}},
	{`a not between 1 and 2`, 2, 13, []string{"not a between"}},
	{`a starts "x"`, 9, 12, []string{`"with"`}},
	{`a contains 5`, 11, 12, []string{"a text in double quotes"}},
	{`top 101% by a`, 4, 8, []string{"at most 100", "101%"}},
	{`top 0% by a`, 4, 6, []string{"over 0"}},
	{`bottom 100.1% by a`, 7, 13, []string{"at most 100"}},
	{`top 0 by a`, 4, 5, []string{"from 1"}},
	{`top 2.5 by a`, 4, 7, []string{"whole number"}},
	{`top 10 percent by a`, 7, 14, []string{"10%"}},
	{`top 10`, 6, 6, []string{`"%" or "by"`}},
	{`top by a`, 4, 6, []string{"number"}},
	{`top 5 by a = 1`, 11, 12, []string{`expected "and", "or" or the end`}},
	{`top 5 by a among b = 1`, 17, 18, []string{`"(" and a formula`}},
	{`sequence(a, b)`, 13, 14, []string{`", within"`}},
	{`sequence(a, b within 1d)`, 14, 20, []string{`", within"`}},
	{`sequence(within 1d)`, 9, 15, []string{"first step"}},
	{`entered "VIP"`, 8, 13, []string{`"segment"`, "`entered`"}},
	{`entered segment "VIP"`, 21, 21, []string{`"within" and a window`}},
	{`segment VIP`, 8, 11, []string{"double quotes"}},
	{`segment ""`, 8, 10, []string{"cannot be empty"}},
	{`segment "x" at 30d ago`, 15, 17, []string{"expected a date"}},
	// Names.
	{`a = DE`, 4, 6, []string{"lower case", "de", "`DE`", `"DE"`}},
	{`Country = "x"`, 0, 7, []string{"write country", "`Country`"}},
	{`país = "x"`, 0, 5, []string{"`país`"}},
	{`last = 3`, 0, 4, []string{"`last`"}},
	{"`` = 1", 0, 2, []string{"cannot be empty"}},
	{"`abc = 1", 0, 8, []string{"closing back quote"}},
	// Numbers, texts and dates.
	{`a = 1,000`, 5, 6, []string{"thousands"}},
	{`a = 1 000`, 6, 9, []string{"thousands"}},
	{`a = 1_000`, 4, 9, []string{"1_000"}},
	{`a = 1e6`, 4, 7, []string{"exponent"}},
	{`a > 90d`, 4, 7, []string{"last 90d"}},
	{`a = .5`, 4, 5, []string{"0.5"}},
	{`a > 5%`, 5, 6, []string{"0.5"}},
	{`a > 5and b = 1`, 4, 8, []string{"5and"}},
	{`-a > 3`, 0, 1, []string{"0 - "}},
	{`a = 11111111111111111111111111111111111111111`, 4, 45, []string{"more than 40 digits"}},
	{`a = "x`, 4, 6, []string{`closing "`}},
	{`a = "x\q"`, 6, 8, []string{"escape"}},
	{`a = "\ud83d"`, 5, 7, []string{"escape"}},
	{`a = "\u12"`, 5, 7, []string{"escape"}},
	{"a = \"\xff\"", 5, 6, []string{"UTF-8"}},
	{"a = \xff", 4, 5, []string{"UTF-8"}},
	{`a = 2011-05`, 4, 11, []string{"month", "within 2011-05"}},
	{`a between 2011-05 and 2011-06`, 10, 17, []string{"month"}},
	{`a in (2011-05)`, 6, 13, []string{"month"}},
	{`count(order where a = 2011-05) > 1`, 22, 29, []string{"month"}},
	{`a - 2011-05 > 1`, 4, 11, []string{"month"}},
	{`a = 01/05/2011`, 4, 14, []string{"year-month-day"}},
	{`a = 1-5-2011`, 4, 12, []string{"year-month-day"}},
	{`a = 2011-5-1`, 4, 12, []string{"year-month-day"}},
	{`a < 2011-02-29`, 4, 14, []string{"not a day of the calendar"}},
	{`a < 2011-13-01`, 4, 14, []string{"not a day of the calendar"}},
	{`a < 0000-01-01`, 4, 14, []string{"not a day of the calendar"}},
	{`a < 2011-05-01T10:00`, 4, 20, []string{"2011-12-01T10:30:00Z"}},
	{`a < 2011-05-01T25:00:00Z`, 4, 24, []string{"not an instant"}},
	{`a < 9999-12-31T23:59:59-01:00`, 4, 29, []string{"9999"}},
	{`a < 2011-05-01 10:00`, 15, 17, []string{"2011-12-01T10:30:00Z"}},
	{`a before "2011-05-01"`, 9, 21, []string{"without quotes"}},
	{`a before 30d ago`, 9, 11, []string{`"within"`}},
	{`a on 2011-05`, 5, 9, []string{"within 2011-05"}},
	// The earliest fault is the one told, also when a later one is of spelling.
	{`a b == "x"`, 2, 3, []string{`found "b"`}},
}

func TestFaults(t *testing.T) {
	for _, c := range faults {
		f, err := Parse(c.text)
		if err == nil {
			t.Errorf("%s: parses as %s", c.text, f)
			continue
		}
		checkError(t, c.text, err)
		var e *Error
		errors.As(err, &e)
		if e.Span != (Span{c.from, c.to}) {
			t.Errorf("%s: points at %v %q, want %v; %s", c.text, e.Span, c.text[e.Span.From:e.Span.To], Span{c.from, c.to}, e.Message)
		}
		for _, s := range c.says {
			if !strings.Contains(e.Message, s) {
				t.Errorf("%s: does not say %s: %s", c.text, s, e.Message)
			}
		}
	}
}

func TestFaultsElsewhere(t *testing.T) {
	value := func(s string) error { _, err := ParseValue(s); return err }
	measure := func(s string) error { _, err := ParseMeasure(s); return err }
	filter := func(s string) error { _, err := ParseFilter(s); return err }
	window := func(s string) error { _, err := ParseWindow(s); return err }
	date := func(s string) error { _, err := ParseDate(s); return err }
	duration := func(s string) error { _, err := ParseDuration(s); return err }
	for _, c := range []struct {
		parse    func(string) error
		text     string
		from, to int
		says     string
	}{
		{value, "", 0, 0, "expected a value, found nothing"},
		{value, "count(order) > 3", 0, 16, "expected a value, found the condition count(order) > 3"},
		{value, "customers(everyone)", 0, 9, "only in measures"},
		{value, "count(order) count(view)", 13, 18, "the end of a value"},
		{measure, "revenue where a = 1", 8, 13, "inside the brackets"},
		{measure, "customers(revenue)", 17, 18, "expected a comparison"},
		{measure, "customers(customers(everyone) > 1)", 10, 19, "only in measures"},
		{measure, "per_customer(count(order))", 25, 26, "a statistic"},
		{measure, "per_customer(count(order), avg)", 27, 30, "mean, median, p10 to p99"},
		{measure, "per_customer(count(order), p5)", 27, 29, "p10 to p99"},
		{filter, `where a = 1`, 0, 5, `leave out "where"`},
		{filter, `segment "x"`, 0, 7, "one row"},
		{filter, `a = 1 and`, 9, 9, `after "and"`},
		{window, "next 30d", 0, 4, "not in the data"},
		{window, "90d", 0, 3, "write last 90d"},
		{window, "last 90d and", 9, 12, "the end of a window"},
		{date, "2011-5-1", 0, 4, "expected a date"},
		{date, "today", 0, 5, "expected a date"},
		{duration, "90", 0, 2, "the unit is missing"},
		{duration, "3 weeks", 0, 7, "3w"},
	} {
		err := c.parse(c.text)
		if err == nil {
			t.Errorf("%s: parses", c.text)
			continue
		}
		checkError(t, c.text, err)
		e := err.(*Error)
		if e.Span != (Span{c.from, c.to}) || !strings.Contains(e.Message, c.says) {
			t.Errorf("%s: points at %v and says %s", c.text, e.Span, e.Message)
		}
	}
}

func TestErrorText(t *testing.T) {
	for text, nearest := range map[string]string{`average(order.amount) > 5`: "avg", `cuont(order where a = 1) > 5`: "count"} {
		_, err := Parse(text)
		var e *Error
		if !errors.As(err, &e) || len(e.Nearest) == 0 || e.Nearest[0] != nearest {
			t.Errorf("%s: %v", text, err)
		}
	}
	e := &Error{Span: Span{4, 6}, Message: "no trait cuntry", Nearest: []string{"country", "county"}}
	if got, want := e.Error(), "at 5: no trait cuntry; nearest: country, county"; got != want {
		t.Errorf("got %s", got)
	}
}

// Hostile sizes end in an error, quickly and on a small stack.
func TestLimits(t *testing.T) {
	deep := strings.Repeat("(", 10000)
	for _, c := range []struct{ name, text, says string }{
		{"open brackets", deep, "nested more than"},
		{"a formula in brackets", deep + "a = 1" + strings.Repeat(")", 10000), "nested more than"},
		{"a value in brackets", "a = " + deep + "1" + strings.Repeat(")", 10000), "nested more than"},
		{"not", strings.Repeat("not ", 10000) + "a = 1", "nested more than"},
		{"among", strings.Repeat("top 5 by a among (", 10000), "nested more than"},
		{"a long sum", "a = 1" + strings.Repeat(" + 1", 10000), "at most 1000 operators"},
		{"a long text", `a = "` + strings.Repeat("x", 1<<20) + `"`, "longer than"},
	} {
		_, err := Parse(c.text)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		checkError(t, c.text, err)
	}
	// Just inside the limits all is well.
	for _, text := range []string{
		strings.Repeat("(", maxDepth) + "a = 1" + strings.Repeat(")", maxDepth),
		strings.Repeat("not ", maxDepth) + "a = 1",
		"a = 1" + strings.Repeat(" + 1", maxChain),
		"a = 1" + strings.Repeat(" and a = 1", 50000),
		"a in (1" + strings.Repeat(", 1", 100000) + ")",
	} {
		roundTrip(t, text, Parse)
	}
}
