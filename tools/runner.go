package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"tesela/agent/model"
	"tesela/segment"
	"tesela/segment/syntax"
	"tesela/store"
)

// Box is the tools over one workspace. It is safe for concurrent use.
type Box struct {
	ws       store.Workspace
	tools    []tool
	phrases  *phrasebook
	personal *personalNames
	index    *valueIndex
	broken   error // what kept the box from being made; every call says it

	exports string // the folder of exported files, "" for none
	inWords func(ctx context.Context, language string, f syntax.Formula) (string, error)
	nouns   func(language, name string) (one, many string, feminine bool)
	writing sync.Mutex // held from the look at what would happen until it is done
}

// Option is something a box may have beside its workspace.
type Option func(*Box)

// Exports names the folder that export_segment writes to; it is made where it
// is missing. Without one nothing is exported.
func Exports(folder string) Option { return func(b *Box) { b.exports = folder } }

// InWords says what a formula means, for segments saved without a text.
func InWords(say func(ctx context.Context, language string, f syntax.Formula) (string, error)) Option {
	return func(b *Box) { b.inWords = say }
}

var _ Runner = (*Box)(nil)

// NewBox makes the tools of a workspace. They see imports as they commit.
func NewBox(ws store.Workspace, options ...Option) *Box {
	b := &Box{ws: ws, index: newValueIndex()}
	for _, set := range options {
		set(b)
	}
	var errs [3]error
	b.phrases, errs[0] = loadPhrases()
	b.personal, errs[1] = loadPersonal()
	b.tools, errs[2] = toolbox()
	b.broken = errors.Join(errs[:]...)
	return b
}

// toolbox lists the tools in the order they are told in.
func toolbox() ([]tool, error) {
	all := []tool{
		define("describe_data", describeDataText, describeData),
		define("find_values", findValuesText, findValues),
		define("count_segment", countSegmentText, countSegment),
		define("list_customers", listCustomersText, listCustomers),
		define("measure", measureText, measureSegment),
		define("score_rfm", scoreRFMText, scoreRFM),
		define("stage_lifecycle", stageLifecycleText, stageLifecycle),
		define("stage_engagement", stageEngagementText, stageEngagement),
		define("tier_value", tierValueText, tierValue),
		define("explain_customer", explainCustomerText, explainCustomer),
		define("explain_segment", explainSegmentText, explainSegment),
		define("compare_segments", compareSegmentsText, compareSegments),
		define("diff_segments", diffSegmentsText, diffSegments),
		define("check_sensitivity", checkSensitivityText, checkSensitivity),
		define("find_near_misses", findNearMissesText, findNearMisses),
		define("find_microsegments", findMicrosegmentsText, findMicrosegments),
		define("propose_segments", proposeSegmentsText, proposeSegments),
		define("measure_effect", measureEffectText, measureEffect),
		define("recommend_actions", recommendActionsText, recommendActions),
		define("plan_test", planTestText, planTest),
		define("review_contacts", reviewContactsText, reviewContacts),
		define("trace_migration", traceMigrationText, traceMigration),
		define("trace_drift", traceDriftText, traceDrift),
		define("backtest_segment", backtestSegmentText, backtestSegment),
		define("review_segments", reviewSegmentsText, reviewSegments),
		define("simulate_reengagement", simulateReengagementText, simulateReengagement),
		defineWriting("save_segment", saveSegmentText, saveSegment),
		defineWriting("delete_segment", deleteSegmentText, deleteSegment),
		defineWriting("set_word", setWordText, setWord),
		defineWriting("export_segment", exportSegmentText, exportSegment),
		defineWriting("tag_customers", tagCustomersText, tagCustomers),
	}
	var errs []error
	for _, t := range all {
		errs = append(errs, t.err)
	}
	return all, errors.Join(errs...)
}

// tool is one tool: what a model is told, and how it runs.
type tool struct {
	told model.Tool
	err  error // its schema could not be made
	// run decodes and validates the arguments, computes, and gives beside the
	// result the arguments it ran with: defaults filled, formulas canonical.
	run func(ctx context.Context, c *call, data json.RawMessage) (*Result, any, error)
}

// define makes a tool of a typed function. The function makes its arguments
// canonical in place.
func define[A any](name, text string, run func(context.Context, *call, *A) (*Result, error)) tool {
	schema, err := schemaOf(reflect.TypeFor[A]())
	return tool{
		told: model.Tool{Name: name, Description: strings.TrimSpace(text), Schema: schema},
		err:  err,
		run: func(ctx context.Context, c *call, data json.RawMessage) (*Result, any, error) {
			args := new(A)
			if err := decode(name, data, args); err != nil {
				return nil, nil, err
			}
			r, err := run(ctx, c, args)
			return r, args, err
		},
	}
}

// List describes the tools, in a fixed order.
func (b *Box) List() []model.Tool {
	list := make([]model.Tool, len(b.tools))
	for i, t := range b.tools {
		list[i] = t.told
	}
	return list
}

// Call validates the arguments and runs a tool. A fault of the arguments is an
// *ArgumentError; a question that this data cannot answer, a *CannotError. A
// panic inside a tool ends that call alone. A tool that writes does so only
// where who.Approved is for just this call, see Caller.
func (b *Box) Call(ctx context.Context, who Caller, name string, args json.RawMessage) (r *Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			r, err = nil, &PanicError{Tool: name, Value: p, Stack: debug.Stack()}
		}
	}()
	if b.broken != nil {
		return nil, b.broken
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t, err := b.find(name)
	if err != nil {
		return nil, err
	}
	if t.told.Writes && who.Approved != "" {
		b.writing.Lock()
		defer b.writing.Unlock()
	}
	m, err := b.moment(ctx, who)
	if err != nil {
		return nil, fmt.Errorf("%s: read the workspace: %w", name, err)
	}
	c := &call{box: b, who: who, tool: name, src: m.Source, schema: m.Source.Schema(), saved: m.Segments, at: who.AsOf, data: m.Fingerprint}
	if c.at.IsZero() {
		c.at = c.schema.Now()
	}
	if who.Outside {
		if err := c.probes(args); err != nil {
			return nil, err
		}
	}
	r, ran, err := t.run(ctx, c, args)
	if err != nil {
		var bad *ArgumentError
		var cannot *CannotError
		var unapproved *ApprovalError
		if errors.As(err, &bad) || errors.As(err, &cannot) || errors.As(err, &unapproved) {
			return nil, err
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	r.Notes = c.notes
	if r.Fingerprint, err = fingerprint(c.data, c.at, name, ran, r); err != nil {
		return nil, err
	}
	return r, nil
}

// find looks a tool up by name.
func (b *Box) find(name string) (tool, error) {
	var names []string
	for _, t := range b.tools {
		if t.told.Name == name {
			return t, nil
		}
		names = append(names, t.told.Name)
	}
	return tool{}, &ArgumentError{
		Tool: name, Message: "there is no such tool; there are " + strings.Join(names, ", "),
		Nearest: syntax.NearestNames(name, names, 3),
	}
}

// moment is what a call is computed on: what its caller computes all its
// calls on, where that is of this workspace, else the data as it is now. What
// is written rests on what is there now.
func (b *Box) moment(ctx context.Context, who Caller) (*store.Moment, error) {
	told := who.At
	if told != nil && who.Approved != "" {
		told = nil
	}
	if told != nil && same(told.Workspace, b.ws) {
		return told, nil
	}
	now, err := store.Now(ctx, b.ws)
	if err == nil && told != nil && same(told.Workspace, now.Workspace) {
		return told, nil // one of these only wraps the other
	}
	return now, err
}

// same tells whether two workspaces are one.
func same(a, b store.Workspace) bool {
	v := reflect.ValueOf(a)
	return v.IsValid() && v.Comparable() && reflect.TypeOf(a) == reflect.TypeOf(b) && a == b
}

// call is one tool call under way.
type call struct {
	box    *Box
	who    Caller
	tool   string
	src    segment.Source
	schema *segment.Schema
	saved  []store.Segment // by name, not to be changed
	at     time.Time
	data   string // the workspace's fingerprint
	notes  []string
}

// say words a phrase in the caller's language.
func (c *call) say(key string, p params) string { return c.box.phrases.say(c.who.Language, key, p) }

// note adds a note, once.
func (c *call) note(key string, p params) { c.noteText(c.say(key, p)) }

func (c *call) noteText(text string) {
	for _, n := range c.notes {
		if n == text {
			return
		}
	}
	c.notes = append(c.notes, text)
}

// fault is an *ArgumentError of this call.
func (c *call) fault(field, format string, a ...any) *ArgumentError {
	return &ArgumentError{Tool: c.tool, Field: field, Message: fmt.Sprintf(format, a...)}
}
