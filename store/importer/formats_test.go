package importer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"tesela/store/importer"
)

// line is a row as Parquet files type it: times, dates, exact decimals, lists.
type line struct {
	Customer string    `parquet:"customer"`
	When     time.Time `parquet:"when,timestamp(microsecond)"`
	Total    int64     `parquet:"total,decimal(2:18)"`
	Price    int32     `parquet:"price,decimal(3:9)"`
	Size     *float64  `parquet:"size"`
	Count    int32     `parquet:"count"`
	Gift     *bool     `parquet:"is_gift"`
	Due      int32     `parquet:"due,date"`
	Tags     []string  `parquet:"tags,list"`
	Place    place     `parquet:"place"`
	Note     *string   `parquet:"note"`
	Zip      string    `parquet:"zip,dict"`
}

type place struct {
	City    string  `parquet:"city"`
	Country *string `parquet:"country"`
}

func to[T any](v T) *T { return &v }

func someLines() []line {
	at := time.Date(2024, 3, 1, 10, 30, 0, 0, time.UTC)
	var out []line
	for i := range 700 {
		l := line{
			Customer: fmt.Sprintf("c%d", i*7%50), When: at.Add(time.Duration(i) * 37 * time.Minute), Total: int64(i*1237%100000) - 50, Price: int32(i * 13),
			Count: int32(i % 9), Due: int32(19783 + i%40), Place: place{City: []string{"São Paulo", "Ávila", "New York"}[i%3]}, Zip: fmt.Sprintf("%05d", i%77),
		}
		if i%4 != 0 {
			l.Size = to(float64(i) / 8)
			l.Gift = to(i%3 == 0)
			l.Tags = [][]string{{"vip"}, {"new", "loyal"}, nil}[i%3]
		}
		if i%5 != 0 {
			l.Note = to([]string{"a, b", `said "hi"`, "two\nlines", "tab\there"}[i%4])
			l.Place.Country = to([]string{"BR", "ES", "US"}[i%3])
		}
		out = append(out, l)
	}
	return out
}

func cents(v int64, digits int) string {
	s := fmt.Sprintf("%0*d", digits+1, max(v, -v))
	s = s[:len(s)-digits] + "." + s[len(s)-digits:]
	if v < 0 {
		s = "-" + s
	}
	return s
}

func asCSV(lines []line) string {
	var b strings.Builder
	b.WriteString("customer,when,total,price,size,count,is_gift,due,tags,place.city,place.country,note,zip\n")
	for _, l := range lines {
		quote := func(s *string) string {
			if s == nil {
				return ""
			}
			return `"` + strings.ReplaceAll(*s, `"`, `""`) + `"`
		}
		size, gift := "", ""
		if l.Size != nil {
			size, gift = fmt.Sprint(*l.Size), fmt.Sprint(*l.Gift)
		}
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%d,%s,%s,%s,%s,%s,%s,%s\n", l.Customer, l.When.Format(time.RFC3339), cents(l.Total, 2), cents(int64(l.Price), 3), size, l.Count, gift,
			time.Unix(int64(l.Due)*86400, 0).UTC().Format(time.DateOnly), strings.Join(l.Tags, ";"), l.Place.City, quote(l.Place.Country), quote(l.Note), l.Zip)
	}
	return b.String()
}

// asJSON writes the rows with their fields in another order here and there,
// and null or nothing where a value is missing.
func asJSON(lines []line, between string) string {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteString(between)
		}
		parts := []string{
			fmt.Sprintf(`"customer": %q`, l.Customer), fmt.Sprintf(`"when":%q`, l.When.Format(time.RFC3339)), `"total": ` + cents(l.Total, 2), `"price":` + cents(int64(l.Price), 3),
			fmt.Sprintf(`"count" : %d`, l.Count), fmt.Sprintf(`"due": %q`, time.Unix(int64(l.Due)*86400, 0).UTC().Format(time.DateOnly)), fmt.Sprintf(`"zip": %q`, l.Zip),
		}
		if l.Size != nil {
			parts = append(parts, fmt.Sprintf(`"size": %v, "is_gift": %v`, *l.Size, *l.Gift))
		} else if i%8 == 0 {
			parts = append(parts, `"size": null, "is_gift": null, "tags": []`)
		}
		if l.Tags != nil {
			parts = append(parts, fmt.Sprintf(`"tags": ["%s"]`, strings.Join(l.Tags, `", "`)))
		}
		country := ""
		if l.Place.Country != nil {
			country = fmt.Sprintf(`, "country": %q`, *l.Place.Country)
		}
		parts = append(parts, fmt.Sprintf(`"place": {"city": %+q%s}`, l.Place.City, country))
		if l.Note != nil {
			parts = append(parts, fmt.Sprintf(`"note": %q`, *l.Note))
		}
		if i%2 == 1 {
			parts[0], parts[len(parts)-1] = parts[len(parts)-1], parts[0]
		}
		b.WriteString("{" + strings.Join(parts, ", ") + "}")
	}
	return b.String()
}

func asParquet(t *testing.T, lines []line, options ...parquet.WriterOption) string {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[line](&b, options...)
	for len(lines) > 0 {
		n := min(300, len(lines))
		if _, err := w.Write(lines[:n]); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil { // a row group each
			t.Fatal(err)
		}
		lines = lines[n:]
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var lineMapping = importer.Mapping{Events: "order", Customer: "customer", Time: "when", Props: []string{"amount=total:money"}, CustomerTraits: []string{"city=place.city"}}

// The same rows in any kind of file make the same workspace.
func TestTheSameRowsInEveryKindOfFile(t *testing.T) {
	lines := someLines()
	csv, jsonl := asCSV(lines), asJSON(lines, "\n")
	pq := asParquet(t, lines)
	files := map[string]string{
		"csv": csv, "csv.gz": gzipped(csv), "csv.zst": zstandard(csv),
		"jsonl": jsonl, "jsonl with a line end": jsonl + "\n\n", "jsonl.gz": gzipped(jsonl), "jsonl.zst": zstandard(jsonl),
		"jsonl with crlf": asJSON(lines, "\r\n"), "json list": "[" + asJSON(lines, ",\n") + "]\n", "json list laid out": "[\n  " + strings.ReplaceAll(asJSON(lines, ",\n  "), "{", "{\n    ") + "\n]",
		"json laid out": strings.ReplaceAll(asJSON(lines, "\n"), "{", "{\n"),
		"parquet":       pq, "parquet.gz": gzipped(pq), "parquet.zst": zstandard(pq),
		"parquet snappy": asParquet(t, lines, parquet.Compression(&parquet.Snappy)), "parquet zstd": asParquet(t, lines, parquet.Compression(&parquet.Zstd)),
		"parquet v1": asParquet(t, lines, parquet.DataPageVersion(1)),
	}
	print, rows := "", ""
	for _, name := range append([]string{"csv"}, slices.Sorted(maps.Keys(files))...) {
		ws := workspace(t)
		s := load(t, ws, files[name], importer.Options{Mapping: lineMapping, Currency: "EUR", Timezone: "Europe/Madrid"})
		if s.Read != len(lines) || s.Rejected != 0 {
			t.Errorf("%s: %+v", name, s)
			continue
		}
		got, err := ws.Fingerprint(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if print == "" {
			print, rows = got, dump(t, ws)
			for _, want := range []string{"c0 city=", "amount=11.87", "tags=[loyal|new]", "zip=00001", "is_gift=true", "due=2024-03-02", "note=a, b"} {
				if !strings.Contains(rows, want) {
					t.Errorf("no %q in\n%.2000s", want, rows)
				}
			}
		}
		if got != print {
			t.Errorf("%s makes another workspace: %s", name, firstDifference(rows, dump(t, ws)))
		}
		if s := load(t, ws, files[name], importer.Options{Mapping: lineMapping}); s.Imported != 0 || s.AlreadyThere != len(lines) {
			t.Errorf("%s again: %+v", name, s)
		}
		if s := load(t, ws, csv, importer.Options{Mapping: lineMapping}); s.Imported != 0 {
			t.Errorf("the csv after %s: %+v", name, s)
		}
	}
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("%q against %q", x[i], y[i])
		}
	}
	return fmt.Sprintf("%d and %d lines", len(x), len(y))
}

// What the kinds of value become.
func TestJSONValues(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"x", `"a"`, "x=a"},
		{"x", `12.50`, "x=12.5"},
		{"x", `-1.5e3`, "x=-1500"},
		{"price", `12.50`, "price=12.50"},
		{"x", `true`, "x=true"},
		{"x", `null`, ""},
		{"x", `""`, ""},
		{"x", `{}`, ""},
		{"x", `[]`, ""},
		{"x", `[null]`, ""},
		{"x", `["a,b", "c;d", " e "]`, "x=[a,b|c;d|e]"},
		{"x", `[1, 2]`, "x=[1|2]"},
		{"x", `[["a"], ["b"]]`, "x=[a|b]"},
		{"x", `{"y": {"z": "a"}, "w": 1}`, "x_w=1 x_y_z=a"},
		{"x", `[{"sku": "a", "n": 1}, {"sku": "b", "n": 2}]`, "x_n=[1|2] x_sku=[a|b]"},
		{"x", `[{"key": "page", "value": {"string_value": "home"}}, {"key": "n", "value": {"int_value": "7"}}, {"key": "f", "value": 2}]`, "x_f=2 x_n=7 x_page=home"},
		{"x", `[{"key": "page", "value": {"string_value": null, "set_timestamp_micros": "5"}}]`, ""},
		{"x", `[{"key": "a"}, {"key": "b", "other": 1}]`, "x_key=[a|b] x_other=[1]"},
		{"x", `"caf\u00e9 \ud83d\ude00 \"\\\/\n"`, `x=café 😀 "\/`},
		{"x", `"\ud83d \u0000"`, "x=\ufffd \ufffd"},
		{"created_at", `1577836800`, "created_at=2020-01-01T00:00:00Z"},
		{"created_at", `"2020-01-01T00:00:00+02:00"`, "created_at=2019-12-31T22:00:00Z"},
	} {
		ws := workspace(t)
		load(t, ws, fmt.Sprintf(`{"id": "A", "%s": %s}`, c.name, c.value), importer.Options{Mapping: importer.Mapping{Customers: true, ID: "id"}})
		if got := dump(t, ws); got != strings.TrimSpace("A "+c.want) {
			t.Errorf("%s: got %q, want %q", c.value, got, c.want)
		}
	}
}

// Bad lines are set aside with their place and reason; the others come in.
func TestBadLinesOfJSON(t *testing.T) {
	ws := workspace(t)
	text := `{"customer": "a", "when": "2020-01-01", "total": 5}
{"customer": "b", "when": "2020-01-01", "total": 5
{"customer": "c", "when": "2020-01-01", "total": 1} x

["d"]
"e"
{"customer": "f", "when": "2020-01-01", "total": ` + strings.Repeat("[", 5000) + `
{"customer": "g", "when": "2020-01-01", "total": {"a": ` + strings.Repeat(`{"b":`, 100) + `1` + strings.Repeat("}", 102) + `
{"customer": "h", "when": "2020-01-01", "total": "five"}
{"customer": "i", "when": "2020-01-01", "total": 01}
{"customer": "j", "when": "2020-01-01", "total": tru}
{'customer': "k"}
` + strings.Repeat(`{"customer": "z", "when": "2020-01-02", "total": 7}`+"\n", 12)
	s := load(t, ws, text, importer.Options{Mapping: orders, Rejects: filepath.Join(t.TempDir(), "out.csv")})
	want := map[string]int{"not valid JSON": 5, "not a JSON object": 2, "nested too deeply": 2, "unreadable amount (money)": 1}
	for reason, n := range want {
		if s.Reasons[reason] != n {
			t.Errorf("%s: %d, want %d", reason, s.Reasons[reason], n)
		}
	}
	if s.Imported != 13 || s.Rejected != 10 {
		t.Errorf("%+v", s)
	}
	got, _ := os.ReadFile(s.RejectsFile)
	for _, want := range []string{"2,not valid JSON,\"{\"\"customer\"\": \"\"b\"\"", "\n5,not a JSON object,\"[\"\"d\"\"]\"", "9,unreadable amount (money),h,2020-01-01,five"} {
		if !strings.Contains(string(got), want) {
			t.Errorf("no %q in\n%.1500s", want, got)
		}
	}
}

// A field that comes late is there at the end as if it had been known.
func TestLateFieldsOfJSON(t *testing.T) {
	text := strings.Repeat(`{"customer": "a", "when": "2020-01-01", "total": 5}`+"\n", 12000) + `{"customer": "b", "when": "2020-01-02", "total": 5, "late": {"size": 7}}` + "\n"
	ws := workspace(t)
	s := load(t, ws, text, importer.Options{Mapping: orders})
	if s.Imported != 12001 || !strings.Contains(dump(t, ws), "order b 2020-01-02T00:00:00Z amount=5.00 late_size=7") {
		t.Errorf("%+v", s)
	}
	ws = workspace(t)
	load(t, ws, text, importer.Options{Mapping: orders, OnlyNamed: true})
	if got := dump(t, ws); !strings.HasSuffix(got, "order b 2020-01-02T00:00:00Z amount=5.00") {
		t.Errorf("%.200s", got[len(got)-100:])
	}
}

func TestFaultsOfJSONAndParquet(t *testing.T) {
	pq := asParquet(t, someLines())
	ids := new(strings.Builder)
	for i := range 3000 {
		fmt.Fprintf(ids, "{\"customer\": \"a\", \"when\": \"2020-01-01\", \"items\": {\"sku%d\": 1}}\n", i)
	}
	damaged := []byte(pq)
	for i := 200; i < 4000; i++ {
		damaged[i] ^= 0x5a
	}
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"cut parquet", pq[:len(pq)/2], []string{"Parquet", "cut short"}},
		{"damaged parquet", string(damaged), []string{"damaged", "again"}},
		{"damaged footer", pq[:len(pq)-200] + strings.Repeat("x", 150) + pq[len(pq)-50:], []string{"damaged", "again"}},
		{"cut parquet.gz", gzipped(pq)[:len(pq)/9], []string{"cut short"}},
		{"parquet in name only", "PAR1", []string{"Parquet", "cut short"}},
		{"cut json list", "[" + asJSON(someLines(), ",")[:3000], []string{"line 1", "cut short"}},
		{"fault in a json list", `[{"customer": "a"}, {"customer": tru}]`, []string{"line 1", "not valid JSON"}},
		{"json list of lists", `[["customer", "when"], ["a", "2020-01-01"]]`, []string{"list without objects"}},
		{"answer of a program", `{"page": {"next": 1}, "results": [{"customer": "a", "when": "2020-01-01", "total": 5}]}`, []string{`part "results"`, "jq"}},
		{"laid-out answer of a program", "{\n  \"results\": [\n    {\"customer\": \"a\", \"when\": \"2020-01-01\", \"total\": 5}\n  ]\n}\n", []string{`part "results"`, "jq"}},
		{"no object", "{}\n{}\n", []string{"none of its lines"}},
		{"ids as names", ids.String(), []string{"over 2000", "ids"}},
		{"long line", `{"customer": "` + strings.Repeat("x", 20<<20) + `"}`, []string{"line 1", "16 MB"}},
		{"long object", "[\n{\"customer\": \"" + strings.Repeat("x", 20<<20) + "\"}]", []string{"line 2", "16 MB"}},
		{"most lines bad", "{\"customer\": \"a\", \"when\": \"2020-01-01\", \"total\": 5}\n{x\n{y\n{\n", []string{"3 of 4 rows", "not valid JSON", "line 2"}},
	} {
		ws := workspace(t)
		_, err := importer.Run(context.Background(), ws, importer.Options{File: file(t, "data", c.text), Mapping: orders})
		if err == nil || errors.Is(err, importer.ErrUsage) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: no %q in %q", c.name, want, err)
			}
		}
		if got := dump(t, ws); got != "" {
			t.Errorf("%s: kept %.200s", c.name, got)
		}
	}
}

// A file damaged or cut anywhere neither panics nor is half in: either it is
// refused or its rows are all sound.
func TestParquetDamagedAnywhere(t *testing.T) {
	pq := asParquet(t, someLines()[:60])
	for at := 0; at < len(pq); at += 1 + len(pq)/40 {
		for _, text := range []string{pq[:at], pq[:at] + "\xff\xff" + pq[min(at+2, len(pq)):]} {
			ws := workspace(t)
			_, err := importer.Run(context.Background(), ws, importer.Options{File: file(t, "data.parquet", text), Mapping: lineMapping})
			if got := dump(t, ws); err != nil && got != "" {
				t.Errorf("byte %d: %v, but rows were kept", at, err)
			}
		}
	}
}

// The files that services write as JSON Lines, by their presets and without
// being told.
func TestPresetsOfJSON(t *testing.T) {
	for _, c := range []struct{ preset, text, want string }{
		{
			"segment-events", `{"messageId":"m1","type":"track","event":"Order Completed","userId":"u1","anonymousId":"x","timestamp":"2024-01-05T10:00:00.250Z","properties":{"order_id":"o1","revenue":12.5,"products":[{"sku":"a"},{"sku":"b"}]},"context":{"campaign":{"name":"spring"}}}
{"messageId":"m2","type":"page","userId":"u1","anonymousId":"x","timestamp":"2024-01-05T09:00:00Z","context":{}}
{"messageId":"m3","type":"identify","userId":"u1","anonymousId":"x","timestamp":"2024-01-05T08:00:00Z","traits":{"email":"u@x.org"}}
`, `u1 email=u@x.org
identify u1 2024-01-05T08:00:00Z anonymous_id=x message_id=m3
order_completed u1 2024-01-05T10:00:00.25Z amount=12.50 anonymous_id=x campaign=spring message_id=m1 properties_products_sku=[a|b]
page u1 2024-01-05T09:00:00Z anonymous_id=x message_id=m2`,
		},
		{
			"klaviyo-events", `{"object":"event","event_name":"Placed Order","timestamp":1704448800,"event_properties":{"$event_id":"k1","$value":20.5,"Items":["Mug","Plate"]},"person":{"id":"p1","$email":"p@x.org"}}` + "\n",
			"p1 email=p@x.org\nplaced_order p1 2024-01-05T10:00:00Z amount=20.50 event_properties_items=[Mug|Plate] object=event",
		},
		{
			"ga4-events", `{"event_date":"20240105","event_timestamp":"1704448800000000","event_name":"purchase","event_params":[{"key":"page","value":{"string_value":"/x"}},{"key":"n","value":{"int_value":"3"}}],"user_id":"U1","user_pseudo_id":"g1","geo":{"country":"Spain"},"ecommerce":{"purchase_revenue":9.5,"transaction_id":"T1"}}
{"event_timestamp":"1704448801000000","event_name":"page_view","user_pseudo_id":"g2"}
{"event_timestamp":"1704448802000000","event_name":"page_view","user_pseudo_id":"g2"}
`, `g1 country=Spain
g2
page_view g2 2024-01-05T10:00:01Z
page_view g2 2024-01-05T10:00:02Z
purchase g1 2024-01-05T10:00:00Z amount=9.50 event_date=2024-01-05 event_params_n=3 event_params_page=/x user_id=U1`,
		},
	} {
		ws := workspace(t)
		load(t, ws, c.text, importer.Options{Preset: c.preset})
		if got := dump(t, ws); got != c.want {
			t.Errorf("%s:\n%s\nwanted\n%s", c.preset, got, c.want)
		}
		_, err := importer.Run(context.Background(), workspace(t), importer.Options{File: file(t, "x.jsonl", c.text)})
		var asks *importer.ErrNeedsYes
		if c.preset != "klaviyo-events" && (!errors.As(err, &asks) || !strings.HasSuffix(asks.Command, " --preset "+c.preset)) {
			t.Errorf("%s is not known by itself: %v", c.preset, err)
		}
	}
}

// A column that names one currency is believed; several are warned of.
func TestCurrencyColumn(t *testing.T) {
	ws := workspace(t)
	load(t, ws, "customer,when,total,Currency\na,2020-01-01,5,JPY\nb,2020-01-01,7,jpy\n", importer.Options{Mapping: orders})
	if got := dump(t, ws); !strings.Contains(got, "order a 2020-01-01T00:00:00Z amount=5 ") {
		t.Errorf("%s", got)
	}
	s := load(t, workspace(t), "customer,when,total,Currency\na,2020-01-01,5,JPY\nb,2020-01-01,7,EUR\n", importer.Options{Mapping: orders})
	if notes := strings.Join(s.Notes, "\n"); !strings.Contains(notes, "several currencies (EUR, JPY)") {
		t.Errorf("%q", notes)
	}
}
