package agent

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tesela/agent/model"
)

// keptAnswer is an answer as a file holds it: read by exact names, whatever
// release wrote it, and with its results left as they are written.
type keptAnswer struct {
	ID, Question, Language, Data, Model, Text string

	Status   model.Status
	AsOf     time.Time
	Calls    []keptCall
	Notes    []string
	Basis    *Basis
	Withheld []string
	altered  bool // the digest is not that of the content
	sealed   bool // there is one
	decided  bool // it is what came of a person's yes or no
}

// keptCall is one call of a kept answer; Result and Error are nil and "" for
// one that was not run.
type keptCall struct {
	Tool     string
	Args     json.RawMessage
	Result   json.RawMessage
	Error    string
	Unrun    bool // refused before the tool heard of it
	Withheld []string
}

// expected says what an answer file is.
const expected = "expected an answer as `tesela ask --json` or `tesela answers export` writes it: a JSON object with id, question, status, as_of and calls"

// readKept reads an answer. Its errors say what is wrong and what was expected.
func readKept(answer json.RawMessage) (*keptAnswer, error) {
	if !utf8.Valid(answer) {
		return nil, errors.New("it is no UTF-8 text; " + expected)
	}
	parts, err := object(answer)
	if err != nil {
		return nil, fmt.Errorf("%w; %s", err, expected)
	}
	k := &keptAnswer{}
	var digest string
	for _, f := range []struct {
		name string
		into any
	}{
		{"id", &k.ID},
		{"question", &k.Question},
		{"language", &k.Language},
		{"data", &k.Data},
		{"model", &k.Model},
		{"text", &k.Text},
		{"status", &k.Status},
		{"as_of", &k.AsOf},
		{"notes", &k.Notes},
		{"basis", &k.Basis},
		{"withheld", &k.Withheld},
		{"digest", &digest},
	} {
		if raw, ok := parts[f.name]; ok {
			if err := json.Unmarshal(raw, f.into); err != nil {
				return nil, fmt.Errorf("its %s cannot be read: %w; %s", f.name, err, expected)
			}
		}
	}
	switch k.Status {
	case model.Answered, model.Clarify, model.Cannot, model.Approve, model.Failed:
	case "":
		return nil, errors.New("status is missing; " + expected)
	default:
		return nil, fmt.Errorf("there is no status %.40q; %s", string(k.Status), expected)
	}
	if k.AsOf.IsZero() {
		return nil, errors.New("as_of is missing; " + expected)
	}
	if err := k.readCalls(parts["calls"]); err != nil {
		return nil, fmt.Errorf("%w; %s", err, expected)
	}
	_, k.decided = parts["decided"]
	// Whatever has a basis was written with a digest.
	k.altered = digest == "" && k.Basis != nil
	if k.sealed = digest != ""; k.sealed {
		now, err := digestOf(answer)
		if err != nil {
			return nil, err
		}
		k.altered = now != digest
	}
	return k, nil
}

func (k *keptAnswer) readCalls(raw json.RawMessage) error {
	var list []json.RawMessage
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &list); err != nil {
			return errors.New("calls is no list")
		}
	}
	for i, one := range list {
		parts, err := object(one)
		if err != nil {
			return fmt.Errorf("call %d: %w", i+1, err)
		}
		var c keptCall
		for _, f := range []struct {
			name string
			into any
		}{{"tool", &c.Tool}, {"error", &c.Error}, {"unrun", &c.Unrun}, {"withheld", &c.Withheld}} {
			if raw, ok := parts[f.name]; ok {
				if err := json.Unmarshal(raw, f.into); err != nil {
					return fmt.Errorf("call %d: its %s cannot be read: %w", i+1, f.name, err)
				}
			}
		}
		if c.Tool == "" {
			return fmt.Errorf("call %d names no tool", i+1)
		}
		if c.Args, err = canonical(parts["args"]); err != nil {
			return fmt.Errorf("call %d: its args are no JSON object", i+1)
		}
		if c.Result = parts["result"]; string(c.Result) == "null" {
			c.Result = nil
		}
		if c.Result != nil {
			result, err := object(c.Result)
			if err != nil {
				return fmt.Errorf("call %d: its result: %w", i+1, err)
			}
			// Only what Withhold leaves out, and only where it is out.
			_, there := result["rows"]
			if c.Withheld = slices.DeleteFunc(c.Withheld, func(part string) bool { return part != "rows" || there }); len(c.Withheld) > 0 {
				c.Withheld = c.Withheld[:1]
			}
		}
		k.Calls = append(k.Calls, c)
	}
	return nil
}

// object reads one JSON object by its exact names, and nothing after it.
func object(raw json.RawMessage) (map[string]json.RawMessage, error) {
	trimmed := bytes.TrimSpace(raw)
	switch {
	case len(trimmed) == 0:
		return nil, errors.New("it is empty")
	case trimmed[0] != '{':
		return nil, errors.New("it is no JSON object")
	}
	d := json.NewDecoder(bytes.NewReader(trimmed))
	var parts map[string]json.RawMessage
	if err := d.Decode(&parts); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, errors.New("it breaks off before its end")
		}
		return nil, fmt.Errorf("it is no JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more after it")
	}
	return parts, nil
}

// withheld tells whether a part of the answer was left out of its file.
func (k *keptAnswer) withheld(part string) bool {
	return k.Text == "" && slices.Contains(k.Withheld, part)
}

// ownText is the text without the notes that were put behind it.
func (k *keptAnswer) ownText() string {
	text := k.Text
	for i := len(k.Notes) - 1; i >= 0; i-- {
		text = strings.TrimSuffix(text, "\n\n"+k.Notes[i])
	}
	return text
}

// fingerprint is the one kept with the result.
func (c keptCall) fingerprint() string {
	parts, err := object(c.Result)
	var print string
	if err != nil || json.Unmarshal(parts["fingerprint"], &print) != nil {
		return ""
	}
	return print
}
