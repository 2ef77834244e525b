// Package chat is the conversation at a terminal: a question box, answers as
// they come, choices to pick from, and what was said before. It computes
// nothing and words nothing of answers; package agent answers and package
// render draws. One Bubble Tea model holds plain structs with imperative
// methods; all that waits runs in commands, never in Update.
package chat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/cmd/internal/render"
	"tesela/tools"
)

// Config is what a chat needs. Only Ask must be there.
type Config struct {
	// Ask answers one question in a language, "" for that it is asked in. It
	// is called again only once the stream before has ended.
	Ask func(ctx context.Context, language, question string) iter.Seq2[agent.Event, error]
	// Decide approves or rejects the call that waits under an approval id; nil:
	// nothing can be approved here.
	Decide func(ctx context.Context, language, id string, yes bool) iter.Seq2[agent.Event, error]
	// Describe says what the data holds; nil: there is no /data.
	Describe func(ctx context.Context, language string) (*tools.Result, error)
	// Catalogue tells the size of the data and what it can be asked; nil is
	// nothing known.
	Catalogue *model.Catalogue
	// Examples are first questions in a language; nil: none are offered.
	Examples func(language string) []string
	// Next are questions that make sense after an answer, given those before it;
	// nil: none are offered. Complete are the texts that what is typed may
	// become, each Label saying what is added; nil: nothing is completed. Both
	// are called beside what else goes on.
	Next     func(ctx context.Context, a *agent.Answer, before []*agent.Answer) []model.Choice
	Complete func(ctx context.Context, language, typed string) []model.Choice
	// Past are the answers of the session so far, oldest first.
	Past []*agent.Answer
	// Session is the conversation's name, and Resume the command that goes on
	// with it; both may be "".
	Session, Resume string
	// Language that questions are asked in; "" where that is heard.
	Language string
	// Speak is the language of the chat's own texts before an answer.
	Speak string
	// Zone is that of the data; nil is UTC.
	Zone *time.Location
	// Environment are the variables that tell what the terminal can do.
	Environment []string
}

// Run talks with the person at a terminal until they leave or ctx ends, and
// leaves the conversation readable on the terminal.
func Run(ctx context.Context, c Config, in io.Reader, out io.Writer) error {
	sitting, leave := context.WithCancel(ctx)
	defer leave()
	m, err := New(sitting, c)
	if err != nil {
		return err
	}
	options := []tea.ProgramOption{
		tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(out), tea.WithoutSignalHandler(),
	}
	if c.Environment != nil {
		options = append(options, tea.WithEnvironment(c.Environment))
	}
	_, err = tea.NewProgram(m, options...).Run()
	m.stop()
	leave()
	m.settle()
	switch {
	case err != nil && ctx.Err() == nil && !errors.Is(err, tea.ErrInterrupted):
		return fmt.Errorf("the terminal: %w", err)
	case ctx.Err() != nil:
		return nil
	}
	environment := c.Environment
	if environment == nil {
		environment = []string{}
	}
	w := colorprofile.NewWriter(out, environment)
	if m.mode == render.Mono {
		w.Profile = colorprofile.ASCII
	}
	_, err = io.WriteString(w, m.transcript())
	return err
}
