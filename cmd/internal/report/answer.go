package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
)

// Options are what a kept answer is reported with.
type Options struct {
	// Language of the page's own words; "" is the answer's.
	Language string
	Zone     *time.Location
	// Personal tells that the answer tells of single customers.
	Personal bool
	// Command gives the answer's figures again.
	Command string
}

// OfAnswer makes the report of an answer as it was kept.
func OfAnswer(raw json.RawMessage, o Options) (*Doc, error) {
	var a agent.Answer
	if err := json.Unmarshal(raw, &a); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	var left struct {
		Calls []struct{ Withheld []string }
	}
	if err := json.Unmarshal(raw, &left); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if a.Status == "" {
		return nil, fmt.Errorf("read the answer: its status is missing; expected an answer as `tesela ask --json` writes it")
	}
	d := &Doc{
		Language: o.Language, Written: a.Language, Kind: Answer, Title: a.Question, Understood: a.Understood, Assumptions: a.Assumptions,
		Status: a.Status, Notes: a.Notes, Personal: o.Personal, AsOf: a.AsOf, Zone: o.Zone, Data: a.Data, Model: a.Model, ID: a.ID, Command: o.Command,
	}
	if d.Language == "" {
		d.Language = a.Language
	}
	if a.Basis != nil && a.Basis.Program != "" {
		d.Program = "Tesela " + a.Basis.Program
	}
	for i, c := range a.Calls {
		if c.Result == nil && c.Error == "" {
			continue
		}
		p := Part{Tool: c.Tool, Args: c.Args, Result: c.Result, Waits: c.Approval != "", Failed: c.Error}
		if a.Status != model.Answered && !p.Waits && c.Result == nil {
			continue // what was tried on the way to no answer
		}
		if i < len(left.Calls) && len(left.Calls[i].Withheld) > 0 {
			p.Withheld = true
		}
		if !p.Waits {
			p.Command = RunCommand(c.Tool, c.Args, a.Language, a.AsOf)
		}
		d.Parts = append(d.Parts, p)
	}
	lang, err := wording.For(a.Language)
	if err != nil {
		return nil, err
	}
	d.Text = ownText(lang, &a)
	return d, nil
}

// ownText is an answer's text as far as the parts do not show it: all of it but
// the core's own wording of the results and the notes behind it.
func ownText(lang *wording.Language, a *agent.Answer) string {
	text := a.Text
	for i := len(a.Notes) - 1; i >= 0; i-- {
		text = strings.TrimSuffix(text, "\n\n"+a.Notes[i])
	}
	var calls, waiting []wording.Call
	for _, c := range a.Calls {
		switch {
		case c.Result == nil:
		case c.Approval != "":
			waiting = append(waiting, wording.Call{Tool: c.Tool, Args: c.Args, Result: c.Result})
		default:
			calls = append(calls, wording.Call{Tool: c.Tool, Args: c.Args, Result: c.Result})
		}
	}
	said := ""
	switch {
	case a.Status == model.Answered && len(calls) > 0:
		said = lang.Answer(calls)
	case a.Status == model.Approve && len(waiting) > 0:
		said = lang.Approval(waiting)
	}
	if said != "" && strings.TrimSpace(said) == strings.TrimSpace(text) {
		return ""
	}
	return text
}

// RunCommand is how a call is made again from a shell.
func RunCommand(tool string, args json.RawMessage, language string, at time.Time) string {
	parts := []string{"tesela", "run", tool}
	var text bytes.Buffer
	if json.Compact(&text, args) == nil && text.String() != "null" {
		parts = append(parts, Quote(text.String()))
	}
	if language != "" && language != "en" {
		parts = append(parts, "--lang", language)
	}
	if !at.IsZero() {
		parts = append(parts, "--as-of", at.UTC().Format(time.RFC3339))
	}
	return strings.Join(parts, " ")
}

// Quote is a text as one word of a shell.
func Quote(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
