package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"tesela/agent/model"
	"tesela/tools"
)

// Replayed is a kept answer run again: what of it came out otherwise, and
// which input that may be put down to.
type Replayed struct {
	ID       string `json:"id"`
	Question string `json:"question"`
	// Same is true where every result is the same, byte for byte.
	Same bool `json:"same"`
	// Changed are the inputs that are not what they were: "data" for what the
	// workspace holds. Where it is empty and Same is false, the program itself
	// computes otherwise.
	Changed []string       `json:"changed"`
	Then    string         `json:"data_then"` // fingerprints of the data
	Now     string         `json:"data_now"`
	Calls   []ReplayedCall `json:"calls"`
}

// ReplayedCall is one call of a replayed answer.
type ReplayedCall struct {
	Tool        string          `json:"tool"`
	Args        json.RawMessage `json:"args"`
	Same        bool            `json:"same"`
	Differences []Difference    `json:"differences"`
}

// Difference is a place in a result that differs: values.size, rows[3][1].
// A side that lacks the place is null.
type Difference struct {
	Path string          `json:"path"`
	Then json.RawMessage `json:"then"`
	Now  json.RawMessage `json:"now"`
}

// mostDifferences bounds what is listed of one call.
const mostDifferences = 20

// Replay runs the calls of a kept answer again, as of the same instant and in
// the same language, and compares the results with those kept. Calls that
// write are not run. data is the workspace's fingerprint now; person is as in
// Config. The error is an answer that cannot be read, or a cancellation.
func Replay(ctx context.Context, runner tools.Runner, answer json.RawMessage, data string, person bool) (*Replayed, error) {
	var kept struct {
		ID, Question, Language, Data string
		AsOf                         time.Time `json:"as_of"`
		Status                       model.Status
		Calls                        []struct {
			Tool   string
			Args   json.RawMessage
			Result json.RawMessage
			Error  string
		}
	}
	if err := json.Unmarshal(answer, &kept); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if kept.Status == "" || kept.AsOf.IsZero() {
		return nil, fmt.Errorf("read the answer: it is no answer of tesela: status and as_of are missing")
	}
	out := &Replayed{ID: kept.ID, Question: kept.Question, Same: true, Then: kept.Data, Now: data, Changed: []string{}, Calls: []ReplayedCall{}}
	if kept.Data != data {
		out.Changed = append(out.Changed, "data")
	}
	writes := map[string]bool{}
	for _, t := range runner.List() {
		writes[t.Name] = t.Writes
	}
	who := tools.Caller{Language: kept.Language, AsOf: kept.AsOf.UTC(), Person: person}
	for _, c := range kept.Calls {
		if writes[c.Tool] || len(c.Result) == 0 && c.Error == "" {
			continue
		}
		if args, err := canonical(c.Args); err == nil {
			c.Args = args
		}
		then, now := c.Result, json.RawMessage(nil)
		if c.Error != "" {
			then, _ = json.Marshal(map[string]string{"error": c.Error})
		}
		result, err := within(ctx, func(ctx context.Context) (*tools.Result, error) {
			return runner.Call(ctx, who, c.Tool, c.Args)
		})
		switch {
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case err != nil:
			now, _ = json.Marshal(map[string]string{"error": err.Error()})
		default:
			if now, err = json.Marshal(result); err != nil {
				return nil, fmt.Errorf("write the result of %s down: %w", c.Tool, err)
			}
		}
		call := ReplayedCall{Tool: c.Tool, Args: c.Args, Differences: []Difference{}}
		a, err := tree(then)
		if err != nil {
			return nil, fmt.Errorf("read the kept result of %s: %w", c.Tool, err)
		}
		b, err := tree(now)
		if err != nil {
			return nil, fmt.Errorf("read the result of %s: %w", c.Tool, err)
		}
		compare(&call.Differences, "", a, b)
		call.Same = len(call.Differences) == 0
		out.Same = out.Same && call.Same
		out.Calls = append(out.Calls, call)
	}
	return out, nil
}

// tree reads JSON with its numbers as they are written, so that comparing
// trees is comparing bytes but for space and the order of keys.
func tree(b json.RawMessage) (any, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

// compare lists where two trees differ, in the order of keys and indices.
func compare(found *[]Difference, path string, then, now any) {
	if len(*found) >= mostDifferences {
		return
	}
	switch a := then.(type) {
	case map[string]any:
		if b, ok := now.(map[string]any); ok {
			keys := slices.Sorted(maps.Keys(a))
			for k := range b {
				if _, ok := a[k]; !ok {
					keys = append(keys, k)
				}
			}
			slices.Sort(keys)
			for _, k := range keys {
				below := k
				if path != "" {
					below = path + "." + k
				}
				compare(found, below, a[k], b[k])
			}
			return
		}
	case []any:
		if b, ok := now.([]any); ok {
			for i := range max(len(a), len(b)) {
				below := path + "[" + strconv.Itoa(i) + "]"
				switch {
				case i < len(a) && i < len(b):
					compare(found, below, a[i], b[i])
				case i < len(a):
					differ(found, below, a[i], nil)
				default:
					differ(found, below, nil, b[i])
				}
			}
			return
		}
	}
	if !equal(then, now) {
		differ(found, path, then, now)
	}
}

func differ(found *[]Difference, path string, then, now any) {
	if len(*found) < mostDifferences {
		*found = append(*found, Difference{Path: path, Then: leaf(then), Now: leaf(now)})
	}
}

func equal(a, b any) bool {
	switch a.(type) {
	case map[string]any, []any:
		return false // of different kinds, else they were taken apart
	}
	switch b.(type) {
	case map[string]any, []any:
		return false
	}
	return a == b
}

func leaf(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return b
}
