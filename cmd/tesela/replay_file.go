package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"tesela/store"
)

// Bounds of a file of answers: far more than any that Tesela writes.
const (
	mostAnswerBytes = 256 << 20
	mostAnswers     = 100_000
)

// keptAnswers finds an answer by its id in the workspace, else reads a file: one
// answer, or several as JSON Lines.
func (a *app) keptAnswers(ctx context.Context, ws store.Workspace, name string) ([]json.RawMessage, error) {
	if name == "-" {
		return readAnswers(a.in, "standard input")
	}
	turn, err := ws.Turn(ctx, name)
	if err == nil {
		return []json.RawMessage{turn.Answer}, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	file, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no answer %s in this workspace and no file of that name; `tesela answers` lists the answers kept here", oneLine(name))
	}
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	defer file.Close()
	return readAnswers(file, name)
}

// readAnswers reads answers one after the other. What stands in them is for
// the replay to judge; here they only have to be JSON objects.
func readAnswers(from io.Reader, name string) ([]json.RawMessage, error) {
	refuse := func(why string) error {
		return fmt.Errorf("%s is no answer file: %s; expected an answer as `tesela ask --json` or `tesela answers export` writes it (JSON, or JSON Lines of several)", oneLine(name), why)
	}
	text, err := io.ReadAll(io.LimitReader(from, mostAnswerBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer from %s: %w", name, err)
	}
	if len(text) > mostAnswerBytes {
		return nil, refuse(fmt.Sprintf("it is over %d bytes long", mostAnswerBytes))
	}
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if bytes.HasPrefix(text, []byte{0xff, 0xfe}) || bytes.HasPrefix(text, []byte{0xfe, 0xff}) {
		return nil, refuse("it is UTF-16; save it as UTF-8")
	}
	var answers []json.RawMessage
	for d := json.NewDecoder(bytes.NewReader(text)); ; {
		var one json.RawMessage
		err := d.Decode(&one)
		switch {
		case errors.Is(err, io.EOF) && len(answers) > 0:
			return answers, nil
		case errors.Is(err, io.EOF):
			return nil, refuse("it is empty")
		case errors.Is(err, io.ErrUnexpectedEOF):
			return nil, refuse("it breaks off before its end")
		case err != nil:
			return nil, refuse(fmt.Sprintf("at byte %d it is no JSON", d.InputOffset()+1))
		case len(answers) >= mostAnswers:
			return nil, refuse(fmt.Sprintf("it holds more than %d", mostAnswers))
		}
		answers = append(answers, one)
	}
}
