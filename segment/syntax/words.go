package syntax

import (
	"maps"
	"slices"
	"strings"
)

// reserved are the words that cannot be bare names: each could begin or
// continue something else where a name may stand. null is among them only so
// that `= null` can be answered with `is not set`.
var reserved = map[string]bool{
	"and": true, "or": true, "not": true, "in": true, "is": true, "between": true,
	"contains": true, "starts": true, "ends": true, "before": true, "after": true,
	"on": true, "within": true, "anniversary": true, "top": true, "bottom": true,
	"by": true, "among": true, "sequence": true, "segment": true, "at": true,
	"entered": true, "left": true, "everyone": true, "nobody": true, "true": true,
	"false": true, "where": true, "last": true, "from": true, "to": true,
	"since": true, "this": true, "today": true, "yesterday": true, "next": true,
	"null": true,
}

// functions are the behaviour functions: words only before a bracket.
var functions = map[string]Fn{
	"count": Count, "sum": Sum, "avg": Avg, "min": Min, "max": Max, "distinct": Distinct,
	"first": First, "last": Last, "earliest": Earliest, "latest": Latest,
	"days_since": DaysSince, "active_days": ActiveDays, "active_weeks": ActiveWeeks,
	"active_months": ActiveMonths,
}

// Functions gives the behaviour functions, by name.
func Functions() []string { return slices.Sorted(maps.Keys(functions)) }

// functionSlips maps what other languages call a behaviour function onto it.
var functionSlips = map[string]Fn{
	"average": Avg, "mean": Avg, "total": Sum, "minimum": Min, "maximum": Max, "unique": Distinct,
	"count_distinct": Distinct, "distinct_count": Distinct, "nunique": Distinct, "number": Count,
	"recency": DaysSince, "newest": Latest, "oldest": Earliest,
}

// The two functions of measures: words only before a bracket.
const (
	customersWord   = "customers"
	perCustomerWord = "per_customer"
)

// callable tells whether a bare name before a bracket would be read as
// something other than a name with parameters.
func callable(name string) bool {
	_, fn := functions[name]
	return fn || name == customersWord || name == perCustomerWord
}

// unitLimits holds the units and the most of each that a duration may have:
// ten thousand years, so that no date arithmetic overflows.
var unitLimits = map[Unit]int{
	Minute: 5_259_492_000, Hour: 87_658_200, Day: 3_652_425, Week: 521_775,
	Month: 120_000, Quarter: 40_000, Year: 10_000,
}

// unitSlips maps what people write for a unit onto the unit.
var unitSlips = map[string]Unit{
	"minute": Minute, "minutes": Minute, "mins": Minute,
	"hour": Hour, "hours": Hour, "hr": Hour, "hrs": Hour, "hs": Hour,
	"day": Day, "days": Day, "ds": Day,
	"week": Week, "weeks": Week, "wk": Week, "wks": Week, "ws": Week,
	"month": Month, "months": Month, "mon": Month, "mos": Month, "mth": Month, "mths": Month,
	"quarter": Quarter, "quarters": Quarter, "qtr": Quarter, "qtrs": Quarter, "qs": Quarter,
	"year": Year, "years": Year, "yr": Year, "yrs": Year, "ys": Year,
}

// calendarPeriods are the periods that follow this and last.
var calendarPeriods = map[string]bool{"week": true, "month": true, "quarter": true, "year": true}

// lowerASCII lowers A to Z only, so that no other letter turns into a keyword.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// bare tells whether s has the form of a bare name: [a-z_][a-z0-9_]*.
func bare(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !('a' <= c && c <= 'z' || c == '_' || i > 0 && '0' <= c && c <= '9') {
			return false
		}
	}
	return s != ""
}
