package agent

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"tesela/agent/model"
	"tesela/store"
)

// pastTurns is how many earlier turns a model gets to see.
const pastTurns = 12

// readTurns is how many earlier turns are read at all, so that the thousandth
// question of a session costs what the first does.
const readTurns = 32

// answerID is short and the same for the same question, asked of the same
// data at the same point of the same conversation, as long as it comes to the
// same figures; and, where a language model was asked, to the same words and
// choices, which are its own each time.
func answerID(t *turn, a *Answer) string {
	h := sha256.New()
	parts := []string{
		a.Data, t.c.Session, point(t.past), a.Question, a.AsOf.Format(time.RFC3339Nano),
		a.Language, a.Model, strconv.FormatBool(t.c.Person), string(a.Status),
	}
	if a.Status == model.Approve {
		// What was rejected may be asked for again.
		parts = append(parts, t.started.UTC().Format(time.RFC3339Nano))
	}
	for _, c := range a.Calls {
		parts = append(parts, c.Tool, string(c.Args), c.Error)
		if c.Result != nil {
			parts = append(parts, c.Result.Fingerprint, c.Result.Approval)
		}
	}
	if a.Usage != nil {
		parts = append(parts, a.Text)
		for _, c := range a.Choices {
			parts = append(parts, c.Label, c.Question)
		}
	}
	// What segments stand for is not part of the data's fingerprint.
	if a.Basis != nil {
		for _, name := range slices.Sorted(maps.Keys(a.Basis.Definitions.Segments)) {
			parts = append(parts, name, a.Basis.Definitions.Segments[name])
		}
	}
	for _, part := range parts {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// point names a point of a conversation by the turns before it: how many they
// are, and where they are more than are read, the newest.
func point(past []store.Turn) string {
	if len(past) < readTurns {
		return strconv.Itoa(len(past))
	}
	return past[len(past)-1].ID
}
