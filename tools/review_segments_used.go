package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tesela/segment"
	"tesela/segment/course"
	"tesela/store"
)

// use is who uses a saved segment.
type use struct {
	last time.Time // the latest kept answer that does; zero: none
	by   []string  // other saved segments that are defined by it
}

func (u use) never() bool { return u.last.IsZero() && len(u.by) == 0 }

func (u use) cell(s *segment.Schema) any {
	if u.last.IsZero() {
		return nil
	}
	return localDay(u.last, s)
}

// mostTurns is how many of the answers that speak of a segment are read.
const mostTurns = 20

// reviewing are the tools whose calls do not use a segment: they tell of all
// of them, keep or drop one.
var reviewing = []string{"review_segments", "save_segment", "delete_segment", "describe_data"}

// lastUses finds who uses each saved segment: the kept answers that a call of
// names it in, and the other segments.
func (c *call) lastUses(ctx context.Context, saved []store.Segment) ([]use, error) {
	uses := make([]use, len(saved))
	for i, s := range saved {
		for _, other := range saved {
			if other.Name != s.Name && slices.Contains(segmentsIn(other.Formula), s.Name) {
				uses[i].by = append(uses[i].by, other.Name)
			}
		}
		words := strings.Fields(s.Name)
		if len(words) == 0 {
			continue
		}
		heads, err := c.box.ws.FindTurns(ctx, store.TurnQuery{Words: words, Limit: mostTurns})
		if err != nil {
			return nil, fmt.Errorf("look for answers that use %s: %w", s.Name, err)
		}
		for _, head := range heads {
			turn, err := c.box.ws.Turn(ctx, head.ID)
			if err != nil {
				return nil, fmt.Errorf("read the answer %s: %w", head.ID, err)
			}
			if usedIn(turn, s.Name) {
				uses[i].last = turn.Asked
				break
			}
		}
	}
	return uses, nil
}

// usedIn tells whether a call of an answer names a segment.
func usedIn(t store.Turn, name string) bool {
	var answer struct {
		Calls []struct {
			Tool string          `json:"tool"`
			Args json.RawMessage `json:"args"`
		} `json:"calls"`
	}
	if json.Unmarshal(t.Answer, &answer) != nil {
		return false
	}
	for _, call := range answer.Calls {
		var args any
		if slices.Contains(reviewing, call.Tool) || json.Unmarshal(call.Args, &args) != nil {
			continue
		}
		for _, text := range appendTexts(nil, args) {
			if slices.Contains(segmentsIn(text), name) {
				return true
			}
		}
	}
	return false
}

// pastOf are the instants of ends from the latest to the earliest, the last
// itself left out.
func pastOf(ends []course.End) []time.Time {
	var past []time.Time
	for i := len(ends) - 2; i >= 0; i-- {
		past = append(past, ends[i].At)
	}
	return past
}
