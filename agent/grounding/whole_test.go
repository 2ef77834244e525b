package grounding

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// In each text a ‖ stands where a sentence is known to be over, once all of the
// text is there; nothing else is.
var cuts = []string{
	"There are 1,115 customers. ‖Germany has 5",
	"There are 1,115 customers. ‖Germany has 5. ‖France has 3.",
	"Revenue was 1.234,56. ‖Son muchos",
	"Revenue was 1.234",
	"Revenue was 1.",
	"Revenue was 1. 5",
	"Revenue was 8.3",
	"It is up by 25.5%. ‖That is",
	"Hay 1.115 clientes. ‖¿Más? ‖Sí",
	"Most of them, e.g. Germany, are new. ‖They",
	"Most of them (e.g. Germany) are new. ‖They",
	"Unos 300, p. ej. Alemania, son nuevos. ‖Ellos",
	"São cerca de 300, i.e. Alemanha",
	"Sales of Sr. Silva and No. 5 and St. Ives",
	"It was best in Sept. 2011 or Jan. Then",
	"On 5 Dec. 2011 there were 3",
	"By approx. 300 customers",
	"**1,115** customers. ‖**Germany** has 5",
	"**1,115 customers. Germany** has 5",
	"They “bought. Then left” at last. ‖So",
	"`count(order). X` is that one. ‖So",
	"Customers:\n‖- Germany: 5\n‖- France: 3\n‖- It",
	"Customers:\n‖- Germany: 5\n‖- ",
	"Customers:\n‖1. Germany\n‖2. France\n2",
	"1. Germany has 5 customers. ‖France",
	"1. ",
	"1. Ger",
	"# Customers\n‖There",
	"| country | customers |\n",
	"| country | customers |\n|---|--",
	"| country | customers |\n|---|---:|\n‖| Germany | 5 |\n‖| France | 3",
	"There are 1,115 customers\nwho ordered. ‖They",
	"There are 1,115 customers\n\n‖They",
	"There are 1,115 customers.\n‖",
	"There are 1,115 customers.\n‖They",
	"```\ncount. X\n",
	"```\ncount. X\n```\n‖So",
	"Is it so? ‖5 are",
	"They are many! ‖No",
	"Revenue: £3. ‖Germany",
	"It rose (by 5%. Then",
	"Es sind viele… ‖Mehr",
	"",
	"No point here",
}

func TestWhole(t *testing.T) {
	for _, cut := range cuts {
		text := strings.ReplaceAll(cut, "‖", "")
		want := 0
		if at := strings.LastIndex(cut, "‖"); at >= 0 {
			want = len(strings.ReplaceAll(cut[:at], "‖", ""))
		}
		if got := Whole(text); got != want {
			t.Errorf("%q is whole up to %q", text, text[:got])
		}
	}
}

// What is whole stays so however the text goes on, byte by byte, and all of it
// that is marked comes to be whole.
func TestWholeGrows(t *testing.T) {
	for _, cut := range cuts {
		text := strings.ReplaceAll(cut, "‖", "")
		last := 0
		seen := map[int]bool{}
		for n := range len(text) + 1 {
			got := Whole(text[:n])
			if got < last || !utf8.ValidString(text[:got]) {
				t.Errorf("%q: whole up to %d of %q, and to %d before", text, got, text[:n], last)
			}
			last = got
			seen[got] = true
		}
		at := 0
		for i, part := range strings.Split(cut, "‖") {
			if i > 0 && !seen[at] {
				t.Errorf("%q is never whole up to %q", text, text[:at])
			}
			at += len(part)
		}
		for n := range seen {
			marked := n == 0
			at := 0
			for _, part := range strings.Split(cut, "‖") {
				at += len(part)
				marked = marked || at == n
			}
			if !marked {
				t.Errorf("%q is once whole up to %q", text, text[:n])
			}
		}
	}
}

// Whatever is written, what was whole once stays so.
func TestWholeStays(t *testing.T) {
	pieces := []string{"a", "Ab", " ", "\n", ".", ". ", "1", ",", "|", "-", "- ", "*", "**", "`", "```", "```\n", "(", ")", "“", "”", "#", "# ", ":", "?", "é", "¿", "…", "\r", "\xff", "\"", "[", "](x)", "1. ", "|-|\n", "| a |\n"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		var text strings.Builder
		for range 40 {
			text.WriteString(pieces[random.IntN(len(pieces))])
		}
		last, all := 0, text.String()
		for n := range len(all) + 1 {
			got := Whole(all[:n])
			if got < last || got > n {
				t.Fatalf("whole up to %d of %q, and to %d before", got, all[:n], last)
			}
			last = got
		}
	}
}
