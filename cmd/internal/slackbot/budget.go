package slackbot

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tesela/cmd/internal/slackbot/wire"
)

// Budget is how many turns there may be in any stretch of time so long.
type Budget struct {
	Turns int
	Per   time.Duration
}

// String writes a budget as ParseBudgets reads it.
func (b Budget) String() string { return strconv.Itoa(b.Turns) + "/" + b.Per.String() }

// ParseBudgets reads budgets such as "60/1h" or "60/1h,300/24h"; "" and "0" are
// none.
func ParseBudgets(text string) ([]Budget, error) {
	if text = strings.TrimSpace(text); text == "" || text == "0" {
		return nil, nil
	}
	var all []Budget
	for part := range strings.SplitSeq(text, ",") {
		turns, per, ok := strings.Cut(strings.TrimSpace(part), "/")
		n, err := strconv.Atoi(turns)
		d, err2 := time.ParseDuration(per)
		if !ok || err != nil || err2 != nil || n <= 0 || d < time.Minute || d > 31*24*time.Hour {
			return nil, fmt.Errorf("%q is no budget: expected turns in a time of a minute to 31 days, such as 60/1h or 60/1h,300/24h", part)
		}
		all = append(all, Budget{Turns: n, Per: d})
	}
	return all, nil
}

// kindBudget keeps the turns that count, by who took them.
const kindBudget = "slack.budget"

// grains is how many parts a budget's time is counted in: a turn stops counting
// when its part has passed, so at most so much later than it might.
const grains = 60

// budgets counts turns by person and by workspace.
type budgets struct {
	memory     wire.Memory
	clock      func() time.Time
	user, team []Budget

	mu     sync.Mutex
	loaded bool
	counts map[string]*tally
}

// tally is what one person or workspace has used up.
type tally struct {
	// Used are the turns by budget and by the number of the grain they fell in.
	Used map[string]map[int64]int `json:"used"`
	// Told is by channel until when who asks knows there already that there is
	// no more.
	Told map[string]time.Time `json:"told,omitempty"`
}

func newBudgets(m wire.Memory, clock func() time.Time, user, team []Budget) *budgets {
	return &budgets{memory: m, clock: clock, user: user, team: team, counts: map[string]*tally{}}
}

// over is a budget that is used up.
type over struct {
	budget Budget
	team   bool
	free   time.Time // when there is a turn again
	told   bool      // who asks knows already, in this channel
}

// mostTold bounds the channels in which a person is known to know.
const mostTold = 100

// look tells which budget of a person, who asks in a channel, or of the workspace
// is used up, nil for none; then, where asked to, it takes a turn from all of
// them. keep writes down
// what changed; it is nil where nothing did. An error leaves out what was used
// before the program began.
func (b *budgets) look(ctx context.Context, team, user, channel string, take bool) (full *over, keep func(context.Context) error, err error) {
	if len(b.user)+len(b.team) == 0 {
		return nil, nil, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	err = b.load(ctx)
	now := b.clock()
	person, whole := "user:"+team+":"+user, "team:"+team
	for _, of := range []struct {
		key     string
		budgets []Budget
	}{{person, b.user}, {whole, b.team}} {
		for _, budget := range of.budgets {
			if free, ok := b.of(of.key).free(budget, now); !ok && (full == nil || free.After(full.free)) {
				full = &over{budget: budget, team: of.key == whole, free: free}
			}
		}
	}
	mine := b.of(person)
	if full != nil {
		if full.told = now.Before(mine.Told[channel]); full.told {
			return full, nil, err
		}
		if mine.Told == nil || len(mine.Told) == mostTold {
			mine.Told = map[string]time.Time{}
		}
		mine.Told[channel] = full.free
		return full, b.keeping(now, person), err
	}
	if !take {
		return nil, nil, err
	}
	mine.Told = nil
	for _, budget := range b.user {
		mine.add(budget, now)
	}
	for _, budget := range b.team {
		b.of(whole).add(budget, now)
	}
	b.tidy(now)
	return nil, b.keeping(now, person, whole), err
}

// load reads what was used up before the program began.
func (b *budgets) load(ctx context.Context) error {
	if b.loaded {
		return nil
	}
	kept, err := b.memory.List(ctx, kindBudget)
	if err != nil {
		return fmt.Errorf("read the budgets: %w", err)
	}
	b.loaded = true
	for key, body := range kept {
		t := &tally{}
		if json.Unmarshal(body, t) == nil && b.counts[key] == nil {
			b.counts[key] = t
		}
	}
	return nil
}

func (b *budgets) of(key string) *tally {
	t := b.counts[key]
	if t == nil {
		t = &tally{}
		b.counts[key] = t
	}
	return t
}

// keeping gives what writes tallies down for as long as they count.
func (b *budgets) keeping(now time.Time, keys ...string) func(context.Context) error {
	longest := time.Duration(0)
	for _, budget := range slices.Concat(b.user, b.team) {
		longest = max(longest, budget.Per)
	}
	bodies := map[string][]byte{}
	for _, key := range keys {
		if t := b.of(key); len(t.Used)+len(t.Told) > 0 {
			if body, err := json.Marshal(t); err == nil {
				bodies[key] = body
			}
		}
	}
	return func(ctx context.Context) error {
		for key, body := range bodies {
			if err := b.memory.Put(ctx, kindBudget, key, body, now.Add(longest+2*longest/grains)); err != nil {
				return err
			}
		}
		return nil
	}
}

// mostTallies is from when on those that count nothing any more are let go.
const mostTallies = 1000

func (b *budgets) tidy(now time.Time) {
	if len(b.counts) < mostTallies {
		return
	}
	for key, t := range b.counts {
		maps.DeleteFunc(t.Told, func(_ string, until time.Time) bool { return !now.Before(until) })
		empty := len(t.Told) == 0
		for name, used := range t.Used {
			if budgets, err := ParseBudgets(name); err == nil && len(budgets) == 1 {
				prune(used, budgets[0], now)
			}
			empty = empty && len(used) == 0
		}
		if empty {
			delete(b.counts, key)
		}
	}
}

// grain numbers the part of a budget's time that an instant falls in.
func grain(budget Budget, t time.Time) int64 {
	return t.UnixNano() / max(1, int64(budget.Per/grains))
}

// prune drops what is longer ago than the budget's time.
func prune(used map[int64]int, budget Budget, now time.Time) {
	for g := range used {
		if g < grain(budget, now)-grains {
			delete(used, g)
		}
	}
}

// free tells whether there is a turn, and else when there is one.
func (t *tally) free(budget Budget, now time.Time) (time.Time, bool) {
	used := t.Used[budget.String()]
	prune(used, budget, now)
	sum, first := 0, int64(0)
	for g, n := range used {
		if sum += n; first == 0 || g < first {
			first = g
		}
	}
	if sum < budget.Turns {
		return now, true
	}
	width := int64(budget.Per / grains)
	return time.Unix(0, (first+grains+1)*width), false
}

func (t *tally) add(budget Budget, now time.Time) {
	name := budget.String()
	if t.Used == nil {
		t.Used = map[string]map[int64]int{}
	}
	if t.Used[name] == nil {
		t.Used[name] = map[int64]int{}
	}
	t.Used[name][grain(budget, now)]++
}
