package planner

import "strings"

// tokens are those of a question, with a value of the data that is written with
// signs in it, or with figures and letters in one, as one: "Dr. Oetker", "7up".
func (ix *index) tokens(s string) []token {
	toks := tokenize(s)
	var out []token
	for i := 0; i < len(toks); i++ {
		t, upto := toks[i], i+1
		for j := min(len(toks), i+maxPhrase); j > i+1; j-- {
			if whole := s[t.from:toks[j-1].to]; pieced(toks[i:j]) && len(ix.value(fold(whole))) > 0 {
				t, upto = token{kind: tokWord, text: whole, folded: fold(whole), from: t.from, to: toks[j-1].to}, j
				break
			}
		}
		out = append(out, t)
		i = upto - 1
	}
	return ix.unglossed(out)
}

// unglossed takes "anual (annual)" for what stands in the brackets, where both
// are the same name or value of the data.
func (ix *index) unglossed(toks []token) []token {
	var out []token
	for i := 0; i < len(toks); i++ {
		n := len(out)
		if n > 0 && i+2 < len(toks) && toks[i].text == "(" && toks[i+2].text == ")" && toks[i+1].kind == tokWord && out[n-1].kind == tokWord &&
			ix.sameThing(out[n-1].folded, toks[i+1].folded) {
			t := toks[i+1]
			t.from, t.to = out[n-1].from, toks[i+2].to
			out[n-1] = t
			i += 2
			continue
		}
		out = append(out, toks[i])
	}
	return out
}

// sameThing tells whether two words are phrases for one name or value.
func (ix *index) sameThing(a, b string) bool {
	keys := func(w string) []string {
		list := []string{w}
		for _, lang := range languages {
			list = append(list, "~"+lang+" "+stem(lang, w))
		}
		return list
	}
	for _, x := range keys(a) {
		for _, y := range keys(b) {
			for _, r := range ix.names[x] {
				for _, o := range ix.names[y] {
					if r.event == o.event && r.field == o.field && r.word == o.word && r.seg == o.seg {
						return true
					}
				}
			}
			for _, v := range append(ix.value(x), ix.aliases[x]...) {
				for _, o := range append(ix.value(y), ix.aliases[y]...) {
					if v == o {
						return true
					}
				}
			}
		}
	}
	return false
}

// pieced tells whether tokens that follow one another may be pieces of one
// text: a full stop within them, or figures and letters without a space between.
func pieced(toks []token) bool {
	found := false
	for k, t := range toks {
		switch {
		case t.kind == tokQuoted, t.kind == tokDate, t.kind == tokBreak && (t.text != "." || k == 0):
			return false
		case t.kind == tokBreak:
			found = true
		case k > 0 && t.from == toks[k-1].to && (t.kind == tokNumber) != (toks[k-1].kind == tokNumber):
			found = true
		}
	}
	return found
}

// ampersand is a phrase with "&" where it has "and" between its words, "" for
// one without.
func (p *parse) ampersand(i, j int) string {
	words, found := make([]string, 0, j-i), false
	for k := i; k < j; k++ {
		w := p.toks[k].folded
		if k > i && k < j-1 {
			for _, e := range p.lex.exact[w] {
				if e.cat == "and" {
					w, found = "&", true
					break
				}
			}
		}
		words = append(words, w)
	}
	if !found {
		return ""
	}
	return strings.Join(words, " ")
}
