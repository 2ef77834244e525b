package agent

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tesela/agent/grounding"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/store"
	"tesela/tools"
)

// turn is one question on its way to an answer.
type turn struct {
	c        *Conversation
	question string
	emit     func(Event) error

	started   time.Time
	lang      *wording.Language
	asOf      time.Time
	at        *store.Moment // all calls see this; nil without a workspace
	data      string        // fingerprint of the workspace
	past      []store.Turn  // of the session, oldest first
	catalogue *model.Catalogue
	// What the answer may lean on, as it is when the turn begins.
	imported    string
	definitions tools.Definitions
	writes      map[string]bool

	messages []model.Message
	decision *model.Decision
	told     string // what a tool says that this data cannot answer
	records  []CallRecord
	seen     map[string]int
	waiting  []CallRecord // calls that wait for a person
	personal bool         // a call was refused for the personal data it would show
	read     bool         // something of the data has come before the model
	text     string       // the model's, not checked yet
	used     *Usage       // nil while no language model was asked
	bounds   []Bound      // that end it
	drafted  bool         // a draft is shown
	broke    bool         // the model failed once there were results

	against *grounding.Checker // what texts are checked against,
	checked int                // and how many results it is of
}

// run takes the turn from question to answer. Its error is a cancellation, a
// workspace that cannot be read, or a reader that stopped.
func (t *turn) run(ctx context.Context) error {
	if t.c.Clock != nil {
		t.started = t.c.Clock()
	}
	if err := t.prepare(ctx); err != nil {
		return err
	}
	limited := ctx
	if limit := t.c.Limits.Time; limit > 0 {
		var stop context.CancelFunc
		limited, stop = context.WithTimeoutCause(ctx, limit, errTimeLimit)
		defer stop()
	}
	err := t.converse(limited)
	switch {
	case errors.Is(err, errStopped):
		return err
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, errTimeLimit):
		t.hit(TimeBound)
		err = t.rests(err)
	}
	answer, err := t.answer(limited, err)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return t.deliver(ctx, answer)
}

// prepare reads what the turn starts from.
func (t *turn) prepare(ctx context.Context) error {
	var err error
	t.asOf, t.catalogue = t.c.AsOf, t.c.Catalogue
	if ws := t.c.Workspace; ws != nil {
		start, err := t.c.Starter.Now(ctx)
		if err != nil {
			return err
		}
		t.at, t.data, t.imported, t.definitions = start.Moment, start.Fingerprint, start.Imported, start.Definitions
		t.catalogue = cmp.Or(t.catalogue, start.Catalogue)
		if t.asOf.IsZero() {
			t.asOf = start.Source.Schema().Now()
		}
		if t.c.Session != "" {
			if t.past, err = ws.Turns(ctx, t.c.Session, readTurns); err != nil {
				return fmt.Errorf("read the earlier turns: %w", err)
			}
		}
	}
	if t.c.Session != "" {
		t.past = append(slices.Clip(t.past), t.c.unkept...)
	}
	language := t.c.Language
	if language == "" {
		language = t.c.Past.newest(t.past)
	}
	t.lang, err = wording.For(language)
	return err
}

// converse goes round by round until the model asks for nothing more. Its
// error is what the answer has to say went wrong.
func (t *turn) converse(ctx context.Context) error {
	limits := t.c.Limits
	switch {
	case strings.TrimSpace(t.question) == "":
		t.decide(&model.Decision{Status: model.Clarify, Reason: model.EmptyQuestion})
		return nil
	case len(t.question) > limits.Question:
		return &fault{code: "question_too_long", err: fmt.Errorf("%d bytes", len(t.question))}
	}
	list := t.c.Tools.List()
	t.writes = map[string]bool{}
	for _, tool := range list {
		if tool.Writes {
			t.writes[tool.Name] = true
		}
	}
	t.messages = append(t.c.Past.history(t.past), model.Message{Role: model.User, Text: t.question})

	invalid := 0
	for n := 1; ; n++ {
		request := t.request(list)
		withdrawn := t.bounded(n)
		if withdrawn {
			request.Tools = nil
		}
		said, err := t.generate(ctx, request)
		t.spend(said.used)
		if errors.Is(err, errBound) {
			return t.rests(err)
		}
		if err != nil && ctx.Err() == nil && t.rests(t.modelFault(err)) == nil {
			t.broke = !withdrawn
			return t.emit(Event{Notice: err.Error()})
		}
		if err != nil {
			return t.modelFault(err)
		}
		if withdrawn {
			t.silent(said)
		}
		t.decide(said.decision)
		t.speak()
		if t.ends() || withdrawn || len(said.calls) == 0 {
			t.text = said.text
			return nil
		}
		t.messages = append(t.messages, model.Message{Role: model.Assistant, Text: said.text, Calls: said.calls, Reply: said.decision})
		r, err := t.call(ctx, said.calls)
		switch {
		case err != nil:
			return err
		case len(t.waiting) > 0:
			return nil
		case r.failure != nil:
			if t.cannot(r.failure) {
				return nil
			}
			return &fault{code: "tool", err: r.failure}
		case r.repeats:
			t.c.noted.End("repeats", nil)
			return nil
		}
		if r.invalid {
			if invalid++; invalid > limits.Invalid {
				return &fault{code: "arguments", err: errors.New(t.lastError())}
			}
		}
	}
}

// cannot ends the turn where a tool says that this data cannot answer it: that
// is no failure, and the tool's own words tell best what is missing.
func (t *turn) cannot(err error) bool {
	var no *tools.CannotError
	if !errors.As(err, &no) {
		return false
	}
	t.decide(&model.Decision{Status: model.Cannot, Reason: no.Reason, Params: no.Params})
	t.told = wording.Capital(wording.Clean(no.Message))
	return true
}

func (t *turn) request(list []model.Tool) model.Request {
	if t.read {
		// What the data says must not lead to a call that changes something.
		list = slices.DeleteFunc(slices.Clone(list), func(tool model.Tool) bool { return tool.Writes })
	}
	return model.Request{
		Messages: slices.Clip(t.messages), Tools: list, Catalogue: t.catalogue,
		Language: t.c.Language, AsOf: t.asOf,
	}
}

// speak turns to the language the model heard, unless it was told one.
func (t *turn) speak() {
	if t.c.Language != "" || t.decision == nil || t.decision.Language == "" {
		return
	}
	if lang, err := wording.For(t.decision.Language); err == nil {
		t.lang = lang
	}
}

func (t *turn) lastError() string {
	for _, r := range slices.Backward(t.records) {
		if r.Error != "" {
			return r.Error
		}
	}
	return ""
}

// fault is what ended a turn without an answer; code names its wording.
type fault struct {
	code string
	err  error
}

func (f *fault) Error() string { return f.err.Error() }
func (f *fault) Unwrap() error { return f.err }

func (t *turn) modelFault(err error) error {
	if errors.Is(err, errTimeLimit) || errors.Is(err, context.Canceled) {
		return err
	}
	return &fault{code: "model", err: err}
}

// results are the turn's calls that gave one.
func (t *turn) results() []wording.Call {
	var calls []wording.Call
	for _, r := range t.records {
		if r.Result != nil {
			calls = append(calls, wording.Call{Tool: r.Tool, Args: r.Args, Result: r.Result})
		}
	}
	return calls
}

// answer puts together what the turn came to.
func (t *turn) answer(ctx context.Context, failed error) (*Answer, error) {
	a := &Answer{
		Question: t.question, Language: t.lang.Code, Calls: t.records,
		AsOf: t.asOf.UTC(), Data: t.data, Model: t.c.Model.Name(),
	}
	d := t.decision
	if d != nil {
		a.Understood, a.Assumptions = d.Understood, slices.Concat(d.Assumptions, d.Doubt)
	}
	calls := t.results()
	t.noteEnd(failed)
	switch {
	case faultCode(failed) == "bound":
		a.Status, a.Text = model.Failed, t.lang.Unbounded(t.boundNames())
	case failed != nil:
		a.Status = model.Failed
		a.Text = t.lang.Failure(faultCode(failed), failed.Error())
		if faultCode(failed) == "arguments" && t.personal {
			t.refused(a)
		}
	case len(t.waiting) > 0:
		a.Status = model.Approve
		a.Calls = append(slices.Clip(a.Calls), t.waiting...)
		a.Text = t.lang.Approval(wordingCalls(t.waiting))
		if len(calls) > 0 { // answered beside, with a word that is to be kept
			a.Text = t.lang.Answer(calls) + "\n\n" + a.Text
		}
	case t.ends():
		a.Status, a.Reason, a.Choices, a.Unknown = d.Status, d.Reason, t.choices(d), d.Unknown
		if d.Status == model.Clarify {
			a.Choices = t.figured(ctx, a.Choices)
		}
		asked := *d
		asked.Choices = a.Choices
		if a.Text = t.lang.Decision(&asked, t.catalogue); t.told != "" {
			a.Text = t.told
		}
	case len(calls) > 0:
		a.Status = model.Answered
		text, err := t.grounded(ctx, calls)
		if err != nil {
			if ctx.Err() != nil && !errors.Is(context.Cause(ctx), errTimeLimit) {
				return nil, context.Cause(ctx)
			}
		}
		a.Text = t.words(text, calls)
	case t.lastError() != "" && t.personal:
		t.refused(a)
	case t.lastError() != "":
		a.Status, a.Text = model.Failed, t.lang.Failure("arguments", t.lastError())
	case t.text != "" && len(unreadable(t.text)) == 0 && Grounded(t.lang, t.text, nil, t.question):
		// Nothing was computed: a greeting, or a refusal in the model's own
		// words. It may stand, as it states no figure, but not as an answer.
		a.Status, a.Text = model.Cannot, t.text
	default:
		a.Status, a.Text = model.Failed, t.lang.Failure("nothing", "")
	}
	t.restate(a, calls)
	t.attribute(a)
	a.Basis = t.basis(a)
	a.ID = answerID(t, a)
	t.c.offer(a)
	if t.c.Clock != nil {
		a.ElapsedMS = float64(t.c.Clock().Sub(t.started).Microseconds()) / 1000
	}
	// What cannot be written down cannot be kept either; that is said then.
	_ = Seal(a)
	return a, nil
}

// words are an answer's: the model's where they hold, with the core's behind
// them where they state no figure, else the core's alone.
func (t *turn) words(text string, calls []wording.Call) string {
	if text == "" {
		return t.lang.Answer(calls)
	}
	if figures, err := grounding.Figures(t.lang, text); err == nil && len(figures) == 0 {
		return text + "\n\n" + t.lang.Answer(calls)
	}
	return text
}

// refused says that the question asks to see what is not shown here.
func (t *turn) refused(a *Answer) {
	a.Status, a.Reason = model.Failed, model.Personal
	a.Text = t.lang.Failure("personal", t.lastError())
}

// attribute says which model answered, which one failed to, and what the turn
// used of one.
func (t *turn) attribute(a *Answer) {
	a.Usage = t.used
	t.bound(a)
	d := t.decision
	if d == nil {
		return
	}
	a.Model = cmp.Or(d.By, a.Model)
	if d.Without != nil {
		t.note(a, t.lang.Without(d.Without))
	}
}

// restate fills in what was understood from the calls where the model did not
// say, and what the calls assume.
func (t *turn) restate(a *Answer, calls []wording.Call) {
	if t.c.Restate == nil || (a.Status != model.Answered && a.Status != model.Approve) {
		return
	}
	if a.Status == model.Approve {
		calls = append(calls, wordingCalls(t.waiting)...)
	}
	var said []string
	for _, c := range calls {
		text, assumed := t.c.Restate.Call(t.lang.Code, c.Tool, c.Args, t.catalogue)
		if text != "" && !slices.Contains(said, text) {
			said = append(said, text)
		}
		for _, s := range assumed {
			if !slices.Contains(a.Assumptions, s) {
				a.Assumptions = append(a.Assumptions, s)
			}
		}
	}
	if a.Understood == "" {
		a.Understood = strings.Join(said, "; ")
	}
}

func wordingCalls(records []CallRecord) []wording.Call {
	calls := make([]wording.Call, len(records))
	for i, r := range records {
		calls[i] = wording.Call{Tool: r.Tool, Args: r.Args, Result: r.Result}
		if calls[i].Result == nil {
			calls[i].Result = &tools.Result{}
		}
	}
	return calls
}

func faultCode(err error) string {
	var f *fault
	switch {
	case errors.Is(err, errTimeLimit):
		return "time"
	case errors.As(err, &f):
		return f.code
	}
	return "other"
}

// deliver shows the answer's text, keeps the turn, and ends with the answer.
func (t *turn) deliver(ctx context.Context, a *Answer) error {
	for line := range strings.SplitAfterSeq(a.Text, "\n") {
		if line == "" {
			continue
		}
		if err := t.emit(Event{Text: line}); err != nil {
			return err
		}
	}
	if t.decision != nil && t.decision.Without != nil {
		if err := t.emit(Event{Notice: t.decision.Without.Error()}); err != nil {
			return err
		}
	}
	if err := t.store(ctx, a); err != nil {
		if err := t.emit(Event{Notice: fmt.Sprintf("the answer was not kept: %v", err)}); err != nil {
			return err
		}
	}
	return t.emit(Event{Answer: a})
}

// store appends the turn to the workspace, whole even where the turn is
// cancelled meanwhile.
func (t *turn) store(ctx context.Context, a *Answer) error {
	body, err := a.MarshalJSON()
	if err != nil {
		return fmt.Errorf("write the answer down: %w", err)
	}
	kept := store.Turn{ID: a.ID, Session: t.c.Session, Asked: t.started, Question: a.Question, Answer: body}
	if t.c.Workspace != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		// The same question at the same point has the same answer under the
		// same id: once is enough.
		if _, err := t.c.Workspace.Turn(ctx, a.ID); err == nil {
			return nil
		}
		if err = t.c.Workspace.AppendTurn(ctx, kept); err == nil {
			return nil
		}
	}
	// What waits for a person can be decided by who asked, if by nobody else.
	if t.c.Session != "" || a.Status == model.Approve {
		t.c.unkept = append(t.c.unkept, kept)
	}
	return err
}
