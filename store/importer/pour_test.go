package importer_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"tesela/store/importer"
)

// Many rows at once come in as one after the other would: the workspace is the
// one reckoned here row by row, however many processors read.
func TestManyHandsMakeOneWorkspace(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	var text strings.Builder
	text.WriteString("who,at,event,ref,total,kind,labels,city\n")
	rows, rejected := map[string]int{}, map[string]int{}
	var cents int64
	city := map[string]string{}
	newest := map[string]int{}
	const n = 50000
	for i := range n {
		who, at := fmt.Sprintf("c%d", rng.IntN(3000)), rng.IntN(500)
		event := []string{"Purchase", "Page View", "Cart"}[rng.IntN(3)]
		total := rng.IntN(4000) - 1000
		sum, stamp, live := fmt.Sprintf("%d.%02d", total, i%100), fmt.Sprintf("2021-%02d-%02d", 1+at/28%12, 1+at%28), ""
		if rng.IntN(4) == 0 {
			live = fmt.Sprintf("town %d", rng.IntN(40))
		}
		day := at / 28 % 12 * 28
		day += at % 28
		switch {
		case i%997 == 0:
			who = ""
			rejected["missing customer"]++
		case i%1009 == 0:
			stamp = "soon"
			rejected["unreadable time"]++
		case i%1013 == 0:
			sum = "much"
			rejected["unreadable amount (money)"]++
		case i%1019 == 0:
			text.WriteString("too,short\n")
			rejected["wrong number of fields"]++
			continue
		default:
			name := map[string]string{"Purchase": "purchase", "Page View": "page_view", "Cart": "cart"}[event]
			if event == "Purchase" && total < 0 {
				name = "refund"
			}
			rows[name]++
			minor := int64(total) * 100
			if total >= 0 {
				minor += int64(i % 100)
			} else {
				minor -= int64(i % 100)
			}
			if name == "purchase" {
				cents += minor
			}
			if live != "" && (city[who] == "" || day >= newest[who]) {
				city[who], newest[who] = live, day
			}
		}
		fmt.Fprintf(&text, "%s,%s,%s,r%d,%s,%q,a%d;b,%s\n", who, stamp, event, i/3, sum, fmt.Sprintf("kind, %d", rng.IntN(5)), rng.IntN(3), live)
	}
	mapping := importer.Mapping{
		EventColumn: "event", Customer: "who", Time: "at", EventID: "ref",
		Props: []string{"amount=total:money", "labels=labels:tags"}, CustomerTraits: []string{"city=city"},
	}
	path := file(t, "events.csv", text.String())
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	prints := map[string]bool{}
	for _, processors := range []int{1, 2, 5} {
		runtime.GOMAXPROCS(processors)
		ws := workspace(t)
		s, err := importer.Run(context.Background(), ws, importer.Options{File: path, Mapping: mapping, Currency: "EUR"})
		if err != nil {
			t.Fatal(err)
		}
		if s.Read != n || !maps.Equal(s.Events, rows) || !maps.Equal(s.Reasons, rejected) {
			t.Errorf("%d processors: %d read, %v %v, wanted %v %v", processors, s.Read, s.Events, s.Reasons, rows, rejected)
		}
		print, err := ws.Fingerprint(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		prints[print] = true
		if len(prints) > 1 {
			t.Errorf("%d processors make another workspace", processors)
		}
		if processors > 1 {
			continue
		}
		var sum int64
		for line := range strings.Lines(dump(t, ws)) {
			words := strings.Fields(line)
			if words[0] == "purchase" {
				for _, w := range words {
					if figure, ok := strings.CutPrefix(w, "amount="); ok {
						var whole, part int64
						fmt.Sscanf(figure, "%d.%d", &whole, &part)
						sum += whole*100 + part
					}
				}
			}
			if who, live, ok := strings.Cut(strings.TrimSpace(line), " city="); ok && city[who] != live {
				t.Errorf("%s lives in %q, wanted %q", who, live, city[who])
			}
		}
		if sum != cents {
			t.Errorf("purchases of %d cents, wanted %d", sum, cents)
		}
		if !slices.Contains(strings.Fields(dump(t, ws)), "kind=kind,") {
			t.Error("a quoted text was lost")
		}
	}
}
