package evals

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"tesela/evals/worlds"
	"tesela/store"
	"tesela/store/demo"
	"tesela/store/importer"
)

// DemoCustomers is the size of the demo shop that questions are asked of,
// unless a spec says otherwise.
const DemoCustomers = 3000

// ErrMissing is of a data set whose file is not on this machine.
var ErrMissing = errors.New("the data is not here")

// Spec says which data a suite is asked of.
type Spec struct {
	Name      string // demo, one of those made, retail or workspace
	Seed      uint64 // of made data; 0: its own
	Customers int    // of the demo; 0: DemoCustomers
	Path      string // of a workspace
}

// made are the data sets that are made of a seed.
var made = map[string]func(context.Context, store.Workspace, worlds.Options) error{
	"casino": worlds.Casino, "gym": worlds.Gym, "saas": worlds.SaaS, "traps": traps,
	"grocer": worlds.Grocer, "hotel": worlds.Hotel, "wholesale": worlds.Wholesale,
	"museum": worlds.Museum,
}

// traps is the bookshop, of which no row is drawn.
func traps(ctx context.Context, ws store.Workspace, _ worlds.Options) error {
	return worlds.Traps(ctx, ws)
}

// ParseSpec reads a spec: a name, after a colon what it is made with, such as
// demo:seed=2,customers=500, or workspace:PATH.
func ParseSpec(text string) (Spec, error) {
	name, rest, more := strings.Cut(text, ":")
	s := Spec{Name: name}
	if name == "workspace" {
		if s.Path = rest; rest == "" {
			return s, errors.New("data workspace: expected workspace:PATH")
		}
		return s, nil
	}
	if made[name] == nil && name != "demo" && name != "retail" {
		known := append(sorted(made), "demo", "retail", "workspace:PATH")
		return s, fmt.Errorf("there is no data set %q; there are %s%s", name, strings.Join(known, ", "), nearest(name, known))
	}
	if !more {
		return s, nil
	}
	for _, part := range strings.Split(rest, ",") {
		key, value, _ := strings.Cut(part, "=")
		n, err := strconv.ParseUint(value, 10, 32)
		switch {
		case name == "retail":
			return s, fmt.Errorf("data %q: retail is as it is", text)
		case err != nil || n == 0:
			return s, fmt.Errorf("data %q: expected a number from 1 after %s=", text, key)
		case key == "seed" && name != "traps":
			s.Seed = n
		case key == "customers" && name == "demo":
			s.Customers = int(n)
		default:
			return s, fmt.Errorf("data %q: %s is made with no %q", text, name, key)
		}
	}
	return s, nil
}

// Fill makes the data in an empty workspace. Rejects of an import go to a
// folder that is the caller's.
func (s Spec) Fill(ctx context.Context, ws store.Workspace, folder string) error {
	switch {
	case s.Name == "demo":
		customers := s.Customers
		if customers == 0 {
			customers = DemoCustomers
		}
		return demo.Fill(ctx, ws, demo.Options{Seed: s.Seed, Customers: customers})
	case s.Name == "retail":
		return fillRetail(ctx, ws, folder)
	case made[s.Name] != nil:
		return made[s.Name](ctx, ws, worlds.Options{Seed: s.Seed})
	}
	return fmt.Errorf("%s is not made", s.Name)
}

// fillRetail brings in UCI Online Retail (Chen, Sain and Guo 2012).
func fillRetail(ctx context.Context, ws store.Workspace, folder string) error {
	path, err := RetailFile()
	if err != nil {
		return err
	}
	_, err = importer.Run(ctx, ws, importer.Options{
		File: path, Currency: "GBP", Timezone: "Europe/London", Rejects: filepath.Join(folder, "rejects.csv"),
		Mapping: importer.Mapping{
			Events: "order", Customer: "CustomerID", Time: "InvoiceDate", EventID: "InvoiceNo",
			Props:          []string{"amount=Quantity*UnitPrice:money", "product=StockCode"},
			CustomerTraits: []string{"country=Country"},
		},
	})
	return err
}

// RetailFile finds the file of Online Retail: in the folder that TESELA_DATA
// names, else in a shared/data beside the checkout.
func RetailFile() (string, error) {
	const file = "online_retail.csv.gz"
	folders := []string{os.Getenv("TESELA_DATA")}
	if here, err := os.Getwd(); err == nil && folders[0] == "" {
		for folders = nil; filepath.Dir(here) != here; here = filepath.Dir(here) {
			folders = append(folders, filepath.Join(here, "shared", "data"))
		}
	}
	for _, folder := range folders {
		path := filepath.Join(folder, file)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%w: %s; TESELA_DATA may name its folder", ErrMissing, file)
}
