package planner

import (
	"slices"

	"tesela/segment/syntax"
	"tesela/tools"
)

// contacts are the traits that a node names by which people are reached or
// called, nil where it names any other field.
func (p *parse) contacts(n *node) []string {
	var out []string
	for x := n; x != nil; x = x.left {
		name := ""
		for _, fi := range x.fields {
			if f := p.ix.fields[fi]; f.event == "" && p.isContact(fi) {
				name = f.name
				break
			}
		}
		if name == "" {
			return nil
		}
		out = append([]string{name}, out...)
	}
	return out
}

func (p *parse) isContact(field int) bool {
	for _, role := range []string{"email", "phone", "name"} {
		if slices.Contains(p.ix.concepts[role], field) {
			return true
		}
	}
	return false
}

// contactList is "the names and e-mails of our gold customers": people, with
// what was asked for beside them.
func (s *parts) contactList() bool {
	if !s.cust || len(s.fields) != 1 || s.asks["ask_count"] || s.asks["ask_most"] || s.asks["ask_least"] || s.asks["ask_share"] || s.asks["ask_amount"] ||
		len(s.meas)+len(s.groups)+len(s.ranks)+len(s.byValue)+len(s.filters)+len(s.wins)+len(s.stats)+len(s.distinct) > 0 {
		return false
	}
	f := s.fields[0]
	with := s.p.contacts(f)
	if len(with) == 0 || f.num != nil || s.custAt < f.to || !s.asks["ask_list"] && !s.ofPeople(f) {
		return false
	}
	base, ok := s.base()
	if !ok {
		return false
	}
	if base == nil {
		base = &syntax.Everyone{}
	}
	s.fields = nil
	s.plan.cost -= 0.4 // says more than a list without
	s.plan.tool, s.plan.args = "list_customers", tools.ListCustomersArgs{Formula: base.String(), With: with, Limit: s.limit}
	return true
}

// shown adds to a list the contacts that its people are said to have: "a list
// of customers with name and e-mail".
func (s *parts) shown(list *tools.ListCustomersArgs) {
	if !s.asks["ask_list"] || s.asks["ask_count"] {
		return
	}
	for _, c := range s.conds {
		n := s.p.asCond(c)
		if n == nil {
			continue
		}
		var all []syntax.Formula
		if and, ok := n.cond.(*syntax.And); ok {
			all = and.Factors
		} else {
			all = []syntax.Formula{n.cond}
		}
		for _, f := range all {
			set, ok := f.(*syntax.IsSet)
			if !ok || set.Not {
				continue
			}
			if name, ok := set.Value.(*syntax.Name); ok {
				if fi := s.p.ix.find("", name.Name); fi >= 0 && s.p.isContact(fi) && !slices.Contains(list.With, name.Name) {
					list.With = append(list.With, name.Name)
				}
			}
		}
	}
}
