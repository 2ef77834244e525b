package planner

import "sort"

// derivation is a way to cut the whole question into parts.
type derivation struct {
	parts []*node
	cost  float64
	loose bool // the last words have no weight
}

// width bounds the derivations kept at each position.
const width = 60

// topLevel are the categories that may stand as a part of a question.
var topLevel = map[cat]bool{
	cGlue: true, cBreak: true, cClause: true, cCond: true, cVal: true, cCust: true, cMeas: true, cGroup: true, cRank: true,
	cField: true, cFields: true, cWin: true, cUnknown: true, cMissing: true, cLastOf: true, cFrag: true, cQty: true, cNum: true, "correction": true,
	"ask_count": true, "ask_amount": true, "ask_list": true, "ask_what": true, "ask_share": true, "rate_of": true, "ask_data": true, "why": true,
	"ask_most": true, "ask_least": true, "best_selling": true, "most_common": true, "by value": true, "by measure": true, "per_customer": true,
	"trend": true, "followup": true, "people_anaphora": true, "people_list": true, "ask_compare": true, "count customers": true, "greetings": true, "sentence_out": true,
	"vague_numbers": true, "row filter": true, "only": true, "except": true, "and": true, "units": true, "stats": true, "distinct of": true, "n distinct": true, "layer_names": true, "layer_labels": true, "by_money": true,
	cByPeople: true, cBiggest: true, "stats_after": true, cMostPeople: true, "net_of": true, "aged": true, "by_times": true,
	"message": true, "included": true, "ties": true, "with field": true, "instead": true, "order_phrase": true, "actions": true, "forecast": true, "analyses": true,
	"as_zero": true, cOnlyVal: true, cPerEvent: true, cOutdone: true, cTimes: true, cSoMany: true,
}

// costAlien is for words that are known but have no place at the top of a
// question; they can only be named as not understood.
const costAlien = 2.0

// derivations cuts the question in all good ways, cheapest first.
func (p *parse) derivations() []derivation { return p.derivationsTo(len(p.toks)) }

// derivationsTo cuts the first n tokens.
func (p *parse) derivationsTo(n int) []derivation {
	at := make([][]derivation, n+1)
	at[0] = []derivation{{}}
	for i := 0; i < n; i++ {
		sort.SliceStable(at[i], func(a, b int) bool { return at[i][a].cost < at[i][b].cost })
		if len(at[i]) > width {
			at[i] = at[i][:width]
		}
		for j := i + 1; j <= n; j++ {
			for _, x := range p.cells[i][j] {
				cost := x.cost
				if !topLevel[x.cat] {
					if x.to-x.from > 3 || x.cat == cPart {
						continue
					}
					cost += costAlien
				}
				if x.cat != cGlue && x.cat != cBreak {
					cost += costPart
				}
				bounded := timed[x.cat] && p.boundsTime(i)
				for _, d := range at[i] {
					if bounded && d.loose {
						continue
					}
					parts := d.parts
					if x.cat != cGlue && x.cat != cBreak {
						parts = append(parts[:len(parts):len(parts)], x)
					}
					at[j] = append(at[j], derivation{parts, d.cost + cost, x.cat == cGlue || x.cat == cBreak})
				}
			}
		}
	}
	sort.SliceStable(at[n], func(a, b int) bool { return at[n][a].cost < at[n][b].cost })
	if len(at[n]) > 3*width {
		at[n] = at[n][:3*width]
	}
	return at[n]
}
