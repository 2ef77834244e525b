package trial

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"time"

	"tesela/segment"
	"tesela/segment/column"
)

// The roles of what becomes of a contact.
const (
	RoleOpen        = "open"
	RoleClick       = "click"
	RoleUnsubscribe = "unsubscribe"
)

// EarlierDays is how many days before a contact earlier ones count as making it
// one of many, and LaterDays in how many after it what comes of it counts, where
// responses do not tell their campaign.
const (
	EarlierDays = 28
	LaterDays   = 7
)

// Contacts is how often customers were contacted in a span of time.
type Contacts struct {
	// Per has for each number of contacts what is known of it, up from 0.
	Per []Fatigue
	// Customers is the base, Contacted how many got one or more, Sent how many
	// contacts there were.
	Customers, Contacted, Sent int
	// Campaigns that were sent, by how many customers got them; Pairs of them by
	// how many got both.
	Campaigns []Reached
	Pairs     []Shared
	// Opens, Clicks and Leaves tell which responses the data knows.
	Opens, Clicks, Leaves bool
	counts                []int32 // by customer; −1 outside the base
}

// Fatigue tells of customers who got so many contacts in the time, and of the
// contacts in it that came after so many others in EarlierDays.
type Fatigue struct {
	Contacts, Customers            int
	Sent, Opened, Clicked, Leaving int
}

// Reached is a campaign and how many got it.
type Reached struct {
	Campaign  string
	Customers int
}

// Shared is how many got two campaigns.
type Shared struct {
	A, B string
	Both int
	OfA  float64 // share of A's customers
	OfB  float64
}

// MoreThan is how many customers got more than n contacts.
func (c *Contacts) MoreThan(n int) int {
	sum := 0
	for _, f := range c.Per {
		if f.Contacts > n {
			sum += f.Customers
		}
	}
	return sum
}

// Review looks at all contacts in a span to customers of a base, nil for
// everyone.
func Review(ctx context.Context, src segment.Source, span segment.Span, base *segment.Set) (*Contacts, error) {
	s := src.Schema()
	book, ok, err := Sends(s)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, &UnknownError{}
	}
	responses := []string{s.Roles[RoleOpen], s.Roles[RoleClick], s.Roles[RoleUnsubscribe]}
	var need segment.Need
	need.Add(book.Event, "")
	if book.Campaign != "" {
		need.Add(book.Event, book.Campaign)
	}
	for i, event := range responses {
		e, known := s.Event(event)
		if !known || e.Rows == 0 {
			responses[i] = ""
			continue
		}
		need.Add(event, "")
		if p, has := e.Prop(book.Campaign); has && p.Kind == column.Text {
			need.Add(event, book.Campaign)
		}
	}
	world, err := src.Load(ctx, need)
	if err != nil {
		return nil, fmt.Errorf("load contacts: %w", err)
	}
	r := &reviewing{
		c: &Contacts{counts: make([]int32, s.Customers)}, zone: s.Zone, span: span, base: base,
		sends: world.Tables[book.Event], overlap: map[[2]int32]int{},
	}
	r.c.Opens, r.c.Clicks, r.c.Leaves = responses[0] != "", responses[1] != "", responses[2] != ""
	for i := range s.Customers {
		if base != nil && !base.Has(i) {
			r.c.counts[i] = -1
			continue
		}
		r.c.Customers++
	}
	if r.sends == nil {
		r.sends = &column.Table{}
	}
	r.labels = labelsOf(r.sends.Props[book.Campaign])
	r.named = book.Campaign != ""
	for i, event := range responses {
		if t := world.Tables[event]; event != "" && t != nil {
			r.responses[i] = &response{table: t, labels: labelsOf(t.Props[book.Campaign]), named: t.Props[book.Campaign] != nil}
		}
	}
	return r.c, r.run(ctx)
}

// reviewing goes over the customers' rows.
type reviewing struct {
	c         *Contacts
	zone      *time.Location
	span      segment.Span
	base      *segment.Set
	sends     *column.Table
	labels    labels
	named     bool
	responses [3]*response
	reached   []int
	overlap   map[[2]int32]int
}

// response is an event that may come of a contact.
type response struct {
	table  *column.Table
	labels labels
	named  bool
	cursor int
}

// rows are those of a customer; who must ascend from call to call.
func (r *response) rows(who uint32) (from, to int) {
	for r.cursor < len(r.table.Who) && r.table.Who[r.cursor] < who {
		r.cursor++
	}
	if r.cursor == len(r.table.Who) || r.table.Who[r.cursor] != who {
		return 0, 0
	}
	return int(r.table.Starts[r.cursor]), int(r.table.Starts[r.cursor+1])
}

// answers tells whether a contact at an instant, of a campaign, was followed:
// within LaterDays, or where campaigns are named on both by a row of the same
// campaign whenever later.
func (r *response) answers(from, to int, at, until int64, campaign string, named bool) bool {
	first := from + sort.Search(to-from, func(k int) bool { return r.table.Time(from+k) >= at })
	for row := first; row < to; row++ {
		if r.named && named {
			if n, ok := r.labels.of(row); ok && r.labels.word(n) == campaign {
				return true
			}
			continue
		}
		return r.table.Time(row) < until
	}
	return false
}

func (r *reviewing) run(ctx context.Context) error {
	r.reached = make([]int, len(r.labels.words))
	var got []int32
	for k, who := range r.sends.Who {
		if k%askEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if r.c.counts[who] < 0 {
			continue
		}
		got = r.customer(who, int(r.sends.Starts[k]), int(r.sends.Starts[k+1]), got[:0])
		for i, a := range got {
			r.reached[a]++
			for _, b := range got[i+1:] {
				r.overlap[[2]int32{a, b}]++
			}
		}
	}
	for _, n := range r.c.counts {
		if n >= 0 {
			r.fatigue(int(n)).Customers++
		}
		if n > 0 {
			r.c.Contacted++
			r.c.Sent += int(n)
		}
	}
	r.campaigns()
	return nil
}

func (r *reviewing) fatigue(n int) *Fatigue {
	for len(r.c.Per) <= n {
		r.c.Per = append(r.c.Per, Fatigue{Contacts: len(r.c.Per)})
	}
	return &r.c.Per[n]
}

// customer goes over one customer's contacts and gives the campaigns among them.
func (r *reviewing) customer(who uint32, from, to int, got []int32) []int32 {
	earlier := from
	for row := from; row < to; row++ {
		at := r.sends.Time(row)
		if at >= r.span.To {
			break
		}
		if at < r.span.From {
			continue
		}
		r.c.counts[who]++
		since := time.UnixMicro(at).In(r.zone)
		oldest := since.AddDate(0, 0, -EarlierDays).UnixMicro()
		for r.sends.Time(earlier) < oldest {
			earlier++
		}
		campaign, named := r.labels.of(row)
		named = named && r.named
		if named && !slices.Contains(got, int32(campaign)) {
			got = append(got, int32(campaign))
		}
		f := r.fatigue(row - earlier)
		f.Sent++
		until := since.AddDate(0, 0, LaterDays).UnixMicro()
		word := ""
		if named {
			word = r.labels.word(campaign)
		}
		for i, response := range r.responses {
			if response == nil {
				continue
			}
			a, b := response.rows(who)
			b = a + sort.Search(b-a, func(k int) bool { return response.table.Time(a+k) >= r.span.To })
			if !response.answers(a, b, at, until, word, named) {
				continue
			}
			switch i {
			case 0:
				f.Opened++
			case 1:
				f.Clicked++
			default:
				f.Leaving++
			}
		}
	}
	slices.Sort(got)
	return got
}

// campaigns lists campaigns and pairs of them by their customers.
func (r *reviewing) campaigns() {
	if !r.named {
		return
	}
	for i, n := range r.reached {
		if n > 0 {
			r.c.Campaigns = append(r.c.Campaigns, Reached{r.labels.word(i), n})
		}
	}
	slices.SortFunc(r.c.Campaigns, func(a, b Reached) int {
		return cmp.Or(cmp.Compare(b.Customers, a.Customers), cmp.Compare(a.Campaign, b.Campaign))
	})
	for pair, both := range r.overlap {
		a, b := int(pair[0]), int(pair[1])
		if r.reached[b] > r.reached[a] || r.reached[b] == r.reached[a] && r.labels.word(b) < r.labels.word(a) {
			a, b = b, a
		}
		r.c.Pairs = append(r.c.Pairs, Shared{
			A: r.labels.word(a), B: r.labels.word(b), Both: both,
			OfA: float64(both) / float64(r.reached[a]), OfB: float64(both) / float64(r.reached[b]),
		})
	}
	slices.SortFunc(r.c.Pairs, func(a, b Shared) int {
		return cmp.Or(cmp.Compare(b.Both, a.Both), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
}

// Busiest is the least number of contacts that at most a share of the base got
// more than.
func (c *Contacts) Busiest(share float64) int {
	most := int(math.Floor(share * float64(c.Customers)))
	for n := range c.Per {
		if c.MoreThan(n) <= most {
			return n
		}
	}
	return 0
}
