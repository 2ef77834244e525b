package worlds_test

import (
	"context"
	"path/filepath"
	"testing"

	"tesela/evals/worlds"
	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
	"tesela/store/sqlite"
)

func fill(t *testing.T, name string, seed uint64) (store.Workspace, segment.Source) {
	t.Helper()
	ws, err := sqlite.Create(t.Context(), filepath.Join(t.TempDir(), name+".db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	made := map[string]func(context.Context, store.Workspace, worlds.Options) error{
		"casino": worlds.Casino, "gym": worlds.Gym, "saas": worlds.SaaS,
		"grocer": worlds.Grocer, "hotel": worlds.Hotel, "wholesale": worlds.Wholesale,
		"museum": worlds.Museum,
	}
	if err := made[name](t.Context(), ws, worlds.Options{Seed: seed}); err != nil {
		t.Fatal(err)
	}
	src, err := ws.Source(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return ws, src
}

// Two fillings are the same, and each world has what its documentation says.
func TestWorlds(t *testing.T) {
	for name, want := range map[string]struct {
		customers  int
		now, role  string
		unset      string // a trait that some lack
		everywhere string // a trait that all have
	}{
		"casino": {worlds.Players, "2025-07-01", "deposit", "vip_tier", "country"},
		"gym":    {worlds.Members, "2025-09-01", "payment", "plan", "signup"},
		"saas":   {worlds.Accounts, "2025-10-01", "invoice", "industry", "plan_tier"},

		"grocer":    {worlds.Shoppers, "2025-05-15", "compra", "cidade", "adesao"},
		"hotel":     {worlds.Guests, "2025-09-29", "booking", "tier", "member_since"},
		"wholesale": {worlds.Traders, "2025-10-22", "order", "segment", "region"},
		"museum":    {worlds.Patrons, "2025-11-01", "shop_sale", "newsletter", "kids"},
	} {
		ws, src := fill(t, name, 0)
		again, _ := fill(t, name, 1)
		other, _ := fill(t, name, 2)
		a, err := ws.Fingerprint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		b, err := again.Fingerprint(t.Context())
		if err != nil || a != b {
			t.Errorf("%s: two fillings differ: %s %s %v", name, a, b, err)
		}
		if c, err := other.Fingerprint(t.Context()); err != nil || c == a {
			t.Errorf("%s: another seed makes the same rows, %v", name, err)
		}
		s := src.Schema()
		if s.Customers != want.customers || s.Roles["purchase"] != want.role {
			t.Errorf("%s: %d customers, purchase is %q", name, s.Customers, s.Roles["purchase"])
		}
		if now := s.Now().Format("2006-01-02"); now != want.now {
			t.Errorf("%s: T is %s, want %s", name, now, want.now)
		}
		w, err := src.Load(t.Context(), segment.Need{Traits: []string{want.unset, want.everywhere}})
		if err != nil {
			t.Fatal(err)
		}
		count := func(c *column.Column) (n int) {
			for i := range c.Len() {
				if c.IsSet(i) {
					n++
				}
			}
			return n
		}
		if n := count(w.Traits[want.unset]); n == 0 || n == s.Customers {
			t.Errorf("%s: %s is set for %d", name, want.unset, n)
		}
		if n := count(w.Traits[want.everywhere]); n != s.Customers {
			t.Errorf("%s: %s is set for %d", name, want.everywhere, n)
		}
		for _, e := range s.Events {
			if e.Rows == 0 {
				t.Errorf("%s: no rows of %s", name, e.Name)
			}
		}
	}
}
