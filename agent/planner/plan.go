package planner

import (
	"encoding/json"

	"tesela/agent/model"
)

// plan is one reading of a question: calls to make, or why there are none.
type plan struct {
	tool    string
	args    any
	beside  any // the arguments of a second call of the tool; nil for none
	cost    float64
	assume  []assumption
	unknown []string    // words that no part of the plan accounts for
	missing []*node     // concepts or fields that this data lacks
	out     bool        // what was asked for lies outside customer data
	rival   any         // arguments that the words may mean as well, to be asked
	vague   []string    // words whose measure only the business knows
	before  bool        // it takes up an earlier question, and there is none
	last    *model.Call // or this one, of which it is no change
	ahead   bool        // it is a forecast
	// analysis is the kind of analysis asked for that no tool makes: "retention".
	analysis *node
	about    []*node // what is understood of a question that is refused
	// headless plans name no people and no measure of their own ("by country"):
	// after another question they change that one.
	headless bool
	// bare are the counts given without "at least" or "exactly".
	bare []*qty
}

// key tells plans apart.
func (pl *plan) key() string {
	b, err := json.Marshal(sortedArgs(pl.args))
	if err != nil {
		return pl.tool
	}
	if pl.beside != nil {
		b = append(b, marshal(sortedArgs(pl.beside))...)
	}
	return pl.tool + string(b)
}
