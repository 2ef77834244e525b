package agent

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/store"
	"tesela/tools"
)

// Decided is a person's yes or no to a call that waited for one.
type Decided struct {
	Answer   string    `json:"answer"`   // the id of the answer that waited
	Approval string    `json:"approval"` // the id of the call's approval
	Approved bool      `json:"approved"`
	By       string    `json:"by,omitempty"` // who decided
	At       time.Time `json:"at,omitzero"`
	// Again is set where it had been decided so before and nothing was done
	// this time.
	Again bool `json:"again,omitempty"`
}

// ApprovalError says why a call was not approved or rejected. Nothing was
// changed, unless Reason is failed and Err says otherwise.
type ApprovalError struct {
	// Reason is unknown, none, several, tampered, session, expired, changed,
	// was_rejected, was_done or failed.
	Reason  string
	ID      string // as it was given
	Message string // in the language of the answer that waits
	Err     error  // the fault beneath, nil for most
}

// Error gives the message.
func (e *ApprovalError) Error() string { return e.Message }

// Unwrap gives the fault beneath.
func (e *ApprovalError) Unwrap() error { return e.Err }

// defaultHold is how long an approval may wait.
const defaultHold = 24 * time.Hour

// offer gives each call of the answer that waits the id it is approved by.
func (c *Conversation) offer(a *Answer) {
	if a.Status != model.Approve {
		return
	}
	a.Calls = slices.Clone(a.Calls)
	for i := range a.Calls {
		if r := a.Calls[i].Result; r != nil && r.Approval != "" {
			a.Calls[i].Approval = approvalID(c.Session, a, i)
		}
	}
}

// approvalID binds an approval to the answer and the session it was given out
// in, to the call, to what was shown of it and to the data it was shown on.
func approvalID(session string, a *Answer, call int) string {
	c := a.Calls[call]
	h := sha256.New()
	for _, part := range []string{session, a.ID, fmt.Sprint(call), c.Tool, string(c.Args), c.Result.Approval, c.Result.Fingerprint, a.Data} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return a.ID + "." + hex.EncodeToString(h.Sum(nil))[:16]
}

// Approve does the call that waits under an approval id, or under the id of an
// answer with just one, in the name of who, and gives what came of it as an
// answer that is kept as a turn of the session. The call is done as it was
// shown or not at all: every other case is an *ApprovalError, but a call done
// already gives its answer again, with Decided.Again set. An answer beside an
// error is one that could not be kept.
func (c *Conversation) Approve(ctx context.Context, id, who string) (*Answer, error) {
	return c.settle(ctx, id, who, true)
}

// Reject notes that the call that waits under an id is not to be done. It is
// as Approve in all else.
func (c *Conversation) Reject(ctx context.Context, id, who string) (*Answer, error) {
	return c.settle(ctx, id, who, false)
}

// pending is a call that waits, and where it was asked for.
type pending struct {
	c      *Conversation
	id     string // of the approval
	turn   store.Turn
	answer *Answer
	call   *CallRecord
	lang   *wording.Language
}

func (c *Conversation) settle(ctx context.Context, id, who string, yes bool) (*Answer, error) {
	p, err := c.pending(ctx, strings.TrimSpace(id))
	if err != nil {
		return nil, err
	}
	if who = wording.Clean(who); who == "" {
		who = p.lang.Decided("nobody")
	}
	if before, err := p.decided(ctx); err != nil || before != nil {
		return p.again(before, yes, err)
	}
	at := p.now()
	if hold := cmp.Or(c.Hold, defaultHold); yes && !at.IsZero() && !p.turn.Asked.IsZero() && at.After(p.turn.Asked.Add(hold)) {
		return nil, p.refuse("expired", nil, "when", p.date(p.turn.Asked.Add(hold)))
	}
	a := &Answer{
		ID: p.decisionID(), Question: p.answer.Question, Language: p.lang.Code, Status: model.Answered,
		Understood: p.answer.Understood, Assumptions: p.answer.Assumptions, AsOf: p.answer.AsOf, Data: p.answer.Data, Model: p.answer.Model,
		Text:    p.lang.Decided("rejected"),
		Decided: &Decided{Answer: p.answer.ID, Approval: p.id, Approved: yes, By: who, At: at},
	}
	if b := p.answer.Basis; b != nil { // what was approved is what was asked
		leans := *b
		leans.Program = c.Program
		a.Basis = &leans
	}
	if yes {
		if err := p.carryOut(ctx, a); err != nil {
			// Another may have said yes meanwhile.
			if before, found := p.decided(ctx); found == nil && before != nil {
				return p.again(before, yes, nil)
			}
			return nil, err
		}
	}
	if c.Clock != nil {
		a.ElapsedMS = float64(c.Clock().Sub(at).Microseconds()) / 1000
	}
	_ = Seal(a) // what cannot be written down cannot be kept; that is said then
	return a, p.keep(ctx, a)
}

// pending finds what waits under an id and checks that the id was given out
// for just that.
func (c *Conversation) pending(ctx context.Context, id string) (*pending, error) {
	lang, err := wording.For(c.Language)
	if err != nil {
		return nil, err
	}
	p := &pending{c: c, id: id, lang: lang}
	of, seal, sealed := strings.Cut(id, ".")
	if p.turn, err = c.turn(ctx, of); err != nil {
		if errors.Is(err, store.ErrNotFound) {
			return nil, p.refuse("unknown", nil)
		}
		return nil, fmt.Errorf("find what waits for approval: %w", err)
	}
	p.answer = &Answer{}
	if err := json.Unmarshal(p.turn.Answer, p.answer); err != nil {
		return nil, fmt.Errorf("read the answer %s: %w", of, err)
	}
	if p.lang, err = wording.For(p.answer.Language); err != nil {
		return nil, err
	}
	var waiting []string
	for i := range p.answer.Calls {
		call := &p.answer.Calls[i]
		if call.Approval == "" || call.Result == nil {
			continue
		}
		waiting = append(waiting, call.Approval)
		if sealed && call.Approval != id {
			continue
		}
		p.call = call
		// The id says what it is for; what is kept may not have come to say
		// something else since.
		if approvalID(p.turn.Session, p.answer, i) != call.Approval {
			return nil, p.refuse("tampered", nil)
		}
	}
	switch {
	case p.answer.Status != model.Approve || len(waiting) == 0:
		return nil, p.refuse("none", nil)
	case sealed && p.call == nil, sealed && seal == "":
		return nil, p.refuse("tampered", nil)
	case !sealed && len(waiting) > 1:
		return nil, p.refuse("several", nil, "ids", strings.Join(waiting, " "))
	case p.turn.Session != c.Session:
		return nil, p.refuse("session", nil)
	}
	p.id = p.call.Approval
	return p, nil
}

// turn finds a kept turn, also one that only this conversation remembers.
func (c *Conversation) turn(ctx context.Context, id string) (store.Turn, error) {
	for _, t := range c.unkept {
		if t.ID == id {
			return t, nil
		}
	}
	if c.Workspace == nil || id == "" {
		return store.Turn{}, store.ErrNotFound
	}
	return c.Workspace.Turn(ctx, id)
}

// decisionID is that of the turn which keeps what was decided. There is one
// for each approval, so it can be kept once only.
func (p *pending) decisionID() string {
	sum := sha256.Sum256([]byte("decided " + p.id))
	return hex.EncodeToString(sum[:])[:12]
}

// decided gives what was decided before, nil for nothing.
func (p *pending) decided(ctx context.Context) (*Answer, error) {
	kept, err := p.c.turn(ctx, p.decisionID())
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find what was decided: %w", err)
	}
	a := &Answer{}
	if err := json.Unmarshal(kept.Answer, a); err != nil {
		return nil, fmt.Errorf("read what was decided: %w", err)
	}
	if a.Decided == nil {
		return nil, p.refuse("tampered", nil)
	}
	return a, nil
}

// again is the answer to a decision that was taken before.
func (p *pending) again(before *Answer, yes bool, err error) (*Answer, error) {
	if err != nil {
		return nil, err
	}
	pairs := []string{"who", before.Decided.By, "when", p.date(before.Decided.At)}
	form := "again"
	switch {
	case yes && !before.Decided.Approved:
		return nil, p.refuse("was_rejected", nil, pairs...)
	case !yes && before.Decided.Approved:
		return nil, p.refuse("was_done", nil, pairs...)
	case !yes:
		form = "rejected_again"
	}
	before.Decided.Again = true
	before.Text = p.lang.Decided(form, pairs...)
	return before, Seal(before)
}

// carryOut does the call as it was shown, or nothing.
func (p *pending) carryOut(ctx context.Context, a *Answer) error {
	who := tools.Caller{
		Language: p.lang.Code, AsOf: p.answer.AsOf.UTC(), Person: p.c.Person,
		Approved: p.call.Result.Approval, Now: p.now(),
	}
	// Waited for to its end, also where the caller leaves meanwhile: what is
	// done must be known to be done.
	result, err := p.c.Tools.Call(ctx, who, p.call.Tool, p.call.Args)
	switch {
	case err != nil && ctx.Err() != nil:
		return context.Cause(ctx)
	case tools.NeedsApproval(err) != nil:
		return p.refuse("changed", err, "cause", tools.NeedsApproval(err).Title)
	case errors.As(err, new(*tools.ArgumentError)), errors.As(err, new(*tools.CannotError)):
		return p.refuse("changed", err, "cause", err.Error())
	case err != nil:
		return p.refuse("failed", err, "cause", err.Error())
	}
	a.Calls = []CallRecord{{Tool: p.call.Tool, Args: p.call.Args, Result: result}}
	a.Text = p.lang.Done([]wording.Call{{Tool: p.call.Tool, Args: p.call.Args, Result: result}})
	return nil
}

// keep appends the decision to the session, whole even where the caller
// leaves meanwhile.
func (p *pending) keep(ctx context.Context, a *Answer) error {
	body, err := a.MarshalJSON()
	if err != nil {
		return fmt.Errorf("write the decision down: %w", err)
	}
	kept := store.Turn{ID: a.ID, Session: p.turn.Session, Asked: p.now(), Question: a.Question, Answer: body}
	if p.c.Workspace != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err = p.c.Workspace.AppendTurn(ctx, kept); err == nil {
			return nil
		}
		err = fmt.Errorf("the decision was carried out, but not kept: %w", err)
	}
	p.c.unkept = append(p.c.unkept, kept)
	return err
}

func (p *pending) now() time.Time {
	if p.c.Clock == nil {
		return time.Time{}
	}
	return p.c.Clock()
}

// date writes an instant for people, in UTC, as answers keep it.
func (p *pending) date(t time.Time) string {
	if t.IsZero() {
		return p.lang.Unset
	}
	return p.lang.Time(t.UTC()) + " UTC"
}

func (p *pending) refuse(reason string, err error, pairs ...string) error {
	return &ApprovalError{Reason: reason, ID: p.id, Message: p.lang.Decided(reason, append(pairs, "id", p.id)...), Err: err}
}
