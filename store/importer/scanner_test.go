package importer

import (
	"bytes"
	"encoding/csv"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// scanned reads text with the scanner.
func scanned(t *testing.T, r io.Reader, delim byte, want int) (out [][]string, lines []int, broken []bool) {
	t.Helper()
	s := newScanner(r, delim)
	s.want = want
	for {
		if err := s.next(); err == io.EOF {
			return out, lines, broken
		} else if err != nil {
			t.Fatal(err)
		}
		var row []string
		for _, f := range s.fields {
			row = append(row, string(f))
		}
		out, lines, broken = append(out, row), append(lines, s.line), append(broken, s.broken)
	}
}

// What the standard library's writer writes comes back, whatever is in it
// and however few bytes come at a time.
func TestScannerReadsWhatCSVWrites(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"a", "Zürich", `"`, `""`, ",", ";", "\n", "\r\n", " ", "12.5", "", "x y"}
	for range 300 {
		var want [][]string
		width := 1 + rng.IntN(5)
		for range 1 + rng.IntN(20) {
			row := make([]string, width)
			for i := range row {
				for range rng.IntN(4) {
					row[i] += pieces[rng.IntN(len(pieces))]
				}
				row[i] = strings.TrimLeft(row[i], " ") // leading blanks before a quote are not the field's
			}
			row[0] = "k" + row[0]
			want = append(want, row)
		}
		var text bytes.Buffer
		w := csv.NewWriter(&text)
		if err := w.WriteAll(want); err != nil {
			t.Fatal(err)
		}
		in := text.String()
		for name, r := range map[string]io.Reader{"whole": strings.NewReader(in), "byte by byte": iotest.OneByteReader(strings.NewReader(in))} {
			got, _, _ := scanned(t, r, ',', width)
			if !slices.EqualFunc(got, want, slices.Equal) {
				t.Fatalf("%s: %q\ngot  %q\nwant %q", name, in, got, want)
			}
		}
	}
}

func TestScannerIsLenient(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       [][]string
		lines      []int
	}{
		{"crlf and no last line end", "a,b\r\n1,2", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
		{"blank lines count but are skipped", "a,b\n\n  \n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 4}},
		{"a quote within a field", "a,b\n6\" ruler,2\n", [][]string{{"a", "b"}, {`6" ruler`, "2"}}, []int{1, 2}},
		{"an undoubled quote in a quoted field", "a,b\n\"6\" ruler\",2\n", [][]string{{"a", "b"}, {`6" ruler`, "2"}}, []int{1, 2}},
		{"a quoted line end", "a,b\n\"x\ny\",2\n3,4\n", [][]string{{"a", "b"}, {"x\ny", "2"}, {"3", "4"}}, []int{1, 2, 4}},
		{"blanks before a quote", "a,b\n1, \"x,y\"\n", [][]string{{"a", "b"}, {"1", "x,y"}}, []int{1, 2}},
		{"empty fields", ",\n", [][]string{{"", ""}}, []int{1}},
	} {
		got, lines, _ := scanned(t, strings.NewReader(c.text), ',', 2)
		if !slices.EqualFunc(got, c.want, slices.Equal) || !slices.Equal(lines, c.lines) {
			t.Errorf("%s: got %q at %v, want %q at %v", c.name, got, lines, c.want, c.lines)
		}
	}
}

// A quote that never closes spoils its own line, not those after it.
func TestOpenQuoteSpoilsOneLine(t *testing.T) {
	got, _, broken := scanned(t, strings.NewReader("a,b\n\"oops,2\n3,4\n5,\"ok\"\n7,8\n"), ',', 2)
	want := [][]string{{"a", "b"}, {`"oops`, "2"}, {"3", "4"}, {"5", "ok"}, {"7", "8"}}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("got %q", got)
	}
	if !slices.Equal(broken, []bool{false, true, false, false, false}) {
		t.Errorf("broken: %v", broken)
	}
}

// The memory a hostile line takes is bounded.
func TestLongLineIsRefused(t *testing.T) {
	for name, text := range map[string]string{"plain": "x", "quoted": `"x`} {
		r := io.MultiReader(strings.NewReader("a,b\n1,"+text), io.LimitReader(endless('x'), 100<<20))
		s := newScanner(r, ',')
		var err error
		for err == nil {
			err = s.next()
		}
		if err == io.EOF || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: %v", name, err)
		}
		if cap(s.buf) > maxRecord+1<<20 {
			t.Errorf("%s: a buffer of %d bytes", name, cap(s.buf))
		}
	}
}

type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}
