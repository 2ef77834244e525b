package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"tesela/store/importer"
)

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		name, values, want string
	}{
		{"price", "1.234,56|2,50", "1234.56 2.50"}, // money by its name
		{"weight", "1.234,5|2,5", "1234.5 2.5"},
		{"weight", "1,234.5|2.5", "1234.5 2.5"},
		{"weight", "1,234|2,500", "1234 2500"},
		{"cost", "€3|€4.50", "3.00 4.50"},
		{"stake", "2.5|10", "2.50 10.00"},
		{"prima_anual", "120|99", "120 99"}, // only as a name's last word
		{"share", "15%|20%", "0.15 0.2"},
		{"is_gift", "0|1", "false true"},
		{"children", "0|1", "0 1"},
		{"done", "sí|no", "true false"},
		{"done", "não|sim", "false true"},
		{"grade", "f|m", "f m"},
		{"expires", "31/12/2020|1/2/2021", "2020-12-31 2021-02-01"},
		{"created_at", "1577836800|1577923200", "2020-01-01T00:00:00Z 2020-01-02T00:00:00Z"},
		{"visitors", "1577836800|1577923200", "1577836800 1577923200"},
		{"day", "20200101|20200102", "2020-01-01 2020-01-02"},
		{"zip", "01234|99999", "01234 99999"},
		{"store_id", "7|8", "7 8"},
		{"tags", "a;b|c", "[a|b] [c]"},
		{"size", "12|large", "12 large"},
		{"size", "12|NULL", "12 "},
		{"size", "12|1e3", "12 1000"},
	} {
		ws := workspace(t)
		values := strings.Split(c.values, "|")
		load(t, ws, fmt.Sprintf("id\t%s\nA\t%s\nB\t%s\n", c.name, values[0], values[1]),
			importer.Options{Mapping: importer.Mapping{Customers: true, ID: "id"}})
		var got []string
		for line := range strings.SplitSeq(dump(t, ws), "\n") {
			_, v, _ := strings.Cut(line, "=")
			got = append(got, v)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s %s: got %q, want %q", c.name, c.values, strings.Join(got, " "), c.want)
		}
	}
}
