package tools

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"time"

	"tesela/agent/model"
	"tesela/segment/syntax"
	"tesela/store"
)

// A tool that writes is called twice: first to see what would happen, which
// changes nothing, then with Caller.Approved to do it. The box, not the tool and
// not its caller, decides which of the two a call is.

// deed is what a call of a writing tool comes to.
type deed struct {
	// preview is what would happen; done tells that it has, in the same
	// figures and under another title.
	preview *Result
	title   string // of done
	// bound is what an approval holds for beside the preview's figures, such
	// as the content of a file.
	bound any
	do    func(ctx context.Context, ws store.Workspace) error
}

// ApprovalError refuses a call of a writing tool whose approval is not for
// what it would do now: the arguments are others, or the data is.
type ApprovalError struct {
	Tool string
	// Now is what the call would do, with the approval that it takes.
	Now *Result
}

// Error says what happened and what to do next.
func (e *ApprovalError) Error() string {
	return e.Tool + ": the approval is not for this call as it would be done now, so nothing was changed; look at what it would do, and approve that"
}

// defineWriting makes a tool that changes something. Its function checks the
// arguments, makes them canonical in place and says what would happen; it
// changes nothing itself.
func defineWriting[A any](name, text string, plan func(context.Context, *call, *A) (*deed, error)) tool {
	schema, err := schemaOf(reflect.TypeFor[A]())
	return tool{
		told: model.Tool{Name: name, Description: strings.TrimSpace(text), Schema: schema, Writes: true},
		err:  err,
		run: func(ctx context.Context, c *call, data json.RawMessage) (*Result, any, error) {
			args := new(A)
			if err := decode(name, data, args); err != nil {
				return nil, nil, err
			}
			d, err := plan(ctx, c, args)
			if err != nil {
				return nil, nil, err
			}
			r, err := c.carryOut(ctx, d, args)
			return r, args, err
		},
	}
}

// carryOut does a deed where a person has approved just that, and else tells
// what it would be.
func (c *call) carryOut(ctx context.Context, d *deed, args any) (*Result, error) {
	// What the data is beside the figures shown makes no difference to a yes.
	token, err := fingerprint("", c.at, c.tool, struct{ Args, Bound any }{args, d.bound}, d.preview)
	if err != nil {
		return nil, err
	}
	preview := *d.preview
	preview.Approval, preview.Notes = token, c.notes
	switch c.who.Approved {
	case "":
		return &preview, nil
	case token:
	default:
		return nil, &ApprovalError{Tool: c.tool, Now: &preview}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := d.do(ctx, c.box.ws); err != nil {
		return nil, err
	}
	done := *d.preview
	done.Title = d.title
	return &done, nil
}

// now is when what is written is dated: when the person said yes, T where
// nobody tells.
func (c *call) now() time.Time {
	if c.who.Now.IsZero() {
		return c.at.UTC()
	}
	return c.who.Now.UTC().Truncate(time.Second)
}

// namesLength bounds names of segments, words and files, in bytes.
const namesLength = 120

// named checks a name that is to be kept: one line of text, not too long.
func (c *call) named(argument string, text *string) error {
	*text = strings.Join(strings.Fields(*text), " ")
	for _, r := range *text {
		if r < ' ' || r == 0x7f || r == '\u202e' || r == '\u2028' || r == '\ufffd' {
			return c.fault(argument, "holds a character that no name may have (%U)", r)
		}
	}
	switch {
	case *text == "":
		return c.fault(argument, "is empty; expected a name")
	case len(*text) > namesLength:
		return c.fault(argument, "is %d bytes long; a name has at most %d", len(*text), namesLength)
	}
	return nil
}

// savedNamed finds a saved segment by its name, however it is spelt where
// that leaves no doubt.
func (c *call) savedNamed(argument, name string) (store.Segment, []store.Segment, error) {
	all := c.saved
	var names []string
	var alike []store.Segment
	for _, s := range all {
		if s.Name == name {
			return s, all, nil
		}
		if fold(s.Name) == fold(name) {
			alike = append(alike, s)
		}
		names = append(names, s.Name)
	}
	if len(alike) == 1 {
		return alike[0], all, nil
	}
	e := c.fault(argument, "no segment is saved as %q", name)
	e.Nearest = syntax.NearestNames(name, names, 3)
	return store.Segment{}, all, e
}

// NeedsApproval gives the preview that an error of Call carries, nil for any
// other error.
func NeedsApproval(err error) *Result {
	var e *ApprovalError
	if errors.As(err, &e) {
		return e.Now
	}
	return nil
}
