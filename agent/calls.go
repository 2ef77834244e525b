package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"

	"tesela/agent/model"
	"tesela/tools"
)

// shownRows is how many rows of a result a model gets to see.
const shownRows = 50

// round is what came of one reply's calls.
type round struct {
	invalid bool // some call's arguments were at fault
	repeats bool // some call gave the same result for the last allowed time
	failure error
}

// call runs the reply's calls, all together. Of a call that writes it only
// learns what it would do, for that waits for a person. Events come in the
// calls' order, and tell of nothing that has not happened.
func (t *turn) call(ctx context.Context, calls []model.Call) (round, error) {
	var r round
	records := make([]*CallRecord, len(calls))
	errs := make([]error, len(calls))
	var run []int
	for i := range calls {
		if calls[i].ID == "" {
			calls[i].ID = "call-" + strconv.Itoa(len(t.messages)) + "-" + strconv.Itoa(i+1)
		}
		args, err := canonical(calls[i].Args)
		if err != nil {
			errs[i] = &tools.ArgumentError{Tool: calls[i].Name, Message: "the arguments are no JSON object: " + err.Error()}
			args = json.RawMessage("{}")
		}
		calls[i].Args = args
		records[i] = &CallRecord{Tool: calls[i].Name, Args: args, Unrun: err != nil}
		switch {
		case i >= t.c.Limits.Calls:
			errs[i] = &tools.ArgumentError{Tool: calls[i].Name, Message: fmt.Sprintf("at most %d calls at a time", t.c.Limits.Calls)}
			if records[i].Unrun = true; i > t.c.Limits.Calls {
				continue // said to the model of each, shown and kept once
			}
		case errs[i] != nil:
		case t.writes[calls[i].Name] && t.read:
			errs[i] = &tools.ArgumentError{Tool: calls[i].Name, Message: "it is not there in a turn in which data was read; the person can ask for it in words of their own"}
			continue
		case t.writes[calls[i].Name]:
			run = append(run, i)
			continue
		default:
			run = append(run, i)
		}
		if err := t.emit(Event{Started: &CallRecord{Tool: records[i].Tool, Args: args}}); err != nil {
			return r, err
		}
	}

	who := t.caller()
	var wait sync.WaitGroup
	slots := make(chan struct{}, max(2, runtime.GOMAXPROCS(0))) // one core, too, has time while a call waits for the store
	for _, i := range run {
		wait.Add(1)
		go func() {
			defer wait.Done()
			select {
			case slots <- struct{}{}:
				defer func() { <-slots }()
			case <-ctx.Done():
				errs[i] = context.Cause(ctx)
				return
			}
			records[i].Result, errs[i] = within(ctx, func(ctx context.Context) (*tools.Result, error) {
				return t.c.Tools.Call(ctx, who, calls[i].Name, calls[i].Args)
			})
		}()
	}
	wait.Wait()
	over := ctx.Err() != nil
	if over && !errors.Is(context.Cause(ctx), errTimeLimit) {
		return r, context.Cause(ctx)
	}

	for i, record := range records {
		switch {
		case errs[i] != nil && over:
			continue // it was broken off; those that were quicker stand
		case errs[i] != nil:
		case record.Result == nil:
			errs[i] = errors.New("the tool gave no result")
		case t.writes[record.Tool]:
			t.waiting = append(t.waiting, *record)
			continue
		default:
			t.read = true
		}
		if errs[i] != nil {
			record.Result, record.Error = nil, errs[i].Error()
			var fault *tools.ArgumentError
			if errors.As(errs[i], &fault) {
				r.invalid = true
				t.personal = t.personal || errors.Is(fault, tools.ErrPersonal)
				t.read = t.read || len(fault.Nearest) > 0 && !t.writes[record.Tool]
			} else if r.failure == nil {
				r.failure = errs[i]
			}
		}
		if i > t.c.Limits.Calls && record.Unrun {
			t.messages = append(t.messages, model.Message{Role: model.ToolRole, CallID: calls[i].ID, Result: shown(record, errs[i])})
			continue
		}
		if !t.writes[record.Tool] {
			if err := t.emit(Event{Ended: record}); err != nil {
				return r, err
			}
		}
		if t.keep(record) >= t.c.Limits.Repeats {
			r.repeats = true
		}
		t.messages = append(t.messages, model.Message{Role: model.ToolRole, CallID: calls[i].ID, Result: shown(record, errs[i])})
	}
	if over {
		return r, context.Cause(ctx)
	}
	return r, nil
}

// keep notes a call among the turn's, once where it gave the same result
// before, and says how often it did.
func (t *turn) keep(record *CallRecord) int {
	outcome := record.Error
	if record.Result != nil {
		if outcome = record.Result.Fingerprint; outcome == "" {
			b, _ := json.Marshal(record.Result)
			outcome = string(b)
		}
	}
	key := record.Tool + "\x00" + string(record.Args) + "\x00" + outcome
	if t.seen == nil {
		t.seen = map[string]int{}
	}
	t.seen[key]++
	if t.seen[key] == 1 {
		t.records = append(t.records, *record)
	}
	return t.seen[key]
}

// shown is a call's outcome as a model sees it: the result with its first
// rows, or the fault with what is near.
func shown(record *CallRecord, err error) json.RawMessage {
	if err != nil {
		fault := map[string]any{"error": err.Error()}
		var a *tools.ArgumentError
		if errors.As(err, &a) {
			fault["argument"] = a
		}
		b, _ := json.Marshal(fault)
		return b
	}
	return compact(record.Result, shownRows)
}

// compact is a result with at most rows of its rows, saying how many there
// are where some are left out.
func compact(r *tools.Result, rows int) json.RawMessage {
	type whole tools.Result
	short := struct {
		whole
		Total int `json:"rows_total,omitempty"`
	}{whole: whole(*r)}
	if len(r.Rows) > rows {
		short.Rows, short.Total = r.Rows[:rows], len(r.Rows)
	}
	b, err := json.Marshal(short)
	if err != nil { // a figure JSON cannot hold, such as NaN
		b, _ = json.Marshal(map[string]any{"title": r.Title, "error": err.Error()})
	}
	return b
}

// canonical is a JSON object with its keys sorted and no space.
func canonical(args json.RawMessage) (json.RawMessage, error) {
	if len(bytes.TrimSpace(args)) == 0 || string(bytes.TrimSpace(args)) == "null" {
		return json.RawMessage("{}"), nil
	}
	d := json.NewDecoder(bytes.NewReader(args))
	d.UseNumber()
	var object map[string]any
	if err := d.Decode(&object); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, errors.New("more than one value")
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(object); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// caller is who calls: its T is in UTC, as the answer keeps it, so that a replay
// is called alike.
func (t *turn) caller() tools.Caller {
	return tools.Caller{
		Language: t.lang.Code, AsOf: t.asOf.UTC(), Person: t.c.Person && !t.outside(), Outside: t.outside(),
		Question: t.question, Progress: t.c.Progress, At: t.at,
	}
}
