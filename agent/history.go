package agent

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tesela/agent/model"
	"tesela/store"
)

// pastTurns is how many earlier turns a model gets to see.
const pastTurns = 12

// readTurns is how many earlier turns are read at all, so that the thousandth
// question of a session costs what the first does.
const readTurns = 32

// history is the session so far as a model sees it: each question with its
// plan, its decision and the results' key values. Prose and rows stay out: what
// a follow-up edits is the plan, and rows may hold customers. Turns that
// failed are left out, and so is one that cannot be read.
func history(turns []store.Turn) []model.Message {
	if len(turns) > pastTurns {
		turns = turns[len(turns)-pastTurns:]
	}
	var messages []model.Message
	for i, kept := range turns {
		var a Answer
		if err := json.Unmarshal(kept.Answer, &a); err != nil || a.Status == model.Failed {
			continue
		}
		said := model.Message{Role: model.Assistant, Reply: &model.Decision{
			Status: a.Status, Language: a.Language, Unknown: a.Unknown, Choices: a.Choices,
			Assumptions: a.Assumptions, Understood: a.Understood, By: a.Model,
		}}
		var results []model.Message
		for j, c := range a.Calls {
			if c.Result == nil || c.Approval != "" || a.Status == model.Clarify || a.Status == model.Cannot {
				continue // it failed, has not happened, or only led to what was not answered
			}
			id := "turn-" + strconv.Itoa(i+1) + "-" + strconv.Itoa(j+1)
			said.Calls = append(said.Calls, model.Call{ID: id, Name: c.Tool, Args: c.Args})
			results = append(results, model.Message{Role: model.ToolRole, CallID: id, Result: compact(c.Result, 0)})
		}
		messages = append(messages, model.Message{Role: model.User, Text: kept.Question}, said)
		messages = append(messages, results...)
	}
	return messages
}

// answerID is short and the same for the same question, asked of the same
// data at the same point of the same conversation, as long as it comes to the
// same figures.
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

// newest tells the language of the session's last answer, "" where there is
// none.
func newest(turns []store.Turn) string {
	for i := len(turns) - 1; i >= 0; i-- {
		var a Answer
		if json.Unmarshal(turns[i].Answer, &a) == nil && a.Status != model.Failed {
			return strings.TrimSpace(a.Language)
		}
	}
	return ""
}
