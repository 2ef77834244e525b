package importer_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/store"
	"tesela/store/importer"
	"tesela/store/sqlite"
)

func workspace(t *testing.T) store.Workspace {
	t.Helper()
	ws, err := sqlite.Create(context.Background(), filepath.Join(t.TempDir(), "t.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	return ws
}

// file writes a file and gives its path.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// load imports text, which must succeed.
func load(t *testing.T, ws store.Workspace, text string, o importer.Options) *importer.Summary {
	t.Helper()
	o.File, o.Workspace = file(t, "data.csv", text), filepath.Join(t.TempDir(), "t.db")
	s, err := importer.Run(context.Background(), ws, o)
	if err != nil {
		t.Fatalf("import: %v", err)
	}
	if s.Read != s.Imported+s.Rejected+s.AlreadyThere || s.Duplicates != s.Identical+s.AlreadyThere {
		t.Errorf("the summary does not add up: %+v", s)
	}
	return s
}

// orders maps the columns customer, when, total.
var orders = importer.Mapping{Events: "order", Customer: "customer", Time: "when", Props: []string{"amount=total:money"}}

// dump prints all the workspace holds, a line a row or customer, as
// "order c1 2020-01-01T00:00:00Z amount=5.00" and "c1 country=Spain".
func dump(t *testing.T, ws store.Workspace) string {
	t.Helper()
	ctx := context.Background()
	src, err := ws.Source(ctx)
	if err != nil {
		t.Fatal(err)
	}
	schema := src.Schema()
	need := segment.Need{Events: map[string][]string{}}
	for _, tr := range schema.Traits {
		need.Traits = append(need.Traits, tr.Name)
	}
	for _, e := range schema.Events {
		need.Events[e.Name] = []string{}
		for _, p := range e.Props {
			need.Events[e.Name] = append(need.Events[e.Name], p.Name)
		}
	}
	w, err := src.Load(ctx, need)
	if err != nil {
		t.Fatal(err)
	}
	ids, err := src.CustomerIDs(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for c := range schema.Customers {
		line := ids.Word(uint32(c + 1))
		for _, name := range need.Traits {
			if v := cell(schema, w.Traits[name], c); v != "" {
				line += " " + name + "=" + v
			}
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	for _, e := range schema.Events {
		table := w.Tables[e.Name]
		var rows []string
		for i, who := range table.Who {
			for r := table.Starts[i]; r < table.Starts[i+1]; r++ {
				line := fmt.Sprintf("%s %s %s", e.Name, ids.Word(who+1), time.UnixMicro(table.Time(int(r))).UTC().Format(time.RFC3339Nano))
				for _, p := range need.Events[e.Name] {
					if v := cell(schema, table.Props[p], int(r)); v != "" {
						line += " " + p + "=" + v
					}
				}
				rows = append(rows, line)
			}
		}
		slices.Sort(rows)
		lines = append(lines, rows...)
	}
	return strings.Join(lines, "\n")
}

func cell(s *segment.Schema, c *column.Column, i int) string {
	if !c.IsSet(i) {
		return ""
	}
	switch c.Kind {
	case column.Text:
		return c.Dict.Word(c.Code(i))
	case column.Number:
		return strconv.FormatFloat(c.Float(i), 'f', -1, 64)
	case column.Money:
		return segment.MoneyString(c.Int(i), s.Digits)
	case column.Bool:
		return strconv.FormatBool(c.Int(i) == 1)
	case column.Time:
		return time.UnixMicro(c.Int(i)).UTC().Format(time.RFC3339)
	case column.Date:
		return time.Unix(c.Int(i)*86400, 0).UTC().Format(time.DateOnly)
	}
	var tags []string
	for _, code := range c.TagsAt(i) {
		tags = append(tags, c.Dict.Word(code))
	}
	slices.Sort(tags)
	return "[" + strings.Join(tags, "|") + "]"
}

func expect(t *testing.T, ws store.Workspace, want string) {
	t.Helper()
	if got := dump(t, ws); got != strings.TrimSpace(want) {
		t.Errorf("the workspace holds\n%s\nwanted\n%s", got, strings.TrimSpace(want))
	}
}

func TestEventsComeIn(t *testing.T) {
	ws := workspace(t)
	s := load(t, ws, `customer,when,total,Order Total,Item Name
a,2020-01-01 10:00:00,"1,234.50",x,Té
b,2020-01-02,7,y,
a,2020-01-03 10:00:00,,z,Café
`, importer.Options{Mapping: orders, Currency: "EUR", Timezone: "Europe/Madrid"})
	if s.Imported != 3 || s.Customers != 2 || s.Events["order"] != 3 || s.RejectsFile != "" {
		t.Errorf("%+v", s)
	}
	expect(t, ws, `
a
b
order a 2020-01-01T09:00:00Z amount=1234.50 item_name=Té order_total=x
order a 2020-01-03T09:00:00Z item_name=Café order_total=z
order b 2020-01-01T23:00:00Z amount=7.00 order_total=y`)
	if s.Roles["purchase"] != "order" || s.Roles["amount"] != "order.amount" || s.Roles["product"] != "order.item_name" {
		t.Errorf("roles: %v", s.Roles)
	}
}

func TestProductsOfColumns(t *testing.T) {
	for currency, want := range map[string]string{"GBP": "amount=10.07", "JPY": "amount=10", "KWD": "amount=10.065"} {
		ws := workspace(t)
		load(t, ws, "customer,when,Quantity,UnitPrice\na,2020-01-01,3,3.355\na,2020-01-02,,3\n", importer.Options{
			Mapping:  importer.Mapping{Events: "order", Customer: "customer", Time: "when", Props: []string{"amount=Quantity*UnitPrice:money"}},
			Currency: currency, Drop: []string{"UnitPrice"},
		})
		expect(t, ws, "a\norder a 2020-01-01T00:00:00Z "+want+" quantity=3\norder a 2020-01-02T00:00:00Z")
	}
}

// A purchase row with a negative amount or quantity is a refund, with positive
// figures, whether the mapping names the event or a column does.
func TestNegativePurchasesAreRefunds(t *testing.T) {
	ws := workspace(t)
	s := load(t, ws, `customer,when,total,qty,note
a,2020-01-01,10,1,x
a,2020-01-02,-10,-1,x
a,2020-01-03,-3,1,x
a,2020-01-04,0,-2,x
a,2020-01-05,0,0,x
`, importer.Options{Mapping: orders})
	expect(t, ws, `
a
order a 2020-01-01T00:00:00Z amount=10.00 note=x qty=1
order a 2020-01-05T00:00:00Z amount=0.00 note=x qty=0
refund a 2020-01-02T00:00:00Z amount=10.00 note=x qty=1
refund a 2020-01-03T00:00:00Z amount=3.00 note=x qty=1
refund a 2020-01-04T00:00:00Z amount=0.00 note=x qty=2`)
	if s.Events["order"] != 2 || s.Events["refund"] != 3 || s.Roles["refund"] != "refund" {
		t.Errorf("%+v", s)
	}

	ws = workspace(t)
	load(t, ws, "customer,when,event,total\na,2020-01-01,Purchase,5\na,2020-01-02,Purchase,-5\na,2020-01-03,Adjust Score,-5\n", importer.Options{
		Mapping: importer.Mapping{EventColumn: "event", Customer: "customer", Time: "when"},
	})
	expect(t, ws, `
a
adjust_score a 2020-01-03T00:00:00Z total=-5.00
purchase a 2020-01-01T00:00:00Z total=5.00
refund a 2020-01-02T00:00:00Z total=5.00`)
}

// An event of another business keeps its negatives: only the purchase event
// has refunds.
func TestOtherEventsKeepTheirNegatives(t *testing.T) {
	ws := workspace(t)
	load(t, ws, "customer,when,total\na,2020-01-01,10\n", importer.Options{Mapping: orders})
	m := orders
	m.Events = "adjustment"
	load(t, ws, "customer,when,total\na,2020-01-02,-4\n", importer.Options{Mapping: m})
	expect(t, ws, "a\nadjustment a 2020-01-02T00:00:00Z amount=-4.00\norder a 2020-01-01T00:00:00Z amount=10.00")
}

// Who was assigned to which arm of a trial, at what cost; on other events such
// names play no role.
func TestTrialRoles(t *testing.T) {
	s := load(t, workspace(t), "customer,when,event,campaign,arm,cost\na,2020-01-01,assignment,Spring,mail,0.50\nb,2020-01-01,assignment,Spring,control,\n",
		importer.Options{Mapping: importer.Mapping{EventColumn: "event", Customer: "customer", Time: "when"}})
	for role, want := range map[string]string{"trial": "assignment", "arm": "assignment.arm", "cost": "assignment.cost"} {
		if s.Roles[role] != want {
			t.Errorf("role %s: %q, want %q", role, s.Roles[role], want)
		}
	}
	s = load(t, workspace(t), "customer,when,event,group,cost\na,2020-01-01,trial,gold,5\n",
		importer.Options{Mapping: importer.Mapping{EventColumn: "event", Customer: "customer", Time: "when"}})
	for _, role := range []string{"trial", "arm", "cost"} {
		if s.Roles[role] != "" {
			t.Errorf("a trial of something for sale plays %s: %q", role, s.Roles[role])
		}
	}
}

func TestEventColumn(t *testing.T) {
	ws := workspace(t)
	s := load(t, ws, "timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,view,355908,\n1433224214164,992329,addtocart,248676,\n1433221999827,111016,transaction,318965,4000\n",
		importer.Options{Mapping: importer.Mapping{EventColumn: "event", Customer: "visitorid", Time: "timestamp"}})
	expect(t, ws, `
111016
257597
992329
addtocart 992329 2015-06-02T05:50:14.164Z itemid=248676
transaction 111016 2015-06-02T05:13:19.827Z itemid=318965 transactionid=4000
view 257597 2015-06-02T05:02:12.117Z itemid=355908`)
	for role, want := range map[string]string{"purchase": "transaction", "cart": "addtocart", "visit": "view"} {
		if s.Roles[role] != want {
			t.Errorf("role %s: %q, want %q", role, s.Roles[role], want)
		}
	}
	if src, err := ws.Source(context.Background()); err != nil {
		t.Fatal(err)
	} else if e, _ := src.Schema().Event("view"); len(e.Props) != 1 {
		t.Errorf("a view has %v, though it never carries a transaction", e.Props)
	}
}

func TestCustomersComeIn(t *testing.T) {
	ws := workspace(t)
	text := `id,Full Name,Signed up,Born,Opted in,Tags,Balance,Score,Zip
1,Ana Ñ,2020-01-02 10:00:00,1990-05-06,yes,vip;new,$1.50,3.5,01234
2,Bo,2020-02-02 10:00:00,1991-05-06,no,,$2.00,NULL,99999
`
	o := importer.Options{Mapping: importer.Mapping{Customers: true, ID: "id", Traits: []string{"name=Full Name", "signup=Signed up"}}}
	s := load(t, ws, text, o)
	if s.Imported != 2 || s.Customers != 2 || s.Roles["name"] != "name" || s.Roles["signup"] != "signup" {
		t.Errorf("%+v", s)
	}
	want := `
1 balance=1.50 born=1990-05-06 name=Ana Ñ opted_in=true score=3.5 signup=2020-01-02T10:00:00Z tags=[new|vip] zip=01234
2 balance=2.00 born=1991-05-06 name=Bo opted_in=false signup=2020-02-02T10:00:00Z zip=99999`
	expect(t, ws, want)
	if s := load(t, ws, text, o); s.AlreadyThere != 2 || s.Imported != 0 || s.Customers != 0 {
		t.Errorf("the same again: %+v", s)
	}
	expect(t, ws, want)
	// Rows for 1 three times: another value, the same again, an empty one.
	s = load(t, ws, "id,Full Name,Signed up\n1,Anna,2020-01-02 10:00\n1,Anna,2020-01-02 10:00\n1,,\n3,Cy,2020-03-03 01:00\n", o)
	if s.Imported != 4 || s.Identical != 2 || s.Customers != 1 {
		t.Errorf("%+v", s)
	}
	if got := dump(t, ws); !strings.Contains(got, "name=Anna ") || strings.Contains(got, "Ana Ñ") {
		t.Errorf("the later row did not win, or an empty field took a value away:\n%s", got)
	}
}

func TestCustomerTraitsFromEvents(t *testing.T) {
	ws := workspace(t)
	m := orders
	m.CustomerTraits = []string{"country=Land"}
	load(t, ws, "customer,when,total,Land\na,2020-01-03,1,Spain\na,2020-01-01,1,France\na,2020-01-04,1,\nb,2020-01-01,1,Italy\nb,2020-01-01,1,Malta\n", importer.Options{Mapping: m})
	expect(t, ws, `
a country=Spain
b country=Malta
order a 2020-01-01T00:00:00Z amount=1.00
order a 2020-01-03T00:00:00Z amount=1.00
order a 2020-01-04T00:00:00Z amount=1.00
order b 2020-01-01T00:00:00Z amount=1.00
order b 2020-01-01T00:00:00Z amount=1.00`)
	src, err := ws.Source(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	dict, err := src.Dict(context.Background(), segment.FieldRef{Name: "country"})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := dict.Code("France"); ok {
		t.Error("a value that nobody has is among the trait's values")
	}
}

func TestIDsOfDataFrames(t *testing.T) {
	m := importer.Mapping{Events: "order", Customer: "customer", Time: "when", EventID: "no"}
	ws := workspace(t)
	load(t, ws, "customer,when,no\n17850.0,2020-01-01,1.0\n007.0,2020-01-02,2.0\n", importer.Options{Mapping: m})
	expect(t, ws, "007\n17850\norder 007 2020-01-02T00:00:00Z\norder 17850 2020-01-01T00:00:00Z")
	// Not whole numbers throughout: they stay as they are.
	ws = workspace(t)
	load(t, ws, "customer,when,no\n17850.0,2020-01-01,1\nA7,2020-01-02,2\n", importer.Options{Mapping: m})
	expect(t, ws, "17850.0\nA7\norder 17850.0 2020-01-01T00:00:00Z\norder A7 2020-01-02T00:00:00Z")
}

// A column that looks one way for longer than the sample and then another:
// every value is there at the end, as if it had been known.
func TestLateValuesOverturnTheGuess(t *testing.T) {
	var text strings.Builder
	text.WriteString("customer,when,total,code,late,size,flag\n")
	const n = 15000
	for i := range n {
		fmt.Fprintf(&text, "%d.0,01/02/2020,5,%d,,1.5,1\n", i, 100+i)
	}
	text.WriteString("last,02/13/2020,5,A1,2020-01-01,big,1\n")
	ws := workspace(t)
	s := load(t, ws, text.String(), importer.Options{Mapping: orders})
	if s.Imported != n+1 || s.Rejected != 0 {
		t.Fatalf("%+v", s)
	}
	got := dump(t, ws)
	for _, want := range []string{
		"order 0.0 2020-01-02T00:00:00Z amount=5.00 code=100 flag=true size=1.5", // month first after all; ids are not all numbers
		"order last 2020-02-13T00:00:00Z amount=5.00 code=A1 flag=true late=2020-01-01 size=big",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestTheSameFileTwiceAddsNothing(t *testing.T) {
	ws := workspace(t)
	text := "customer,when,total\na,2020-01-01,5\na,2020-01-01,5\nb,2020-01-02,-7\n,2020-01-02,7\n"
	s := load(t, ws, text, importer.Options{Mapping: orders})
	if s.Imported != 3 || s.Identical != 1 || s.Duplicates != 1 || s.Rejected != 1 || s.AlreadyThere != 0 {
		t.Errorf("first: %+v", s)
	}
	before := dump(t, ws)
	print1, err := ws.Fingerprint(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	s = load(t, ws, text, importer.Options{Mapping: orders})
	if s.Imported != 0 || s.AlreadyThere != 3 || s.Duplicates != 3 || s.Rejected != 1 || s.Customers != 0 {
		t.Errorf("again: %+v", s)
	}
	if dump(t, ws) != before {
		t.Error("the second import changed the data")
	}
	if print2, _ := ws.Fingerprint(context.Background()); print2 != print1 {
		t.Error("the second import changed the fingerprint")
	}
	// With a third equal line, one is new.
	if s = load(t, ws, text+"a,2020-01-01,5\n", importer.Options{Mapping: orders}); s.Imported != 1 || s.AlreadyThere != 3 {
		t.Errorf("one more: %+v", s)
	}
}

func TestOnlyNamedAndDrop(t *testing.T) {
	text := "customer,when,total,x,y\na,2020-01-01,5,1,2\n"
	ws := workspace(t)
	load(t, ws, text, importer.Options{Mapping: orders, OnlyNamed: true})
	expect(t, ws, "a\norder a 2020-01-01T00:00:00Z amount=5.00")
	ws = workspace(t)
	load(t, ws, text, importer.Options{Mapping: orders, Drop: []string{"x"}})
	expect(t, ws, "a\norder a 2020-01-01T00:00:00Z amount=5.00 y=2")
}

// Rows that cannot be read go to the rejects file with line and reason, and
// the line is that of the file, whatever line ends its fields hold.
func TestRejectedRows(t *testing.T) {
	ws := workspace(t)
	rejects := filepath.Join(t.TempDir(), "out.csv")
	text := "customer,when,total,note\na,2020-01-01,5,\"two\nlines\"\nb,not a time,5,\nc,2020-01-01,five,\n,2020-01-01,5,\nd,2020-01-01\ne,,5,\nf,2020-01-01,5,x\ng,2020-01-01,5,x\nh,2020-01-01,5,x\ni,2020-01-01,5,x\n"
	s := load(t, ws, text, importer.Options{Mapping: orders, Rejects: rejects})
	want := map[string]int{"unreadable time": 1, "unreadable amount (money)": 1, "missing customer": 1, "wrong number of fields": 1, "missing time": 1}
	if s.Rejected != 5 || !maps.Equal(s.Reasons, want) || s.RejectsFile != rejects {
		t.Errorf("%+v", s)
	}
	got, err := os.ReadFile(rejects)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != `line,reason,customer,when,total,note
4,unreadable time,b,not a time,5,
5,unreadable amount (money),c,2020-01-01,five,
6,missing customer,,2020-01-01,5,
7,wrong number of fields,d,2020-01-01
8,missing time,e,,5,
` {
		t.Errorf("%s", got)
	}
}

func TestRejectsFileElsewhereWhereTheFolderIsUnwritable(t *testing.T) {
	ws := workspace(t)
	t.Setenv("TMPDIR", t.TempDir())
	s := load(t, ws, "customer,when,total\na,2020-01-01,5\n,2020-01-01,5\n", importer.Options{Mapping: orders, Rejects: filepath.Join(t.TempDir(), "no", "such", "rejects.csv")})
	if _, err := os.Stat(s.RejectsFile); err != nil {
		t.Error(err)
	}
	if !strings.Contains(strings.Join(s.Notes, "\n"), s.RejectsFile) {
		t.Errorf("the notes do not say where the rows are: %q", s.Notes)
	}
}

func TestDateOrder(t *testing.T) {
	text := "customer,when,total\na,03/04/2020,5\n"
	for _, c := range []struct{ zone, order, want, note string }{
		{"", "", "2020-04-03T00:00:00Z", "day first; --date-order mdy"},
		{"", "mdy", "2020-03-04T00:00:00Z", ""},
		{"America/New_York", "", "2020-03-04T05:00:00Z", "month first; --date-order dmy"},
	} {
		ws := workspace(t)
		s := load(t, ws, text, importer.Options{Mapping: orders, Timezone: c.zone, DateOrder: c.order})
		expect(t, ws, "a\norder a "+c.want+" amount=5.00")
		if notes := strings.Join(s.Notes, "\n"); !strings.Contains(notes, c.note) || c.note == "" && strings.Contains(notes, "first") {
			t.Errorf("%+v: notes %q", c, notes)
		}
	}
}

func TestTextForms(t *testing.T) {
	utf16 := func(s string) string {
		b := []byte{0xff, 0xfe}
		for _, r := range s {
			b = append(b, byte(r), byte(r>>8))
		}
		return string(b)
	}
	text := "customer,when,total\nJosé,2020-01-01,5\nAña,2020-01-02,6\n"
	latin := strings.NewReplacer("é", "\xe9", "ñ", "\xf1").Replace(text)
	late := "customer,when,total\n" + strings.Repeat("a,2020-01-01,5\n", 30000) + "Jos\xe9,2020-01-01,5\n"
	for _, c := range []struct{ name, text, encoding, want, note string }{
		{"utf-8", text, "", "José", ""},
		{"utf-8 with a mark", "\ufeff" + text, "", "José", ""},
		{"utf-16", utf16(text), "", "José", "utf-16"},
		{"latin-1", latin, "", "José", "windows-1252"},
		{"latin-1, said", latin, "latin1", "José", ""},
		{"latin-1, late in the file", late, "", "José", "windows-1252"},
		{"decomposed", strings.ReplaceAll(text, "é", "e\u0301"), "", "José", ""},
		{"semicolons", strings.ReplaceAll(text, ",", ";"), "", "José", ""},
		{"semicolons, said by Excel", "sep=;\r\n" + strings.ReplaceAll(text, ",", ";"), "", "José", ""},
		{"tabs", strings.ReplaceAll(text, ",", "\t"), "", "José", ""},
		{"pipes", strings.ReplaceAll(text, ",", "|"), "", "José", ""},
		{"carriage returns", strings.ReplaceAll(text, "\n", "\r"), "", "José", ""},
		{"crlf", strings.ReplaceAll(text, "\n", "\r\n"), "", "José", ""},
	} {
		ws := workspace(t)
		s := load(t, ws, c.text, importer.Options{Mapping: orders, Encoding: c.encoding})
		if s.Rejected != 0 || !strings.Contains("\n"+dump(t, ws)+"\n", "\n"+c.want+"\n") {
			t.Errorf("%s: %+v\n%.300s", c.name, s, dump(t, ws))
		}
		if notes := strings.Join(s.Notes, "\n"); c.note != "" && !strings.Contains(notes, c.note) {
			t.Errorf("%s: notes %q", c.name, notes)
		}
	}
}

// One broken line in a file that is otherwise UTF-8 does not turn all its
// accents into something else.
func TestBrokenLineInUTF8(t *testing.T) {
	ws := workspace(t)
	s := load(t, ws, "customer,when,total\nJosé,2020-01-01,5\nAna,2020-01-01,5\nÍñ,2020-01-02,5\nx\xff,2020-01-02,5\n", importer.Options{Mapping: orders})
	if s.Rejected != 1 || s.Reasons["not valid text"] != 1 || !strings.Contains(dump(t, ws), "José") {
		t.Errorf("%+v", s)
	}
}

// Zero bytes far into the file spoil their lines, not the encoding.
func TestZeroBytesLateInTheFile(t *testing.T) {
	ws := workspace(t)
	s := load(t, ws, "customer,when,total\n"+strings.Repeat("José,2020-01-01,5\n", 30000)+"x\x00,2020-01-02,5\n", importer.Options{Mapping: orders})
	if s.Rejected != 1 || !strings.HasPrefix(dump(t, ws), "José\n") {
		t.Errorf("%+v", s)
	}
}

// Kinds that the workspace has prevail: what came as text stays text.
func TestSecondFileFollowsTheFirst(t *testing.T) {
	ws := workspace(t)
	load(t, ws, "customer,when,total,size\na,2020-01-01,5,large\n", importer.Options{Mapping: orders})
	load(t, ws, "customer,when,total,size\na,2020-01-02,5,12\n", importer.Options{Mapping: orders})
	expect(t, ws, "a\norder a 2020-01-01T00:00:00Z amount=5.00 size=large\norder a 2020-01-02T00:00:00Z amount=5.00 size=12")
}

func TestCancelledImportLeavesNothing(t *testing.T) {
	ws := workspace(t)
	load(t, ws, "customer,when,total\na,2020-01-01,5\n", importer.Options{Mapping: orders})
	before := dump(t, ws)
	ctx, cancel := context.WithCancel(context.Background())
	path := file(t, "big.csv", "customer,when,total\n"+strings.Repeat("b,2020-01-01,5\n,2020-01-01,5\nb,2020-01-01,5\n", 100000))
	var cancelled time.Time
	_, err := importer.Run(ctx, ws, importer.Options{File: path, Mapping: orders, Progress: func(done, total int64) {
		if 2*done > total && cancelled.IsZero() {
			cancelled = time.Now()
			cancel()
		}
	}})
	if took := time.Since(cancelled); err == nil || ctx.Err() == nil || took > time.Second {
		t.Errorf("err %v after %s", err, took)
	}
	if dump(t, ws) != before {
		t.Error("something of it was kept")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*rejects*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// An older file that comes later does not undo a newer one's traits.
func TestOlderFileLater(t *testing.T) {
	ws := workspace(t)
	m := orders
	m.CustomerTraits = []string{"country=Land"}
	load(t, ws, "customer,when,total,Land\na,2020-02-01,1,Spain\n", importer.Options{Mapping: m})
	load(t, ws, "customer,when,total,Land\na,2020-01-01,1,France\nb,2020-01-01,1,Italy\n", importer.Options{Mapping: m})
	if got := dump(t, ws); !strings.HasPrefix(got, "a country=Spain\nb country=Italy\n") {
		t.Errorf("%s", got)
	}
	load(t, ws, "customer,when,total,Land\na,2020-03-01,1,Peru\n", importer.Options{Mapping: m})
	if got := dump(t, ws); !strings.HasPrefix(got, "a country=Peru\n") {
		t.Errorf("%s", got)
	}
}

// Who names an amount means money: a row whose amount is none is rejected,
// rather than the column turned into text.
func TestNamedAmountIsMoney(t *testing.T) {
	ws := workspace(t)
	m := orders
	m.Props = []string{"amount=total"}
	s := load(t, ws, "customer,when,total\na,2020-01-01,5\na,2020-01-02,five\na,2020-01-03,6\n", importer.Options{Mapping: m})
	if s.Reasons["unreadable amount (money)"] != 1 {
		t.Errorf("%+v", s)
	}
	expect(t, ws, "a\norder a 2020-01-01T00:00:00Z amount=5.00\norder a 2020-01-03T00:00:00Z amount=6.00")
}

// Stand-ins for 'never' would put the end of the data into another age.
func TestTimesOutOfRange(t *testing.T) {
	s := load(t, workspace(t), "customer,when,total\na,2020-01-01,5\na,9999-12-31,6\na,2020-01-02,6\nb,0001-01-01 00:00:00,6\n", importer.Options{Mapping: orders})
	if s.Reasons["time out of range"] != 2 || s.Imported != 2 {
		t.Errorf("%+v", s)
	}
}

func TestTooManyEvents(t *testing.T) {
	var text strings.Builder
	text.WriteString("customer,when,session\n")
	for i := range 5000 {
		fmt.Fprintf(&text, "a,2020-01-01,s%d\n", i)
	}
	_, err := importer.Run(context.Background(), workspace(t), importer.Options{
		File:    file(t, "x.csv", text.String()),
		Mapping: importer.Mapping{EventColumn: "session", Customer: "customer", Time: "when"},
	})
	if err == nil || !strings.Contains(err.Error(), "are they names of events?") {
		t.Error(err)
	}
}

// A zone or currency that comes later also holds for what was there before,
// and the summary says so.
func TestLaterZoneAndCurrencyAreSaid(t *testing.T) {
	ws := workspace(t)
	load(t, ws, "customer,when,total\nc1,2024-01-01 10:00:00,5.00\n", importer.Options{Mapping: orders})
	s := load(t, ws, "customer,when,total\nc1,2024-01-02 10:00:00,7.00\n", importer.Options{Mapping: orders, Currency: "EUR", Timezone: "Asia/Tokyo"})
	notes := strings.Join(s.Notes, "\n")
	for _, want := range []string{"now cut in Asia/Tokyo too, no longer in UTC", "now taken to be in EUR too"} {
		if !strings.Contains(notes, want) {
			t.Errorf("%q is not said in\n%s", want, notes)
		}
	}
	again := load(t, ws, "customer,when,total\nc1,2024-01-03 10:00:00,7.00\n", importer.Options{Mapping: orders, Currency: "EUR", Timezone: "Asia/Tokyo"})
	if notes := strings.Join(again.Notes, "\n"); strings.Contains(notes, "now cut") || strings.Contains(notes, "now taken") {
		t.Errorf("nothing changed, yet it says\n%s", notes)
	}
}
