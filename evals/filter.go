package evals

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Filter picks cases: values by key. A case is taken that has one of the
// values of every key.
type Filter map[string][]string

// filterKeys are what a case can be picked by; "id" by a part of it.
var filterKeys = []string{"id", "lang", "family", "tag", "tool", "data", "suite", "kind", "level", "verdict"}

// ParseFilter reads filters such as "lang=es,family=negation,trend": pairs of
// key and value, or values alone: one after a pair is another value of its
// key, else it is a part of an id.
func ParseFilter(texts []string) (Filter, error) {
	f := Filter{}
	for _, text := range texts {
		last := "id"
		for _, term := range strings.Split(text, ",") {
			key, value, pair := strings.Cut(strings.TrimSpace(term), "=")
			if !pair {
				key, value = last, key
			}
			switch {
			case value == "":
				return nil, fmt.Errorf("filter %q: expected part of an id, or pairs such as lang=es,family=negation", text)
			case !slices.Contains(filterKeys, key):
				return nil, fmt.Errorf("filter %q: there is no key %q; there are %s", text, key, strings.Join(filterKeys, ", "))
			case key == "verdict" && !slices.Contains(Verdicts, Verdict(value)):
				return nil, fmt.Errorf("filter %q: there is no verdict %q; there are %s", text, value, joined(Verdicts))
			}
			f[key] = append(f[key], value)
			last = key
		}
	}
	return f, nil
}

func joined[T ~string](names []T) string {
	var texts []string
	for _, n := range names {
		texts = append(texts, string(n))
	}
	return strings.Join(texts, ", ")
}

// facts are what a filter looks at of a case.
func facts(c *Case) map[string][]string {
	f := map[string][]string{
		"id": {c.ID}, "lang": {c.Lang}, "family": {c.Family}, "tag": c.Tags, "data": {c.Data}, "suite": {c.Suite},
		"kind": {string(c.Kind())}, "level": {strconv.Itoa(c.Level)},
	}
	for _, g := range c.Expected() {
		f["tool"] = append(f["tool"], g.ToolName())
	}
	return f
}

// Takes tells whether a case is picked. Verdicts are not looked at: they are
// not known before it is asked.
func (f Filter) Takes(c *Case) bool {
	of := facts(c)
	for key, values := range f {
		switch {
		case key == "verdict":
		case key == "id":
			if !slices.ContainsFunc(values, func(v string) bool { return strings.Contains(c.ID, v) }) {
				return false
			}
		case !slices.ContainsFunc(values, func(v string) bool { return slices.Contains(of[key], v) }):
			return false
		}
	}
	return true
}

// Shows tells whether a record is one of those to be listed.
func (f Filter) Shows(r *Record) bool {
	return len(f["verdict"]) == 0 || slices.Contains(f["verdict"], string(r.Verdict))
}

// Check tells what is amiss where no case of the suites has a value, or none
// is picked at all.
func (f Filter) Check(suites []*Suite) error {
	known := map[string]map[string]bool{}
	taken := 0
	for _, s := range suites {
		for i := range s.Cases {
			if f.Takes(&s.Cases[i]) {
				taken++
			}
			for key, values := range facts(&s.Cases[i]) {
				if known[key] == nil {
					known[key] = map[string]bool{}
				}
				for _, v := range values {
					known[key][v] = true
				}
			}
		}
	}
	for _, key := range sorted(f) {
		if key == "id" || key == "verdict" {
			continue
		}
		for _, v := range f[key] {
			if !known[key][v] {
				return fmt.Errorf("filter %s=%s: no case has it%s", key, v, nearestOrAll(v, sorted(known[key])))
			}
		}
	}
	switch {
	case taken == 0 && len(f) == 0:
		return errors.New("the suites hold no case")
	case taken == 0:
		return fmt.Errorf("filter %s: no case is left", strings.Join(f.texts(), "; "))
	}
	return nil
}

// nearestOrAll lists the values that a wrong one may be a slip for, else the
// first of all there are.
func nearestOrAll(value string, known []string) string {
	if near := nearest(value, known); near != "" || len(known) == 0 {
		return near
	}
	const most = 12
	if len(known) > most {
		return "; there are " + strings.Join(known[:most], ", ") + " …"
	}
	return "; there are " + strings.Join(known, ", ")
}

// texts writes the filter, one key after the other.
func (f Filter) texts() []string {
	texts := []string{}
	for _, key := range sorted(f) {
		texts = append(texts, key+"="+strings.Join(f[key], ","))
	}
	return texts
}
