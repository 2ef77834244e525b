package planner

import "strings"

// refuses tells whether a yes-or-no field is called by a refusal: email_opt_out,
// unsubscribed, no_sms.
func (p *parse) refuses(fi int) bool {
	words := strings.Fields(fold(p.ix.fields[fi].name))
	said := func(phrase string, last bool) bool {
		for _, lx := range append([]*lexicon{p.lex}, p.others...) {
			for _, e := range lx.exact[phrase] {
				switch e.cat {
				case "said_no":
					return true
				case "concepts":
					if e.attr == "unsubscribe" {
						return true
					}
				case "not", "none":
					if !last {
						return true // "no" of no_sms
					}
				}
			}
		}
		return false
	}
	for i := range words {
		for j := i + 1; j <= len(words); j++ {
			if said(strings.Join(words[i:j], " "), j == len(words)) {
				return len(p.channelsOf(p.ix.fields[fi].name)) > 0 || i == 0
			}
		}
	}
	return false
}
