package importer_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"tesela/store/importer"
)

const sound = "customer,when,total\na,2020-01-01,5\nb,2020-01-02,6\n"

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

func zstandard(text string) string {
	var b bytes.Buffer
	w, _ := zstd.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

// Files that cannot be imported: each message says what is wrong and what to
// do, and nothing is kept.
func TestFaultsOfFiles(t *testing.T) {
	long := "customer,when,total\na,2020-01-01,5\nb,2020-01-01," + strings.Repeat("9", 20<<20) + "\n"
	big := gzipped("customer,when,total\n" + strings.Repeat("a,2020-01-01,5\nbb,2020-03-01,57\n", 50000))
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"empty", "", []string{"is empty"}},
		{"blank", "\n\n  \n", []string{"is empty"}},
		{"workbook", "PK\x03\x04xxxx", []string{"Excel", "save the sheet as CSV"}},
		{"old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", []string{"Excel"}},
		{"parquet", "PAR1abcdefg", []string{"Parquet"}},
		{"database", "SQLite format 3\x00abc", []string{"SQLite"}},
		{"binary", "customer,when\x00\x01\x02,total\na,b,c\n", []string{"binary"}},
		{"json without objects", `["a", "b"]`, []string{"JSON list", "object"}},
		{"web page", "<!DOCTYPE html><html>", []string{"web page"}},
		{"column twice", "customer,when,total,total\na,2020-01-01,5,6\n", []string{`"total" twice`, "rename"}},
		{"no header", "17850,2020-01-01,5\n17851,2020-01-01,6\n", []string{"looks like data", "header"}},
		{"no names", ",,\na,b,c\n", []string{"names no columns"}},
		{"mixed delimiters", sound + "c;2020-01-03;7\n", []string{"line 4", "semicolons", "commas"}},
		{"long line", long, []string{"line 3", "16 MB"}},
		{"long quoted line", strings.Replace(long, ",9", ",\"9", 1), []string{"line 3", "16 MB"}},
		{"cut gzip", big[:len(big)/2], []string{"cut short", "again"}},
		{"cut gzip header", big[:5], []string{"cut short"}},
		{"damaged gzip", big[:len(big)-6] + "xxxxxx", []string{"damaged", "again"}},
		{"cut zstd", zstandard(sound)[:20], []string{"cut short"}},
		{"packed twice", gzipped(gzipped(sound)), []string{"packed twice"}},
		{"more than half unreadable", sound + "c,x,1\nd,y,2\ne,z,3\n", []string{"3 of 5 rows", "unreadable time", `line 4 ("x")`, "--time"}},
		{"most without a customer", "customer,when,total\n,2020-01-01,5\n,2020-01-01,5\na,2020-01-01,5\n", []string{"missing customer", "--customer"}},
		{"both orders", "customer,when,total\na,02/13/2020,5\nb,13/02/2020,6\n", []string{"line 2", "line 3", "--date-order"}},
	} {
		ws := workspace(t)
		load(t, ws, "customer,when,total\nz,2020-01-01,5\n", importer.Options{Mapping: orders})
		before := dump(t, ws)
		path := file(t, "data.csv", c.text)
		_, err := importer.Run(context.Background(), ws, importer.Options{File: path, Mapping: orders})
		if err == nil || errors.Is(err, importer.ErrUsage) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: no %q in %q", c.name, want, err)
			}
		}
		if dump(t, ws) != before {
			t.Errorf("%s: something of it was kept", c.name)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*rejects*")); len(left) > 0 {
			t.Errorf("%s: left behind: %v", c.name, left)
		}
	}
}

func TestNoSuchFileAndFolder(t *testing.T) {
	ws := workspace(t)
	path := file(t, "orders.csv", sound)
	for name, want := range map[string]string{filepath.Join(filepath.Dir(path), "order.csv"): "orders.csv", filepath.Dir(path): "is a folder"} {
		if _, err := importer.Run(context.Background(), ws, importer.Options{File: name, Mapping: orders}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Wrong calls are usage errors that name the nearest right one.
func TestFaultsOfTheCall(t *testing.T) {
	with := func(change func(o *importer.Options)) importer.Options {
		o := importer.Options{Mapping: orders}
		change(&o)
		return o
	}
	for _, c := range []struct {
		name string
		o    importer.Options
		want string
	}{
		{"customer column", with(func(o *importer.Options) { o.Customer = "custmer" }), "nearest: customer"},
		{"column in other case", with(func(o *importer.Options) { o.Time = "When" }), "nearest: when"},
		{"product", with(func(o *importer.Options) { o.Props = []string{"amount=total*totl"} }), "nearest: total"},
		{"kind", with(func(o *importer.Options) { o.Props = []string{"amount=total:mony"} }), "text, number, money"},
		{"product of text", with(func(o *importer.Options) { o.Props = []string{"amount=total*2:text"} }), "a product is a number or money"},
		{"no equals sign", with(func(o *importer.Options) { o.Props = []string{"total"} }), "name=COLUMN"},
		{"twice", with(func(o *importer.Options) { o.Props = []string{"x=total", "x=when"} }), "mapped twice"},
		{"drop", with(func(o *importer.Options) { o.Drop = []string{"totals"} }), "nearest: total"},
		{"currency", with(func(o *importer.Options) { o.Currency = "GPB" }), "GBP"},
		{"zone", with(func(o *importer.Options) { o.Timezone = "Europe/Lundon" }), "Europe/London"},
		{"encoding", with(func(o *importer.Options) { o.Encoding = "utf-88" }), "utf-8"},
		{"delimiter", with(func(o *importer.Options) { o.Delimiter = ";;" }), "one character"},
		{"date order", with(func(o *importer.Options) { o.DateOrder = "ymd" }), "dmy"},
		{"no time", with(func(o *importer.Options) { o.Time = "" }), "--time"},
		{"no customer", with(func(o *importer.Options) { o.Customer = "" }), "customer looks like it"},
		{"both", with(func(o *importer.Options) { o.Customers = true }), "exclude each other"},
		{"customers without id", importer.Options{Mapping: importer.Mapping{Customers: true}}, "--id"},
		{"trait of events", with(func(o *importer.Options) { o.Traits = []string{"x=total"} }), "--customer-trait"},
		{"preset", importer.Options{Preset: "shopify-order"}, "nearest: shopify-orders"},
		{"preset of another file", importer.Options{Preset: "ga4-events"}, "event_name"},
	} {
		c.o.File = file(t, "data.csv", sound)
		_, err := importer.Run(context.Background(), workspace(t), c.o)
		if !errors.Is(err, importer.ErrUsage) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestPackedFilesAndStandardInput(t *testing.T) {
	want := "a\nb\norder a 2020-01-01T00:00:00Z amount=5.00\norder b 2020-01-02T00:00:00Z amount=6.00"
	for name, text := range map[string]string{"plain": sound, "gzip": gzipped(sound), "zstd": zstandard(sound)} {
		ws := workspace(t)
		load(t, ws, text, importer.Options{Mapping: orders})
		expect(t, ws, want)

		ws = workspace(t)
		if _, err := importer.Run(context.Background(), ws, importer.Options{File: "-", Stdin: strings.NewReader(text), Mapping: orders}); err != nil {
			t.Errorf("%s from standard input: %v", name, err)
		}
		expect(t, ws, want)
	}
}

func TestHeaderOnly(t *testing.T) {
	s := load(t, workspace(t), "customer,when,total\n", importer.Options{Mapping: orders})
	if s.Read != 0 || !strings.Contains(strings.Join(s.Notes, "\n"), "no rows") {
		t.Errorf("%+v", s)
	}
}

// Another currency or zone than the data's is refused.
func TestOtherCurrencyIsRefused(t *testing.T) {
	ws := workspace(t)
	load(t, ws, sound, importer.Options{Mapping: orders, Currency: "EUR", Timezone: "Europe/Madrid"})
	path := file(t, "data.csv", sound)
	for _, o := range []importer.Options{{Currency: "USD"}, {Timezone: "UTC"}} {
		o.File, o.Mapping = path, orders
		if _, err := importer.Run(context.Background(), ws, o); err == nil {
			t.Errorf("%+v went through", o)
		}
	}
}

func TestKindConflict(t *testing.T) {
	ws := workspace(t)
	load(t, ws, sound, importer.Options{Mapping: orders})
	m := orders
	m.Props = []string{"amount=total:text"}
	if _, err := importer.Run(context.Background(), ws, importer.Options{File: file(t, "data.csv", strings.ReplaceAll(sound, "2020", "2021")), Mapping: m}); err == nil || !strings.Contains(err.Error(), "money") {
		t.Errorf("%v", err)
	}
}

// Without a mapping nothing happens until somebody says yes, and the guess is
// a command that does the same.
func TestGuesses(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{
			"order lines", "lines.csv", "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n1,A,2,2020-01-01 10:00,1.5,7.0,France\n1,B,2,2020-01-01 10:00,1.5,7.0,France\n",
			"--events order --customer CustomerID --time InvoiceDate --event-id InvoiceNo --prop 'amount=Quantity*UnitPrice:money' --prop product=StockCode:text --customer-trait country=Country",
		},
		{
			"pedidos", "pedidos.csv", "Fecha;Cliente;Importe\n31/12/2020;7;1,5\n1/12/2020;7;2,5\n",
			"--events order --customer Cliente --time Fecha --prop amount=Importe:money",
		},
		{
			"events", "log.csv", "timestamp,visitorid,event,itemid\n1433221332117,1,view,5\n1433221332118,1,addtocart,5\n",
			"--event-column event --customer visitorid --time timestamp --prop product=itemid:text",
		},
		{"visits", "visitas.csv", "usuario,fecha\n1,2020-01-01\n1,2020-01-02\n", "--events visit --customer usuario --time fecha"},
		{"logins", "logins.csv", "user_id,at\n1,2020-01-01\n1,2020-01-02\n", "--events logins --customer user_id --time at"},
		{"customers", "customers.csv", "customer_id,email,signup_date,country\n1,a@x.org,2020-01-01,ES\n2,b@x.org,2020-01-02,PT\n", "--customers --id customer_id"},
	} {
		path := filepath.Join(t.TempDir(), c.file)
		if err := os.WriteFile(path, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		ws := workspace(t)
		_, err := importer.Run(context.Background(), ws, importer.Options{File: path})
		var asks *importer.ErrNeedsYes
		if !errors.As(err, &asks) || !errors.Is(err, importer.ErrUsage) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if want := "tesela import " + path + " " + c.want; asks.Command != want {
			t.Errorf("%s: guessed\n%s\nwanted\n%s", c.name, asks.Command, want)
		}
		if got := dump(t, ws); got != "" {
			t.Errorf("%s: imported unasked: %s", c.name, got)
		}
		if _, err := importer.Run(context.Background(), ws, importer.Options{File: path, Confirm: func(string) (bool, error) { return false, nil }}); err == nil || dump(t, ws) != "" {
			t.Errorf("%s: imported against a no", c.name)
		}
		if s, err := importer.Run(context.Background(), ws, importer.Options{File: path, Yes: true}); err != nil || s.Imported != 2 {
			t.Errorf("%s: %+v, %v", c.name, s, err)
		}
	}
	_, err := importer.Run(context.Background(), workspace(t), importer.Options{File: file(t, "x.csv", "alpha,beta\nx,y\n"), Yes: true})
	if !errors.Is(err, importer.ErrUsage) || !strings.Contains(err.Error(), "alpha, beta") {
		t.Errorf("a guess without grounds: %v", err)
	}
}

func TestPresets(t *testing.T) {
	for _, c := range []struct{ preset, text, want string }{
		{
			"shopify-orders", "Name,Email,Created at,Lineitem quantity,Lineitem price,Lineitem sku,Shipping Country,Accepts Marketing\n#1001,a@x.org,2024-01-05 10:00:00 -0500,2,9.99,S1,US,yes\n#1001,a@x.org,2024-01-05 10:00:00 -0500,1,5.00,S2,,\n",
			`a@x.org consent=true country=US
order a@x.org 2024-01-05T15:00:00Z amount=19.98 lineitem_price=9.99 product=S1 quantity=2
order a@x.org 2024-01-05T15:00:00Z amount=5.00 lineitem_price=5.00 product=S2 quantity=1`,
		},
		{
			"stripe-charges", "id,Created date (UTC),Amount,Currency,Customer ID\nch_1,2024-01-05 10:00:00,12.50,usd,cus_1\n",
			"cus_1\norder cus_1 2024-01-05T10:00:00Z amount=12.50 currency=usd",
		},
		{
			"segment-events", "event,user_id,timestamp,revenue\nOrder Completed,u1,2024-01-05T10:00:00Z,12.50\nPage Viewed,u1,2024-01-05T09:00:00Z,\n",
			"u1\norder_completed u1 2024-01-05T10:00:00Z amount=12.50\npage_viewed u1 2024-01-05T09:00:00Z",
		},
		{
			"mailchimp-audience", "Email Address,First Name,OPTIN_TIME,TAGS\na@x.org,Ana,2024-01-05 10:00:00,\"\"\"vip\"\",\"\"new\"\"\"\n",
			"a@x.org name=Ana signup=2024-01-05T10:00:00Z tags=[new|vip]",
		},
		{
			"klaviyo-events", "Event,Person ID,Timestamp,$value\nPlaced Order,p1,1704448800,20\n",
			"p1\nplaced_order p1 2024-01-05T10:00:00Z amount=20.00",
		},
		{
			"ga4-events", "event_name,user_pseudo_id,event_timestamp,geo_country\npurchase,g1,1704448800000000,Spain\n",
			"g1 country=Spain\npurchase g1 2024-01-05T10:00:00Z",
		},
	} {
		ws := workspace(t)
		load(t, ws, c.text, importer.Options{Preset: c.preset})
		if got := dump(t, ws); got != c.want {
			t.Errorf("%s:\n%s\nwanted\n%s", c.preset, got, c.want)
		}
	}
}
