package importer

import (
	"bytes"
	"io"
	"testing"

	"tesela/segment/column"
)

// No text makes the readers panic or read past its end; what a column's
// evidence decides on, its values can be read by.
func FuzzCells(f *testing.F) {
	for _, s := range []string{"1,234.5", "€ 3", "12/1/2010 8:26", "3 de mayo de 2011", "Dec 1, 2010 5:06 PM", "1291191960.25", "sí", "a;b", "\"x\",y\n1,2", "2010-12-01T08:26:00+02:00", "-(5%)", "  ", "\u00a01\u00a0"} {
		f.Add([]byte(s), []byte(s))
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		if len(a) > 200 || len(b) > 200 {
			return
		}
		loc, _ := findZone("America/Sao_Paulo")
		for _, name := range []string{"x", "price", "created_at", "is_x", "tags", "id"} {
			var e evidence
			e.add(a, 1, 1)
			e.add(b, 2, 3)
			c := cells{reading: e.decide([]string{name}, 0, anyOrder, dayFirst), lex: words(), zone: newZone(loc), digits: 2}
			for _, v := range [][]byte{a, b} {
				var st status
				switch c.kind {
				case column.Text, column.Tags:
					_, st = c.textOf(v)
					eachTag(v, func([]byte) {})
				case column.Number:
					_, st = c.floatOf(v)
				default:
					_, st = c.intOf(v)
				}
				if st == bad {
					// Only figures too long for cents may fail now.
					if _, ok := parseFigure(v, c.comma); !ok || c.kind != column.Money {
						t.Fatalf("%q and %q under %s decide on %+v, by which %q cannot be read", a, b, name, c.reading, v)
					}
				}
			}
		}
		s := newScanner(io.MultiReader(bytes.NewReader(a), bytes.NewReader(b)), ',')
		for s.next() == nil {
			n := 0
			for _, field := range s.fields {
				n += len(field) + 1
			}
			if n > len(a)+len(b)+1 {
				t.Fatalf("%q%q: fields longer than the text", a, b)
			}
		}
	})
}
