package evals

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/agent/model"
	"tesela/agent/planner"
)

// A shop much wider than any of the suites': the demo's own values first, then
// made ones, so that its questions are understood as ever but all that is
// looked up is looked up among very many.

// wideValues are a field's own values and then made ones.
type wideValues struct {
	own  model.Values
	n    int
	more func(i int) string
}

func (w wideValues) Len() int { return w.own.Len() + w.n }

func (w wideValues) At(i int) string {
	if i < w.own.Len() {
		return w.own.At(i)
	}
	return w.more(i - w.own.Len())
}

// kept are values that take memory of their own, as those of a workspace do.
type kept []string

func (k kept) Len() int        { return len(k) }
func (k kept) At(i int) string { return k[i] }

// syllables make words that look like words and are none.
var syllables = []string{
	"ba", "ro", "lin", "ve", "tor", "mi", "sa", "ken", "du", "fel", "go", "har", "ji", "lo", "ma", "nes", "o", "pra", "qui", "ril",
	"su", "tan", "u", "vi", "wes", "xa", "yo", "zel", "ção", "né", "lió", "ñu",
}

// madeWord is the n-th made word of so many syllables; others repeat words
// after a while.
func madeWord(n, parts int) string {
	s, x := "", uint64(n)*0x9E3779B97F4A7C15+12345
	for range parts {
		x ^= x >> 29
		x *= 0xBF58476D1CE4E5B9
		s += syllables[(x>>40)%uint64(len(syllables))]
	}
	return s
}

// allFields are the fields that are widened: titles of products, brands, codes,
// snake_case categories and cities.
var allFields = []string{"product", "brand", "sku", "category", "city"}

// wide widens the demo's catalogue to about so many distinct values, in equal
// shares in some fields.
func wide(cat *model.Catalogue, distinct int, fields ...string) *model.Catalogue {
	share := distinct / len(fields)
	makers := map[string]func(i int) string{
		"product":  func(i int) string { return fmt.Sprintf("%s %s No. %d", madeWord(i, 3), madeWord(i+share, 2), i/9) },
		"brand":    func(i int) string { return fmt.Sprintf("%s%d's", madeWord(i, 4), i) },
		"sku":      func(i int) string { return fmt.Sprintf("SKU-%06d", i) },
		"category": func(i int) string { return fmt.Sprintf("%s_%s_%d", madeWord(i, 2), madeWord(i+share, 3), i) },
		"city":     func(i int) string { return fmt.Sprintf("%s %s", madeWord(i, 3), madeWord(i/30, 4)) },
	}
	widened := map[string]model.Values{}
	widen := func(list []model.Field) []model.Field {
		list = slices.Clone(list)
		for i, f := range list {
			if more := makers[f.Name]; more != nil && f.Values != nil && slices.Contains(fields, f.Name) {
				if widened[f.Name] == nil {
					var all kept
					for v, j := (wideValues{f.Values, share, more}), 0; j < v.Len(); j++ {
						all = append(all, v.At(j))
					}
					widened[f.Name] = all
				}
				list[i].Values = widened[f.Name]
			}
		}
		return list
	}
	c := *cat
	c.Customers = 1_000_000
	c.Traits = widen(cat.Traits)
	c.Events = slices.Clone(cat.Events)
	for i, e := range c.Events {
		props := slices.Clone(e.Props)
		if e.Name == "order" {
			props = append(props, model.Field{Name: "sku", Kind: "text", Values: kept{"SKU-X"}})
		}
		c.Events[i].Props = widen(props)
	}
	return &c
}

// wideCatalogues are those that the benchmarks are of.
func wideCatalogues(cat *model.Catalogue) iter.Seq2[string, *model.Catalogue] {
	return func(yield func(string, *model.Catalogue) bool) {
		_ = yield("demo", cat) &&
			yield("100k-in-5-fields", wide(cat, 100_000, allFields...)) &&
			yield("1m-in-5-fields", wide(cat, 1_000_000, allFields...)) &&
			yield("1m-titles", wide(cat, 1_000_000, "product"))
	}
}

// BenchmarkWideIndex makes the planner over catalogues of many values; live-MB
// is what it then holds beside the values themselves.
func BenchmarkWideIndex(b *testing.B) {
	d := openDemo(b)
	for name, cat := range wideCatalogues(d.Catalogue) {
		b.Run(name, func(b *testing.B) {
			before := live()
			var p *planner.Planner
			for b.Loop() {
				var err error
				if p, err = planner.New(cat); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(live()-before)/(1<<20), "live-MB")
			runtime.KeepAlive(p)
		})
	}
}

// BenchmarkWideQuestions asks the questions of the demo's suites of them; a
// turn is a question.
func BenchmarkWideQuestions(b *testing.B) {
	d := openDemo(b)
	suites, err := Find(Understanding)
	if err != nil {
		b.Fatal(err)
	}
	for name, cat := range wideCatalogues(d.Catalogue) {
		p, err := planner.New(cat)
		if err != nil {
			b.Fatal(err)
		}
		for _, noise := range [][]string{nil, {"typos"}} {
			b.Run(name+strings.Join(noise, ""), func(b *testing.B) {
				var took []time.Duration
				for b.Loop() {
					for _, s := range suites {
						if s.Data != "demo" {
							continue
						}
						for _, c := range s.Cases {
							c = Perturb(c, noise, 1)
							q := c.Turns[len(c.Turns)-1]
							start := time.Now()
							for _, err := range p.Generate(context.Background(), model.Request{Messages: []model.Message{{Role: model.User, Text: q}}, Catalogue: cat, AsOf: d.AsOf}) {
								if err != nil {
									b.Fatal(err)
								}
							}
							took = append(took, time.Since(start))
						}
					}
				}
				slices.Sort(took)
				for _, part := range []int{50, 95, 99} {
					b.ReportMetric(float64(took[len(took)*part/100].Microseconds())/1000, fmt.Sprintf("p%d-ms", part))
				}
			})
		}
	}
}

func openDemo(b *testing.B) *Data {
	d, err := Open(context.Background(), "demo")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	return d
}

// live is the memory held, in bytes.
func live() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
