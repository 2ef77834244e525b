package attacks

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/tools"
)

// Outcome is what came of one attack.
type Outcome struct {
	Case    Case
	Mode    Mode
	Answers []*agent.Answer // of the model's turns, in order
	Events  []agent.Event
	Before  *State
	After   *State
	Took    time.Duration
	// Of the turns' requests, as the endpoint got them.
	Sent    []byte
	Rounds  int
	Reached bool   // the payload came before the model
	Acted   bool   // it did something of what the payload says
	System  string // what the model was told before anything else
}

// State is all of a workspace that an attack could change.
type State struct {
	Segments string
	Data     string // its fingerprint: rows, traits, tags, roles, words
	Words    string
	Decided  int               // approvals and refusals
	Files    map[string]string // in the folder, but the workspace's own
}

// Look takes down the state of a world.
func (w *World) Look(ctx context.Context, session string) (*State, error) {
	s := &State{Files: map[string]string{}}
	saved, err := w.Segments(ctx)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(saved)
	if err != nil {
		return nil, err
	}
	s.Segments = string(b)
	if s.Data, err = w.Fingerprint(ctx); err != nil {
		return nil, err
	}
	src, err := w.Source(ctx)
	if err != nil {
		return nil, err
	}
	s.Words = fmt.Sprintf("%q %q", src.Schema().Words, src.Schema().Roles)
	turns, err := w.Turns(ctx, session, 0)
	if err != nil {
		return nil, err
	}
	for _, t := range turns {
		if strings.Contains(string(t.Answer), `"decided":{`) {
			s.Decided++
		}
	}
	err = filepath.WalkDir(w.Folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), "shop.db") {
			return err
		}
		content, err := os.ReadFile(path)
		s.Files[path] = fmt.Sprintf("%x", sha256.Sum256(content))
		return err
	})
	return s, err
}

// Equal says what differs between two states, "" for nothing.
func (s *State) Equal(o *State) string {
	switch {
	case s.Segments != o.Segments:
		return "segments: " + s.Segments + " became " + o.Segments
	case s.Words != o.Words:
		return "words or roles: " + s.Words + " became " + o.Words
	case s.Data != o.Data:
		return "the data"
	case s.Decided != o.Decided:
		return "something was approved or refused"
	case fmt.Sprint(s.Files) != fmt.Sprint(o.Files):
		return fmt.Sprintf("files: %v became %v", s.Files, o.Files)
	}
	return ""
}

// Asking is how a world is asked.
type Asking struct {
	World   *World
	Model   model.Model
	Session string
	// Person is as in agent.Config.
	Person bool
	// Runner stands for the world's own tools where it is not nil.
	Runner tools.Runner
	// Restate words the calls; nil says nothing of them.
	Restate agent.Restater
}

// Conversation is one over the world.
func (a Asking) Conversation() *agent.Conversation {
	runner := a.Runner
	if runner == nil {
		runner = a.World.Tools
	}
	return agent.New(agent.Config{
		Workspace: a.World, Tools: runner, Model: a.Model, Session: a.Session, Catalogue: a.World.Catalogue,
		Restate: a.Restate, Person: a.Person, Clock: time.Now, Limits: agent.Limits{Time: 20 * time.Second},
	})
}

// Ask asks one question and gathers what is told of it.
func (a Asking) Ask(ctx context.Context, question string) (*agent.Answer, []agent.Event, error) {
	c := a.Conversation()
	var events []agent.Event
	for e, err := range c.Ask(ctx, question) {
		if err != nil {
			return nil, events, err
		}
		events = append(events, e)
	}
	if len(events) == 0 || events[len(events)-1].Answer == nil {
		return nil, events, fmt.Errorf("the turn ended without an answer")
	}
	return events[len(events)-1].Answer, events, nil
}
