package tools

import (
	"context"
	_ "embed"
	"errors"
	"strconv"
	"strings"

	"tesela/agent/model"
	"tesela/segment"
	"tesela/segment/syntax"
	"tesela/segment/trial"
)

//go:embed review_contacts.md
var reviewContactsText string

const (
	contactsWindow = "last 90d"
	busiestShare   = 0.05 // got more than so many, where no number is given
	singly         = 8    // numbers of contacts up to this have a row each
	mostPairs      = 200
)

func reviewContacts(ctx context.Context, c *call, args *ReviewContactsArgs) (*Result, error) {
	if strings.TrimSpace(args.Window) == "" {
		args.Window = contactsWindow
	}
	window, err := c.layerWindow("window", &args.Window)
	if err != nil {
		return nil, err
	}
	span, err := segment.Resolve(window, c.at, c.schema.Zone)
	if err != nil {
		return nil, c.wrong("window", err, nil)
	}
	var base *segment.Set
	var who syntax.Formula
	if args.Formula = strings.TrimSpace(args.Formula); args.Formula != "" {
		f, err := c.checked(ctx, "formula", &args.Formula)
		if err != nil {
			return nil, err
		}
		if _, all := f.(*syntax.Everyone); !all {
			who = f
			plan, err := segment.Compile(ctx, f, c.src, c.at)
			if err != nil {
				return nil, c.wrong("formula", err, f)
			}
			if base, err = plan.Run(ctx); err != nil {
				return nil, err
			}
		}
	}
	found, err := trial.Review(ctx, c.src, span, base)
	var unknown *trial.UnknownError
	if errors.As(err, &unknown) {
		return nil, &CannotError{Tool: c.tool, Reason: model.NoRole, Params: map[string]string{"role": trial.RoleSend}, Message: c.say("cannot_sends", nil)}
	}
	if err != nil {
		return nil, err
	}
	r := &Result{
		Title: c.say("title_review_contacts", params{"window": args.Window}),
		Values: map[string]any{
			"customers": found.Customers, "contacted": found.Contacted, "sent": found.Sent, "campaigns": len(found.Campaigns),
			"share": share(found.Contacted, found.Customers),
		},
		Units: map[string]string{"customers": "customers", "contacted": "customers"},
		Rows:  [][]any{},
	}
	if found.Contacted > 0 {
		r.Values["per_contacted"] = round4(float64(found.Sent) / float64(found.Contacted))
	}
	more := args.More
	if more == 0 {
		more = max(1, found.Busiest(busiestShare))
	}
	r.Values["more_than"], r.Values["got_more"] = more, found.MoreThan(more)
	r.Units["got_more"] = "customers"
	busy := syntax.Formula(&syntax.Compare{
		Left: &syntax.Call{Fn: syntax.Count, Event: c.schema.Roles[trial.RoleSend], Window: window},
		Op:   syntax.Gt, Right: &syntax.Number{Text: strconv.Itoa(more)},
	})
	if who != nil {
		busy = syntax.All(who, busy)
	}
	n := found.MoreThan(more)
	r.Segments = []Segment{{
		Name: c.say("contacts_more", params{"n": more}), Formula: busy.String(), Size: n, Share: share(n, c.schema.Customers),
	}}
	if args.Show == "overlap" {
		c.overlapRows(r, found)
	} else {
		c.fatigueRows(r, found)
	}
	c.contactNotes(r, found, args.Show == "overlap")
	return r, nil
}

// fatigueRows has a row for each number of contacts, many of them together.
func (c *call) fatigueRows(r *Result, found *trial.Contacts) {
	r.Columns = []Column{
		{Name: "contacts", Kind: "text"},
		{Name: "customers", Kind: "count", Unit: "customers"},
		{Name: "share", Kind: "rate"},
		{Name: "sent_after", Kind: "count"},
		{Name: "open_rate", Kind: "rate"},
		{Name: "click_rate", Kind: "rate"},
		{Name: "unsubscribe_rate", Kind: "rate"},
	}
	r.Chart = &Chart{Type: "bar", X: "contacts", Y: "customers"}
	for from := 0; from < len(found.Per); {
		to := from
		if from > singly {
			to = min(2*from, len(found.Per)) - 1
		}
		var sum trial.Fatigue
		for _, f := range found.Per[from : to+1] {
			sum.Customers += f.Customers
			sum.Sent, sum.Opened, sum.Clicked, sum.Leaving = sum.Sent+f.Sent, sum.Opened+f.Opened, sum.Clicked+f.Clicked, sum.Leaving+f.Leaving
		}
		name := strconv.Itoa(from)
		if to > from {
			name += "–" + strconv.Itoa(to)
		}
		rate := func(known bool, n int) any {
			if !known || sum.Sent == 0 {
				return nil
			}
			return share(n, sum.Sent)
		}
		if sum.Customers+sum.Sent > 0 {
			r.Rows = append(r.Rows, []any{
				name, sum.Customers, share(sum.Customers, found.Customers), sum.Sent,
				rate(found.Opens, sum.Opened), rate(found.Clicks, sum.Clicked), rate(found.Leaves, sum.Leaving),
			})
		}
		from = to + 1
	}
}

// overlapRows has a row for each pair of campaigns that share customers.
func (c *call) overlapRows(r *Result, found *trial.Contacts) {
	r.Columns = []Column{
		{Name: "campaign", Kind: "text"},
		{Name: "with", Kind: "text"},
		{Name: "both", Kind: "count", Unit: "customers"},
		{Name: "share_of_first", Kind: "rate"},
		{Name: "share_of_second", Kind: "rate"},
	}
	for _, p := range found.Pairs[:min(len(found.Pairs), mostPairs)] {
		r.Rows = append(r.Rows, []any{p.A, p.B, p.Both, round4(p.OfA), round4(p.OfB)})
	}
}

func (c *call) contactNotes(r *Result, found *trial.Contacts, overlap bool) {
	switch {
	case found.Sent == 0:
		c.note("contacts_none", nil)
		return
	case overlap && len(found.Pairs) == 0:
		c.note("contacts_no_pairs", nil)
	case !overlap:
		c.note("contacts_after", params{"days": trial.EarlierDays})
		if found.Opens || found.Clicks || found.Leaves {
			c.note("contacts_observed", nil)
		}
		if len(found.Pairs) > 0 {
			p := found.Pairs[0]
			c.note("contacts_overlap", params{"a": p.A, "b": p.B, "n": p.Both, "share": percent(p.OfB)})
		}
	}
	var missing []string
	for _, known := range []struct {
		there bool
		role  string
	}{{found.Opens, trial.RoleOpen}, {found.Clicks, trial.RoleClick}, {found.Leaves, trial.RoleUnsubscribe}} {
		if !known.there {
			missing = append(missing, known.role)
		}
	}
	if len(missing) > 0 && !overlap {
		c.note("contacts_missing", params{"roles": strings.Join(missing, ", ")})
	}
}
