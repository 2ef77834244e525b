package main

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"tesela/agent"
	"tesela/agent/model"
)

// bounds are the flags of what one question may use at most. At a bound the
// language model gets no more tools, and the answer is what there is by then.
type bounds struct {
	rounds, tokens int
	cost           float64 // dollars; 0 is no bound
	time           time.Duration
}

// usualTime is how long a question of one person may take.
const usualTime = 5 * time.Minute

// add puts the flags of the bounds to a command's; took says what --time-limit
// bounds there, and limit how long unless it is told.
func (b *bounds) add(c *cobra.Command, took string, limit time.Duration) {
	flags := c.Flags()
	flags.IntVar(&b.rounds, "max-rounds", agent.UsualRounds, "let a language model call tools in at most `N` of its replies to a question; then it answers with what there is")
	flags.IntVar(&b.tokens, "max-tokens", agent.UsualTokens, "let a language model use about `N` tokens for a question, to and fro; then it answers with what there is")
	flags.Float64Var(&b.cost, "max-cost", 0, "let a question cost about so many `DOLLARS`, by the price in "+envPrice+" (default: no bound)")
	flags.DurationVar(&b.time, "time-limit", limit, took+" after this long, such as 30s, with what there is by then (0: no limit)")
}

// check tells what of the flags cannot be. Costs are only known of models whose
// price is.
func (b *bounds) check(changed func(flag string) bool, price func() (model.Price, error)) error {
	switch {
	case b.rounds < 1:
		return usageError("--max-rounds %d: expected a number from 1", b.rounds)
	case b.tokens < 1:
		return usageError("--max-tokens %d: expected a number from 1, such as 50000", b.tokens)
	case b.time < 0:
		return usageError("--time-limit %v: expected a time such as 30s, or 0 for none", b.time)
	case !changed("max-cost"):
		return nil
	case !(b.cost > 0) || math.IsInf(b.cost, 0):
		return usageError("--max-cost %s: expected dollars, such as 0.05", strconv.FormatFloat(b.cost, 'f', -1, 64))
	}
	p, err := price()
	if err == nil && p.Input+p.Output <= 0 {
		err = usageError("--max-cost: what the language model costs is not known; set %s to its price in dollars a million tokens, in and out, such as 0.15/0.60", envPrice)
	}
	return err
}

// limits are the bounds as a conversation takes them.
func (b *bounds) limits() agent.Limits {
	return agent.Limits{Rounds: b.rounds, Tokens: b.tokens, Cost: b.cost, Time: b.time}
}

// mark tells runs under other bounds than the usual ones apart; "" for those.
func (b *bounds) mark() string {
	usual := bounds{rounds: agent.UsualRounds, tokens: agent.UsualTokens}
	if *b == usual {
		return ""
	}
	return fmt.Sprintf(" within %+v", *b)
}
