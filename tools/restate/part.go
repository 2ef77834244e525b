package restate

import (
	"fmt"
	"strconv"
	"strings"

	"tesela/segment/syntax"
)

// timePart says a filter by a part of the row's time: on Saturday, from 18:00
// to 23:59, in December. ok is false for other filters, and where the event has
// a property of that name.
func (s *saying) timePart(event string, f syntax.Formula) (text string, ok bool) {
	name, form, numbers := "", "", []string(nil)
	literal := func(l syntax.Node) {
		if n, is := l.(*syntax.Number); is {
			numbers = append(numbers, n.Text)
		}
	}
	subject := func(v syntax.Value) {
		if n, is := v.(*syntax.Name); is && n.Params == nil {
			name = n.Name
		}
	}
	switch f := f.(type) {
	case *syntax.Compare:
		subject(f.Left)
		literal(f.Right)
		form = string(f.Op)
	case *syntax.In:
		if f.Not {
			return "", false
		}
		subject(f.Value)
		for _, l := range f.List {
			literal(l)
		}
		if form = "in"; len(numbers) != len(f.List) {
			return "", false
		}
	case *syntax.Between:
		subject(f.Value)
		literal(f.Low)
		literal(f.High)
		if form = "between"; len(numbers) != 2 {
			return "", false
		}
	}
	words := map[string]func(string) string{"weekday": s.weekday, "month": s.month, "hour": hour}[name]
	if words == nil || len(numbers) == 0 || s.hasProperty(event, name) {
		return "", false
	}
	t := s.Parts[name+" "+form]
	if t == "" {
		return "", false
	}
	said := make([]string, len(numbers))
	for i, n := range numbers {
		if said[i] = words(n); said[i] == "" {
			return "", false
		}
	}
	list := strings.Join(said, s.Or)
	if len(said) > 2 {
		list = strings.Join(said[:len(said)-1], ", ") + s.Or + said[len(said)-1]
	}
	return fill(t, "a", said[0], "b", said[len(said)-1], "list", list), true
}

func (s *saying) weekday(n string) string { return nth(s.Weekdays, n) }

func (s *saying) month(n string) string { return nth(s.Months, n) }

// hour is a whole hour with two digits.
func hour(n string) string {
	if k, err := strconv.Atoi(n); err == nil && k >= 0 && k <= 23 {
		return fmt.Sprintf("%02d", k)
	}
	return ""
}

// nth is a word of a list that is counted from 1; "" where there is none.
func nth(list []string, n string) string {
	if k, err := strconv.Atoi(n); err == nil && k >= 1 && k <= len(list) {
		return list[k-1]
	}
	return ""
}

func (s *saying) hasProperty(event, name string) bool {
	for _, e := range s.cat.Events {
		for _, p := range e.Props {
			if e.Name == event && p.Name == name {
				return true
			}
		}
	}
	return false
}
