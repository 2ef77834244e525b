package restate

// Noun is a name of the data as the language has it: one, many, and whether
// the noun is feminine. A name that is no word of the language is itself, with
// spaces for underscores.
func (r *Restater) Noun(lang, name string) (one, many string, feminine bool) {
	s := r.saying(lang, nil)
	return s.noun(name, false), s.noun(name, true), s.feminine(name)
}
