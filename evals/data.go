package evals

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/planner"
	"tesela/evals/worlds"
	"tesela/store"
	"tesela/store/demo"
	"tesela/store/importer"
	"tesela/store/sqlite"
	"tesela/tools"
	"tesela/tools/restate"
)

// DemoCustomers is the size of the demo shop that questions are asked of.
const DemoCustomers = 3000

// ErrMissing is of a data set whose file is not on this machine.
var ErrMissing = errors.New("the data is not here")

// Data is an opened data set and who is asked about it.
type Data struct {
	Name      string
	AsOf      time.Time
	Box       tools.Runner
	Catalogue *model.Catalogue
	Model     model.Model
	Restate   agent.Restater

	ws     store.Workspace
	folder string
}

// Open makes a data set in a temporary folder: demo, retail, casino, gym or saas.
func Open(ctx context.Context, name string) (d *Data, err error) {
	folder, err := os.MkdirTemp("", "tesela-evals-")
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	d = &Data{Name: name, folder: folder}
	defer func() {
		if err != nil {
			d.Close()
			d, err = nil, fmt.Errorf("open %s: %w", name, err)
		}
	}()
	if d.ws, err = sqlite.Create(ctx, filepath.Join(folder, name+".db")); err != nil {
		return d, err
	}
	switch name {
	case "demo":
		err = demo.Fill(ctx, d.ws, demo.Options{Customers: DemoCustomers})
	case "casino":
		err = worlds.Casino(ctx, d.ws, worlds.Options{})
	case "gym":
		err = worlds.Gym(ctx, d.ws, worlds.Options{})
	case "saas":
		err = worlds.SaaS(ctx, d.ws, worlds.Options{})
	case "retail":
		err = d.importRetail(ctx)
	default:
		err = errors.New("there is no such data set; there are demo, retail, casino, gym, saas")
	}
	if err != nil {
		return d, err
	}
	return d, d.wire(ctx)
}

// wire puts the planner over the workspace's tools.
func (d *Data) wire(ctx context.Context) error {
	source, err := d.ws.Source(ctx)
	if err != nil {
		return err
	}
	d.AsOf = source.Schema().Now()
	d.Box = tools.NewBox(d.ws)
	if d.Catalogue, err = tools.Catalogue(ctx, d.ws); err != nil {
		return err
	}
	if d.Model, err = planner.New(d.Catalogue); err != nil {
		return err
	}
	d.Restate, err = restate.New()
	return err
}

// importRetail brings in UCI Online Retail (Chen, Sain and Guo 2012).
func (d *Data) importRetail(ctx context.Context) error {
	const file = "online_retail.csv.gz"
	folders := []string{os.Getenv("TESELA_DATA")}
	if here, err := os.Getwd(); err == nil && folders[0] == "" {
		for folders = nil; filepath.Dir(here) != here; here = filepath.Dir(here) {
			folders = append(folders, filepath.Join(here, "shared", "data"))
		}
	}
	for _, folder := range folders {
		path := filepath.Join(folder, file)
		if _, err := os.Stat(path); err != nil {
			continue
		}
		_, err := importer.Run(ctx, d.ws, importer.Options{
			File: path, Currency: "GBP", Timezone: "Europe/London", Rejects: filepath.Join(d.folder, "rejects.csv"),
			Mapping: importer.Mapping{
				Events: "order", Customer: "CustomerID", Time: "InvoiceDate", EventID: "InvoiceNo",
				Props:          []string{"amount=Quantity*UnitPrice:money", "product=StockCode"},
				CustomerTraits: []string{"country=Country"},
			},
		})
		return err
	}
	return fmt.Errorf("%w: %s; TESELA_DATA may name its folder", ErrMissing, file)
}

// Close removes the data set.
func (d *Data) Close() error {
	var err error
	if d.ws != nil {
		err = d.ws.Close()
	}
	return errors.Join(err, os.RemoveAll(d.folder))
}

// talk starts a conversation of its own over the data.
func (d *Data) talk() *agent.Conversation {
	return agent.New(agent.Config{
		Tools: d.Box, Model: d.Model, Session: "evals", AsOf: d.AsOf,
		Catalogue: d.Catalogue, Restate: d.Restate, Person: true,
	})
}

// caller is who runs the golds.
func (d *Data) caller() tools.Caller { return tools.Caller{Language: "en", AsOf: d.AsOf, Person: true} }
