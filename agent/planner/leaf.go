package planner

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Costs of a reading: what was typed exactly as the lexicon or the data has
// it is free; each departure costs, so that nearer readings win.
const (
	costStem      = 0.02
	costTranslate = 0.04
	costOtherLang = 0.25
	costHasty     = 0.30 // an accent left out where the word without it is another
	costFuzzy     = 0.55
	costUnknown   = 6.0
	costMissing   = 3.0
	costPart      = 0.30 // each part that the whole is assembled from
	costValueWord = 0.50 // a data value that is also a word of the language
)

// longestEnd bounds what a word for people may have beyond its stem, less the s
// of several.
const longestEnd = 3

// maxPhrase bounds the tokens looked up as one phrase.
const maxPhrase = 8

// leaves finds all that single phrases may mean.
func (p *parse) leaves() {
	n := len(p.toks)
	p.spell()
	for i := range n {
		p.literalLeaves(i)
		for j := i + 1; j <= min(n, i+maxPhrase); j++ {
			folded, raw, ok := p.phrase(i, j)
			if !ok {
				break
			}
			p.phraseLeaves(i, j, folded, raw, 0)
			p.compoundLeaves(i, j)
			p.meanWithin(i, j)
			p.respelt(i, j)
		}
		p.someWho(i)
		p.partLeaves(i)
		p.valuesInPart(i)
		p.oppositeOf(i)
		if c := p.ix.th.conceptOf(p.toks[i].folded, p.lang); c != "" && len(p.ix.concepts[c]) == 0 && p.toks[i].kind == tokWord && !p.isGlue(i) {
			p.add(&node{cat: cMissing, from: i, to: i + 1, cost: costMissing, attr: c, word: p.toks[i].text})
		}
		if k := p.toks[i].kind; k == tokWord || k == tokSymbol || k == tokNumber {
			if len(p.cells[i][i+1]) == 0 {
				p.add(&node{cat: cUnknown, from: i, to: i + 1, word: p.toks[i].text, cost: costUnknown})
			}
		}
	}
	for i := range n {
		p.leftUndone(i)
	}
	p.wePaid()
	p.whichRows()
	p.namesInPart()
	p.findAmong()
}

// literalLeaves reads numbers, dates, quoted texts and punctuation.
func (p *parse) literalLeaves(i int) {
	t := p.toks[i]
	switch t.kind {
	case tokBreak:
		p.add(&node{cat: cBreak, from: i, to: i + 1, text: t.folded})
		if t.folded == "," {
			p.add(&node{cat: "and", from: i, to: i + 1, attr: ",", cost: 0.05})
		}
	case tokSymbol:
		if i == 0 && t.folded == "%" { // "% socios morosos"
			p.shares = true
			p.add(&node{cat: "ask_share", from: i, to: i + 1, cost: 0.05})
		}
	case tokQuoted:
		p.add(&node{cat: cQuoted, from: i, to: i + 1, text: t.text})
	case tokWord:
		if p.future(i, i+1) {
			p.add(&node{cat: "forecast", from: i, to: i + 1})
		}
		if n, ok := ordinal(t.folded); ok {
			p.add(&node{cat: "ordinals", from: i, to: i + 1, num: n})
		}
	case tokNumber:
		if t.folded != t.text { // 1º
			if n, ok := new(big.Rat).SetString(t.folded); ok {
				p.add(&node{cat: "ordinals", from: i, to: i + 1, num: n})
			}
			return
		}
		p.markedOrdinal(i)
		for _, v := range readNumber(t.text, p.lex.decimal) {
			p.add(&node{cat: cNum, from: i, to: i + 1, num: v.rat, cost: v.cost})
			if v.rat.IsInt() && v.rat.Num().IsInt64() {
				if y := v.rat.Num().Int64(); y >= 1900 && y <= 2100 && len(t.text) == 4 {
					p.addSpan(i, i+1, 0.05, time.Date(int(y), 1, 1, 0, 0, 0, 0, p.zone), time.Date(int(y)+1, 1, 1, 0, 0, 0, 0, p.zone), strconv.Itoa(int(y)))
				}
			}
		}
	case tokDate:
		p.dateLeaf(i)
	}
}

// markedOrdinal reads "2º", "1er": a number with the language's mark behind it.
func (p *parse) markedOrdinal(i int) {
	if i+1 >= len(p.toks) || p.toks[i].to != p.toks[i+1].from {
		return
	}
	n, err := strconv.ParseInt(p.toks[i].text, 10, 32)
	if err != nil {
		return
	}
	raw := strings.ToLower(norm.NFC.String(p.toks[i+1].text))
	for _, e := range p.lex.exact[p.toks[i+1].folded] {
		if e.cat == "ordinal_marks" && p.lex.typed[raw] {
			p.add(&node{cat: "ordinals", from: i, to: i + 2, num: new(big.Rat).SetInt64(n)})
			return
		}
	}
}

// future tells whether a word of the span speaks of what is still to come.
func (p *parse) future(i, j int) bool {
	for _, t := range p.toks[i:j] {
		if t.kind != tokWord {
			continue
		}
		if p.lex.words[t.folded] { // of a word that is listed that tells
			if slices.Contains(p.lex.exact[t.folded], entry{cat: "forecast"}) {
				return true
			}
			continue
		}
		low := strings.ToLower(norm.NFC.String(t.text))
		for _, end := range p.lex.futureEndings {
			if len(low) > len(end)+3 && (strings.HasSuffix(low, end) || !hasAccent(end) && strings.HasSuffix(t.folded, end)) {
				return true
			}
		}
	}
	return false
}

// ordinal reads "5th"; ok is false for other words.
func ordinal(w string) (*big.Rat, bool) {
	if len(w) < 3 || w[0] < '0' || w[0] > '9' {
		return nil, false
	}
	switch w[len(w)-2:] {
	case "st", "nd", "rd", "th":
		return new(big.Rat).SetString(w[:len(w)-2])
	}
	return nil, false
}

// dateLeaf reads 2011-11-05, 2011-11, 5/11/2011.
func (p *parse) dateLeaf(i int) {
	s := p.toks[i].text
	if d, err := time.ParseInLocation("2006-01-02", s, p.zone); err == nil {
		p.addSpan(i, i+1, 0, d, d.AddDate(0, 0, 1), "")
		return
	}
	if d, err := time.ParseInLocation("2006-01", s, p.zone); err == nil {
		p.addSpan(i, i+1, 0, d, d.AddDate(0, 1, 0), d.Format("2006-01"))
		return
	}
	if len(s) > 2 && !isDigit(s[0]) { // '25
		if y, err := strconv.Atoi(s[len(s)-2:]); err == nil {
			start := time.Date(2000+y, 1, 1, 0, 0, 0, 0, p.zone)
			p.addSpan(i, i+1, 0, start, start.AddDate(1, 0, 0), start.Format("2006"))
		}
		return
	}
	if d, err := time.ParseInLocation("1/2006", s, p.zone); err == nil {
		p.addSpan(i, i+1, 0, d, d.AddDate(0, 1, 0), d.Format("2006-01"))
		return
	}
	if strings.Count(s, "/") == 1 {
		p.dayMonthLeaf(i)
		return
	}
	s = strings.NewReplacer(".", "/", "-", "/").Replace(s)
	orders := []string{"2/1/2006", "1/2/2006"}
	if len(s)-strings.LastIndex(s, "/") == 3 {
		orders = []string{"2/1/06", "1/2/06"}
	}
	if !p.lex.dayFirst {
		orders[0], orders[1] = orders[1], orders[0]
	}
	var seen []time.Time
	for k, layout := range orders {
		if d, err := time.ParseInLocation(layout, s, p.zone); err == nil {
			if len(seen) > 0 && seen[0].Equal(d) {
				continue
			}
			// In English both orders are in use, so neither wins clearly.
			cost := float64(k) * 0.5
			if p.lang == "en" {
				cost = float64(k) * 0.05
			}
			p.addSpan(i, i+1, cost, d, d.AddDate(0, 0, 1), "")
			seen = append(seen, d)
		}
	}
}

// dayMonthLeaf reads 5/11: a day and a month, in the order of the language.
func (p *parse) dayMonthLeaf(i int) {
	a, b, _ := strings.Cut(p.toks[i].text, "/")
	day, errDay := strconv.Atoi(a)
	month, errMonth := strconv.Atoi(b)
	if errDay != nil || errMonth != nil {
		return
	}
	give := func(day, month int, cost float64) {
		if month >= 1 && month <= 12 && day >= 1 && day <= 31 {
			p.add(&node{cat: cMonthDay, from: i, to: i + 1, month: month, day: day, cost: cost})
		}
	}
	other := 0.5
	if p.lang == "en" { // both orders are in use
		other = 0.05
	}
	if !p.lex.dayFirst {
		day, month = month, day
	}
	give(day, month, 0)
	if day != month {
		give(month, day, other)
	}
}

type numberReading struct {
	rat  *big.Rat
	cost float64
}

// readNumber reads digits with separators. The language's own decimal sign
// decides; the other way of writing is read where this one makes no sense, and
// before three zeros: "20,000" has no thousandths in any language.
func readNumber(s, decimal string) []numberReading {
	group := ","
	if decimal == "," {
		group = "."
	}
	if strings.HasSuffix(s, decimal+"000") && !strings.HasPrefix(s, "0") && !strings.Contains(s, group) {
		group, decimal = decimal, group
	}
	if n, ok := readGrouped(s, group, decimal); ok {
		return []numberReading{{n, 0}}
	}
	if n, ok := readGrouped(s, decimal, group); ok {
		return []numberReading{{n, 0.1}}
	}
	return nil
}

func readGrouped(s, group, decimal string) (*big.Rat, bool) {
	whole, frac, _ := strings.Cut(s, decimal)
	if strings.Contains(frac, group) || strings.Contains(frac, decimal) {
		return nil, false
	}
	parts := strings.Split(whole, group)
	for k, part := range parts {
		if k > 0 && len(part) != 3 || k == 0 && len(parts) > 1 && (len(part) == 0 || len(part) > 3) {
			return nil, false
		}
	}
	text := strings.Join(parts, "")
	if frac != "" {
		text += "." + frac
	}
	return new(big.Rat).SetString(text)
}

// phraseLeaves looks a phrase of tokens i…j up in the lexicons and the data.
func (p *parse) phraseLeaves(i, j int, folded, raw string, extra float64) {
	inMain := p.lexLeaves(i, j, folded, raw, p.lex, extra)
	for _, lx := range p.others {
		if inMain || j-i == 1 && p.lex.words[folded] || !(j-i == 1 && p.saysWhere(i)) && len(p.ix.value(folded))+len(p.ix.aliases[folded])+len(p.ix.names[folded])+len(p.ix.names[strings.TrimSuffix(folded, "s")]) > 0 {
			break // Malta is a country here, whatever it is in Portuguese
		}
		p.marking(assumption{"foreign", map[string]string{"text": p.typed(i, j)}}, func() {
			p.lexLeaves(i, j, folded, raw, lx, extra+costOtherLang)
		})
	}
	p.nameLeaves(i, j, folded, inMain, extra)
	p.valueLeaves(i, j, folded, inMain || j-i == 1 && p.lex.words[folded], extra)
}

// phrase joins tokens for look-up: folded, and as typed in lower case.
func (p *parse) phrase(i, j int) (folded, raw string, ok bool) {
	if j-i == 1 {
		t := p.toks[i]
		if t.kind == tokDate || t.kind == tokBreak {
			return "", "", false
		}
		return t.folded, strings.ToLower(norm.NFC.String(t.text)), true
	}
	var f, r strings.Builder
	for k := i; k < j; k++ {
		t := p.toks[k]
		if t.kind == tokQuoted || t.kind == tokBreak {
			return "", "", false
		}
		if k > i {
			f.WriteByte(' ')
			r.WriteByte(' ')
		}
		f.WriteString(t.folded)
		r.WriteString(strings.ToLower(t.text))
	}
	return f.String(), norm.NFC.String(r.String()), true
}

// lexLeaves adds the meanings a lexicon gives for a phrase.
func (p *parse) lexLeaves(i, j int, folded, raw string, lx *lexicon, extra float64) bool {
	found := false
	give := func(list []entry, cost float64) {
		for _, e := range list {
			found = found || e.cat != goods
			if lx != p.lex && weightless[e.cat] && (operates(list) || has(list, entry{cat: "by"}) || j == i+1 && p.capital(i)) {
				continue // of another language's words, what they say counts, and "on Pro" names something
			}
			c := cost + extra
			if c >= costFuzzy && j-i > 1 && (e.cat == "actions" || e.cat == "sentence_out" || e.cat == "forecast") {
				p.add(&node{cat: cat(e.cat), from: i, to: j, cost: c, attr: e.attr}) // an order with a slip in it is no statement
				continue
			}
			if e.form == "verb" && has(list, entry{e.cat, e.attr, "noun"}) {
				c += 0.15 // "order", "compra": first of all the thing
				e.form = "noun or verb"
			}
			p.lexLeaf(i, j, e, lx, c)
		}
	}
	if accented, ok := lx.accented[raw]; ok {
		give(accented, 0)
		return found
	}
	exact := lx.exact[folded]
	if plain := lx.plain[folded]; len(plain) > 0 && len(plain) < len(exact) {
		// "e" may be a hasty "é", but first of all it is "e".
		give(plain, 0)
		var rest []entry
		for _, e := range exact {
			if !has(plain, e) {
				rest = append(rest, e)
			}
		}
		give(rest, costHasty)
	} else if says := ofWeight(exact); len(plain) == 0 && len(says) > 0 && len(says) < len(exact) {
		give(says, 0)                                                                   // "genero" without its accent, or with a wrong one, is "género", not "generó"
		if !slices.ContainsFunc(says, func(e entry) bool { return inflected[e.cat] }) { // "ha" without its accent may well be there is
			give(slices.DeleteFunc(slices.Clone(exact), func(e entry) bool { return has(says, e) }), costHasty)
		}
	} else if len(plain) > 0 || hasAccent(raw) || len(p.ix.names[folded]) == 0 || !light(exact) {
		give(exact, 0) // "genero" without accents is first of all the name, not "generó"
	}
	// A form that is listed says all; only others are known by their stem,
	// and then rather as a thing than as a statement.
	if len(exact) == 0 && p.future(i, j) {
		return found
	}
	if base := strings.TrimSuffix(folded, "s"); len(exact) == 0 && base != folded && anyNoun(lx.exact[base]) {
		for _, e := range lx.exact[base] { // a plain plural, whatever it ends like
			if inflected[e.cat] && e.form != "verb" && e.attr != "customer_female" && (e.cat != "measures" || !p.namesEvent(folded) && !namesThing(lx.exact[base]) && !p.ofSeveral(i, j, lx)) {
				found = true
				p.lexLeaf(i, j, e, lx, costStem+extra)
			}
		}
		return found
	}
	if len(exact) == 0 && p.toks[i].kind == tokWord {
		stems := lx.stems[stem(lx.lang, folded)]
		for _, e := range stems {
			if e.form == "verb" && !lx.endsLikeVerb(folded) || e.cat == "units" {
				continue // "weeked" is a slip of something else
			}
			if e.attr == "customer" && (lx != p.lex || p.ix.callsField(folded) || len(strings.TrimSuffix(folded, "s")) > len(stem(lx.lang, folded))+longestEnd) {
				continue // "the gala" is no "galera", "insurance" no insured, nor "seguradora" a "segurado" where it is a field
			}
			if last := p.toks[j-1].folded; e.cat == "measures" && (p.namesEvent(last) || last != singular(lx.lang, last) && namesThing(lx.exact[singular(lx.lang, last)])) {
				continue // "faturas" are what the data has as invoices, not what somebody invoices
			}
			if e.cat == "measures" && (lx.endsLikeVerb(folded) || p.ofSeveral(i, j, lx)) {
				continue // "customers acquired" is a measure, "they acquired" a statement
			}
			if e.form == "noun" && has(stems, entry{e.cat, e.attr, "verb"}) && lx.endsLikeVerb(folded) {
				continue
			}
			found = true
			p.lexLeaf(i, j, e, lx, costStem*float64(j-i)+extra)
		}
	}
	return found
}

// namesThing tells whether a phrase is a noun of what is done, whatever else it
// is: in the plural it is nothing else, "faturas" no "fatura" of who invoices.
func namesThing(list []entry) bool {
	return slices.ContainsFunc(list, func(e entry) bool { return e.cat == "concepts" && e.form == "noun" })
}

func anyNoun(list []entry) bool {
	for _, e := range list {
		if inflected[e.cat] && e.form != "verb" && e.attr != "customer_female" {
			return true
		}
	}
	return false
}

func has(list []entry, e entry) bool {
	for _, x := range list {
		if x == e {
			return true
		}
	}
	return false
}
