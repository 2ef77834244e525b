package importer

import "testing"

func TestSnakeNames(t *testing.T) {
	for in, want := range map[string]string{
		"CustomerID": "customer_id", "Order Total": "order_total", "orderID": "order_id", "UTMSource": "utm_source",
		"Fecha de nacimiento": "fecha_de_nacimiento", "Opción": "opcion", "São Paulo": "sao_paulo", "lat/long": "lat_long",
		"already_snake": "already_snake", "  spaced  out ": "spaced_out", "address2": "address2", "2fa": "_2fa", "%": "",
		"InvoiceNo": "invoice_no", "ABC": "abc", "Price (EUR)": "price_eur", "iOSVersion": "i_os_version", "客户": "客户",
	} {
		if got := snake(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestOwnNamesAreNumberedWhereTheyAgree(t *testing.T) {
	header := []string{"Order Total", "order_total", "ORDER-TOTAL", "", "Amount"}
	taken := map[string]bool{"amount": true}
	var got []string
	for i := range header {
		got = append(got, ownName(header, i, taken))
	}
	for i, want := range []string{"order_total", "order_total_2", "order_total_3", "column_4", "amount_2"} {
		if got[i] != want {
			t.Errorf("%q: %q, want %q", header[i], got[i], want)
		}
	}
}

// The data files say what they must.
func TestEmbeddedData(t *testing.T) {
	if _, err := readLexicon(); err != nil {
		t.Fatal(err)
	}
	all, err := readPresets()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"online-retail", "shopify-orders", "stripe-charges", "segment-events", "mailchimp-audience", "klaviyo-events", "ga4-events"} {
		if _, ok := all[name]; !ok {
			t.Errorf("no preset %s", name)
		}
	}
	for part, names := range words().Columns {
		for _, n := range names {
			if n != squash(snake(n)) {
				t.Errorf("columns %s: %q can never match", part, n)
			}
		}
	}
	for role, names := range words().Events {
		for _, n := range names {
			if n != squash(snake(n)) {
				t.Errorf("events %s: %q can never match", role, n)
			}
		}
	}
	for _, w := range append(words().Missing, words().MissingText...) {
		if len(w) > longestMissing {
			t.Errorf("missing: %q is too long to be looked up", w)
		}
	}
	for _, w := range append(words().True, words().False...) {
		if len(w) > longestBool {
			t.Errorf("yes or no: %q is too long to be looked up", w)
		}
	}
	for _, z := range words().Zones {
		if _, err := findZone(z); err != nil {
			t.Error(err)
		}
	}
}
