package importer_test

import (
	"strings"
	"testing"

	"tesela/store/importer"
)

// Files as spreadsheets and shops leave them.
func TestRealExports(t *testing.T) {
	for _, c := range []struct{ name, text, want, note string }{
		{
			"a report with a title, US dates and a row of totals", "Sales report 2024\r\nFrom 1/1/2024, to 2/1/2024\r\n\r\nOrder,Date,Customer,Amount\r\n1,1/5/2024 3:04 PM,C1,\"$1,234.50\"\r\n2,1/15/2024 3:04 PM,C2,($12.00)\r\n3,1/25/2024 12:04 AM,C1,-\r\nTotal,,,\"$1,222.50\"\r\n",
			"C1\nC2\norder C1 2024-01-05T15:04:00Z amount=1234.50\norder C1 2024-01-25T00:04:00Z\nrefund C2 2024-01-15T15:04:00Z amount=12.00", "line 4",
		},
		{
			"a title padded with separators", "Ventas 2024;;;\n;;;\nPedido;Fecha;Cliente;Importe\n1;31.12.2023;C1;1.234,50 €\n2;01.01.2024;C2;12,00 €\n;;;\nTOTAL;;;1.246,50 €\n",
			"C1\nC2\norder C1 2023-12-31T00:00:00Z amount=1234.50\norder C2 2024-01-01T00:00:00Z amount=12.00", "line 3",
		},
		{
			"Excel's days", "Order,Date,Customer,Amount\n1,45292,C1,5\n2,45293.5,C2,6\n3,45294.7083333333,C1,7\n",
			"C1\nC2\norder C1 2024-01-01T00:00:00Z amount=5.00\norder C1 2024-01-03T17:00:00Z amount=7.00\norder C2 2024-01-02T12:00:00Z amount=6.00", "count of days",
		},
		{
			"orders of a web shop, one a customer", `{"order_id": 1, "created_at": "2024-01-05T10:00:00Z", "customer": {"id": 7, "email": "a@x.org"}, "total_price": "12.50", "tags": ["vip"]}
{"order_id": 2, "created_at": "2024-01-06T10:00:00Z", "customer": {"id": 8, "email": "b@x.org"}, "total_price": "3.00", "tags": []}
`,
			"7 email=a@x.org\n8 email=b@x.org\norder 7 2024-01-05T10:00:00Z amount=12.50 tags=[vip]\norder 8 2024-01-06T10:00:00Z amount=3.00", "guessed",
		},
	} {
		ws := workspace(t)
		s := load(t, ws, c.text, importer.Options{Yes: true})
		if got := dump(t, ws); got != c.want {
			t.Errorf("%s:\n%s\nwanted\n%s\n%q", c.name, got, c.want, s.Notes)
		}
		if !strings.Contains(strings.Join(s.Notes, "\n"), c.note) {
			t.Errorf("%s: no %q in %q", c.name, c.note, s.Notes)
		}
	}
}

// The header is the first line wherever it may be one.
func TestNoTitleWhereThereIsNone(t *testing.T) {
	for _, text := range []string{
		"id\nA\nB\n",
		"id,x,y,z\nA,,,\nB,,,\n",
		"\nid,name\nA,Ana\nB,Bo\n",
		"id;note\nA;\"x\ny;z\"\n",
	} {
		ws := workspace(t)
		s := load(t, ws, text, importer.Options{Mapping: importer.Mapping{Customers: true, ID: "id"}})
		if !strings.HasPrefix(dump(t, ws), "A") || strings.Contains(strings.Join(s.Notes, "\n"), "title") {
			t.Errorf("%q: %q, %s", text, s.Notes, dump(t, ws))
		}
	}
}
