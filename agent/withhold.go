package agent

import (
	"bytes"
	"encoding/json"
	"fmt"

	"tesela/tools"
)

// PersonalIn looks a kept answer through for customers' own data.
func PersonalIn(search *tools.PersonalSearch, answer json.RawMessage) (tools.PersonalParts, error) {
	var a struct {
		Question string
		Calls    []struct {
			Args   json.RawMessage
			Result *tools.Result
		}
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		return tools.PersonalParts{}, fmt.Errorf("read the answer: %w", err)
	}
	var told []tools.Told
	for _, c := range a.Calls {
		told = append(told, tools.Told{Args: c.Args, Result: c.Result})
	}
	return search.In(a.Question, told), nil
}

// Withhold gives a kept answer without what tells of single customers: the rows
// of such calls, and the text, which says them too. The fingerprints stay, so
// that a replay still compares what is not there. It fails where that would not
// be enough.
func Withhold(answer json.RawMessage, personal tools.PersonalParts) (json.RawMessage, error) {
	if !personal.Any() {
		return answer, nil
	}
	if personal.Elsewhere != "" {
		return nil, fmt.Errorf("it tells of a single customer in %s, which cannot be left out", personal.Elsewhere)
	}
	v, err := tree(answer)
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("read the answer: it is no JSON object")
	}
	for i, c := range listIn(object, "calls") {
		call, _ := c.(map[string]any)
		result, _ := call["result"].(map[string]any)
		if i < len(personal.Rows) && personal.Rows[i] && result != nil {
			delete(result, "rows")
			call["withheld"] = []any{"rows"}
		}
	}
	object["text"], object["withheld"] = "", []any{"text"}
	delete(object, "digest")
	bare, err := jsonLine(object)
	if err != nil {
		return nil, fmt.Errorf("write the answer: %w", err)
	}
	if object["digest"], err = digestOf(bare); err != nil {
		return nil, err
	}
	return jsonLine(object)
}

// jsonLine is a tree as JSON in one line.
func jsonLine(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}
