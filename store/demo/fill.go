package demo

import (
	"context"
	"fmt"

	"tesela/store"
)

// The demo that `tesela demo` makes.
const (
	DefaultSeed      = 1
	DefaultCustomers = 25_000
)

// Options of a demo. The zero value is the default demo.
type Options struct {
	Seed      uint64 // 0: DefaultSeed
	Customers int    // 0: DefaultCustomers
	// Progress is told how many of the customers are done; the last call, with
	// all of them, comes once they are stored. Nil for none.
	Progress func(done, total int)
}

func (o Options) filled() (Options, error) {
	if o.Seed == 0 {
		o.Seed = DefaultSeed
	}
	if o.Customers == 0 {
		o.Customers = DefaultCustomers
	}
	if o.Customers < 0 {
		return o, fmt.Errorf("make the demo: %d customers; give a number from 1", o.Customers)
	}
	if o.Progress == nil {
		o.Progress = func(int, int) {}
	}
	return o, nil
}

// chunk is how many customers are generated before their rows are stored: it
// bounds the memory.
const chunk = 50_000

// roles of the demo's events and traits.
var roles = [...][2]string{
	{"purchase", "order"},
	{"amount", "order.amount"},
	{"refund", "refund"},
	{"product", "order.product"},
	{"category", "order.category"},
	{"quantity", "order.quantity"},
	{"visit", "visit"},
	{"cart", "cart"},
	{"send", "send"},
	{"open", "open"},
	{"click", "click"},
	{"unsubscribe", "unsubscribe"},
	{"campaign", "send.campaign"},
	{"survey", "survey"},
	{"score", "survey.score"},
	{"name", "name"},
	{"email", "email"},
	{"phone", "phone"},
	{"birthday", "birthday"},
	{"country", "country"},
	{"city", "city"},
	{"signup", "signup"},
	{"consent", "consent_email"},
	{"channel", "channel"},
}

// Fill generates the demo and stores it in an empty workspace, in one
// transaction: it is there whole or not at all. Equal options give equal rows
// in equal order on every machine.
func Fill(ctx context.Context, ws store.Workspace, options Options) error {
	o, err := options.filled()
	if err != nil {
		return err
	}
	w, err := newWorld(o.Seed)
	if err != nil {
		return err
	}
	batch, err := ws.Import(ctx)
	if err != nil {
		return fmt.Errorf("make the demo: %w", err)
	}
	defer batch.Rollback()
	if err := w.fill(ctx, batch, o); err != nil {
		return err
	}
	if err := batch.Commit(ctx); err != nil {
		return fmt.Errorf("store the demo: %w", err)
	}
	o.Progress(o.Customers, o.Customers)
	return nil
}

func (w *world) fill(ctx context.Context, batch store.Batch, o Options) error {
	if s := batch.Schema(); s.Customers > 0 || len(s.Events) > 0 || len(s.Traits) > 0 {
		return fmt.Errorf("make the demo: the workspace already holds data (%d customers); the demo needs an empty one", s.Customers)
	}
	if err := batch.Configure(Currency, Zone); err != nil {
		return fmt.Errorf("make the demo: %w", err)
	}
	sheets, err := newSheets(batch, w.shop)
	if err != nil {
		return fmt.Errorf("make the demo: %w", err)
	}
	customers := batch.Customers()
	step := max(1, o.Customers/200)
	var l life
	for n := range o.Customers {
		w.live(&l, n)
		w.write(sheets, customers.Code([]byte(id(n)))-1, &l)
		if (n+1)%chunk == 0 || n+1 == o.Customers {
			if err := sheets.flush(ctx, batch); err != nil {
				return err
			}
		}
		if (n+1)%step == 0 && n+1 < o.Customers {
			o.Progress(n+1, o.Customers)
		}
		if n%256 == 0 && ctx.Err() != nil {
			return fmt.Errorf("make the demo: %w", ctx.Err())
		}
	}
	for _, r := range roles {
		if err := batch.SetRole(r[0], r[1]); err != nil {
			return fmt.Errorf("make the demo: set role %s: %w", r[0], err)
		}
	}
	return nil
}
