package tools_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tesela/store"
	"tesela/store/importer"
	"tesela/store/sqlite"
	"tesela/tools"
)

// sharedData finds a file of the data sets that are not part of the project,
// or skips: in $TESELA_DATA, else in shared/data beside a folder above.
func sharedData(t *testing.T, name string) string {
	t.Helper()
	folders := []string{os.Getenv("TESELA_DATA")}
	if here, err := os.Getwd(); err == nil && folders[0] == "" {
		for here != filepath.Dir(here) {
			here = filepath.Dir(here)
			folders = append(folders, filepath.Join(here, "shared", "data"))
		}
	}
	for _, folder := range folders {
		if folder == "" {
			continue
		}
		if file := filepath.Join(folder, name); fileExists(file) {
			return file
		}
	}
	t.Skipf("%s is not here; TESELA_DATA may name its folder", name)
	return ""
}

func fileExists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// retail imports UCI Online Retail.
func retail(t *testing.T) store.Workspace {
	t.Helper()
	file := sharedData(t, "online_retail.csv.gz")
	ws, err := sqlite.Create(t.Context(), filepath.Join(t.TempDir(), "retail.db"))
	must(t, err)
	t.Cleanup(func() { must(t, ws.Close()) })
	_, err = importer.Run(t.Context(), ws, importer.Options{
		File: file, Currency: "GBP", Timezone: "Europe/London", Rejects: filepath.Join(t.TempDir(), "rejects.csv"),
		Mapping: importer.Mapping{
			Events: "order", Customer: "CustomerID", Time: "InvoiceDate", EventID: "InvoiceNo",
			Props:          []string{"amount=Quantity*UnitPrice:money", "product=StockCode", "description=Description"},
			CustomerTraits: []string{"country=Country"},
		},
	})
	must(t, err)
	return ws
}

// The figures are the published ones of the data set, or were computed from
// the file without this program.
func TestOnlineRetail(t *testing.T) {
	ws := retail(t)
	en := tools.Caller{Language: "en"}
	for formula, want := range map[string]int{
		"everyone":          4372,
		"count(order) >= 5": 1115,
		"count(order) = 1":  1494,
		`country = "Germany" and count(order, last 90d) >= 3`:              22,
		"count(order) >= 1 and count(order, last 90d) = 0":                 1449,
		"sum(order.amount, last 1y) > 1000 and count(order, last 60d) = 0": 383,
		"count(order) = 0": 33,
	} {
		r := run(t, ws, en, "count_segment", tools.CountSegmentArgs{Formula: formula})
		if r.Values["size"] != want || r.Values["base"] != 4372 {
			t.Errorf("%s: %v, want %d", formula, r.Values, want)
		}
	}
	for _, c := range []struct {
		args         tools.MeasureArgs
		values, rows string
	}{
		{
			tools.MeasureArgs{Measures: []string{"revenue"}, GroupBy: []string{"country"}, Top: 3},
			"map[revenue:8300065.81]",
			"[[United Kingdom 6767873.39] [Netherlands 284661.54] [EIRE 250285.22]]",
		},
		{tools.MeasureArgs{Measures: []string{"aov"}, Window: "2011-11"}, "map[aov:437.10]", "[]"},
		{tools.MeasureArgs{Measures: []string{"gross_revenue", "orders", "buyers"}}, "map[buyers:4339 gross_revenue:8911407.90 orders:18536]", "[]"},
	} {
		r := run(t, ws, en, "measure", c.args)
		if fmt.Sprint(r.Values) != c.values || fmt.Sprint(r.Rows) != c.rows {
			t.Errorf("%+v: %v %v", c.args, r.Values, r.Rows)
		}
	}
	months := run(t, ws, en, "measure", tools.MeasureArgs{Measures: []string{"orders"}, Per: "month"}).Rows
	if len(months) != 13 || fmt.Sprint(months[0], months[11]) != "[2010-12 1400] [2011-11 2658]" {
		t.Errorf("orders per month: %v", months)
	}
	d := run(t, ws, en, "describe_data", nil)
	if d.Values["customers"] != 4372 || d.Values["rows"] != 397924+8905 || d.Values["from"] != "2010-12-01" || d.Values["to"] != "2011-12-09" {
		t.Errorf("%v", d.Values)
	}
	f := run(t, ws, en, "find_values", tools.FindValuesArgs{Text: "germny"})
	if !strings.HasPrefix(fmt.Sprint(f.Rows), "[[country Germany 95 fuzzy 1 value]") {
		t.Errorf("%v", f.Rows)
	}
	f = run(t, ws, en, "find_values", tools.FindValuesArgs{Text: "white hangng heart", Limit: 3})
	if len(f.Rows) == 0 || f.Rows[0][1] != "WHITE HANGING HEART T-LIGHT HOLDER" {
		t.Errorf("%v", f.Rows)
	}
}
