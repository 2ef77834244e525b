package segment_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
)

// bought is a shop with roles, whose customers bought 3, 2, 1 and no times.
const bought = `load
zone Europe/Madrid
currency EUR 2
role purchase order
role amount order.amount
role refund refund
customers name:text
  a -
  b -
  c -
  d -
event order amount:money
  a 2011-06-01T10:00 10.00
  a 2011-09-01T10:00 20.00
  a 2011-12-01T10:00 30.00
  b 2011-10-01T10:00 5.00
  b 2011-12-05T10:00 5.00
  c 2011-07-01T10:00 50.00
event refund amount:money
  c 2011-07-02T10:00 10.00
save Best = rfm = "Champions"
save Lapsed = lifecycle = "churned"
at 2011-12-10
eval everyone -> a b c d
`

// layerNames are all layers and scores there are.
var layerNames = []string{"engagement", "lifecycle", "rfm", "rfm_f", "rfm_m", "rfm_r", "value_tier"}

// counting counts how often a source is asked for data.
type counting struct {
	segment.Source
	loads *int
}

func (c counting) Load(ctx context.Context, need segment.Need) (*column.World, error) {
	*c.loads++
	return c.Source.Load(ctx, need)
}

// However often and in whatever parts a formula asks for a layer, it is made
// once for each instant.
func TestLayersAreSharedWithinAnEvaluation(t *testing.T) {
	src, at := source(t, bought)
	loads := func(text string) int {
		n := 0
		p, err := segment.Compile(t.Context(), parse(t, text), counting{src, &n}, at)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		return n
	}
	once := loads(`rfm = "Champions"`)
	for _, text := range []string{
		`rfm = "Champions" or rfm = "Lost"`,
		`rfm_r = 1 and rfm_f >= 2 and rfm_m >= 2`,
		`rfm in ("Loyal", "Lost") and rfm_r >= 1 and segment "Best"`,
		`rfm = "Champions" and rfm(bins: 3) = "333" and rfm_r(bins: 4) > 1`,
	} {
		if n := loads(text); n != once {
			t.Errorf("%s: %d loads, %d for one layer", text, n, once)
		}
	}
	if n := loads(`rfm = "Champions" and segment "Best" at 2011-11-01`); n <= once {
		t.Errorf("another instant took %d loads, one took %d", n, once)
	}
}

func TestLayersSayHowTheyWereFound(t *testing.T) {
	src, at := source(t, bought)
	for text, want := range map[string][]string{
		// Gaps of 92, 91 and 65 days.
		`lifecycle = "star"`:             {"the lapse point is 92 days: 90% of the 3 gaps between purchase days are of at most so many", "new: the first purchase in the last 30d; star: the top 10% by revenue in the last 1y"},
		`rfm_r = 1 and rfm = "Lost"`:     {"RFM scores from 1 to 5 over the 3 customers with a purchase"},
		`rfm_r(last 90d) = 1`:            {"RFM scores from 1 to 5 over the 2 customers with a purchase in the window last 90d"},
		`engagement = "never"`:           {"engaged: any of order, refund in the last 60d"},
		`value_tier(top: 10) = "top"`:    {"top: the best 10% of all customers by revenue in the last 1y; low: the last 50%, and all without revenue"},
		`segment "Lapsed" at 2011-11-01`: nil,
	} {
		p, err := segment.Compile(t.Context(), parse(t, text), src, at)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		set, err := p.Run(t.Context())
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var got []string
		for _, n := range set.Notes() {
			got = append(got, n.Text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s says %q, want %q", text, got, want)
		}
	}
	p, err := segment.Compile(t.Context(), parse(t, `rfm(last 1y) = "Lost"`), src, at)
	if err != nil || !strings.Contains(p.String(), "rfm(last 1y) as of 2011-12-09T23:00:00Z") {
		t.Errorf("plan %v, %v", p, err)
	}
}

func TestLayersThatThereAre(t *testing.T) {
	names := func(s *segment.Schema) []string {
		var all []string
		for _, l := range segment.Analyses().Describe(s) {
			all = append(all, l.Name)
			if (l.Kind == column.Text) != (len(l.Labels) > 0) {
				t.Errorf("%s is %s and has the labels %q", l.Name, l.Kind, l.Labels)
			}
		}
		return all
	}
	src, _ := source(t, bought)
	if got := names(src.Schema()); !slices.Equal(got, layerNames) {
		t.Errorf("layers %v, want %v", got, layerNames)
	}
	src, _ = source(t, strings.ReplaceAll(bought, "role ", "# "))
	if got := names(src.Schema()); !slices.Equal(got, []string{"engagement"}) {
		t.Errorf("without roles there are %v", got)
	}
	if _, err := src.Schema().Revenue(nil); err == nil {
		t.Error("without roles there is revenue")
	}
	for text, want := range map[string]int{`rfm`: 11, `rfm(bins: 4)`: 64, `lifecycle(lapse: 9)`: 7, `rfm_r`: 0, `rfm(bins: 9)`: 0, `name`: 0, `3`: 0} {
		src, _ := source(t, bought)
		v, err := syntax.ParseValue(text)
		if err != nil {
			t.Fatal(err)
		}
		labels, ok := segment.Analyses().Labels(src.Schema(), v)
		if ok != (want > 0) || len(labels) != want {
			t.Errorf("%s has %d labels, want %d", text, len(labels), want)
		}
	}
}

// A layer that the caller brings stands in for one of the same name.
func TestLayersMayBeReplaced(t *testing.T) {
	src, at := source(t, bought)
	computed := 0
	p, err := segment.Compile(t.Context(), parse(t, `rfm = "odd" and lifecycle != "new"`), src, at, segment.WithLayers(segment.Layers{"rfm": parity{&computed}}))
	if err != nil {
		t.Fatal(err)
	}
	if set, err := p.Run(t.Context()); err != nil || computed != 1 || set.Len() != 2 {
		t.Errorf("%v members, computed %d times, %v", set, computed, err)
	}
}

// A missing role is told with its place, and after faults of the formula.
func TestMissingRoles(t *testing.T) {
	src, at := source(t, strings.ReplaceAll(bought, "role ", "# "))
	_, err := segment.Compile(t.Context(), parse(t, `count(order) > 1 and rfm_r >= 4`), src, at)
	var role *segment.RoleError
	var fault *syntax.Error
	if !errors.As(err, &role) || role.Role != "purchase" || role.For != "rfm_r" || !errors.As(err, &fault) || fault.Span.From != 21 {
		t.Errorf("got %v, want the role purchase of rfm_r at 21", err)
	}
	_, err = segment.Compile(t.Context(), parse(t, `count(ordr) > 1 and rfm_r >= 4`), src, at)
	var other *segment.RoleError
	if errors.As(err, &other) || err == nil || !strings.Contains(err.Error(), "no event is called ordr") {
		t.Errorf("got %v, want the unknown event", err)
	}
}

// What a customer brought in may be too much to be held, which is an error and
// no other figure.
func TestRevenueBeyondWhatCanBeHeld(t *testing.T) {
	text := strings.ReplaceAll(strings.ReplaceAll(bought, "a 2011-06-01T10:00 10.00", "a 2011-06-01T10:00 90000000000000000.00"), "c 2011-07-02T10:00 10.00", "a 2011-07-02T10:00 -90000000000000000.00")
	src, at := source(t, text)
	for _, layer := range []string{`rfm_m = 1`, `lifecycle = "star"`, `value_tier = "top"`} {
		p, err := segment.Compile(t.Context(), parse(t, layer), src, at)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "beyond what can be held") {
			t.Errorf("%s: %v", layer, err)
		}
	}
}

// Results are the same on one core, and a context that has ended ends all.
func TestLayersOnAnyNumberOfCores(t *testing.T) {
	src := newBigSource(60_000)
	src.schema.Roles = map[string]string{"purchase": "order", "amount": "order.amount"}
	answer := func(name string) string {
		v, err := syntax.ParseValue(name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := segment.CompileValue(t.Context(), v, src, bigEnd)
		if err != nil {
			t.Fatal(err)
		}
		values, err := p.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		sizes := map[any]int{}
		sum := 0
		for i := range values.N() {
			cell := values.Cell(i)
			sizes[cell]++
			sum += i * len(fmt.Sprint(cell)) % 1009
		}
		return fmt.Sprint(sizes, sum, values.Notes())
	}
	several := map[string]string{}
	for _, name := range layerNames {
		several[name] = answer(name)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, name := range layerNames {
		if one := answer(name); one != several[name] {
			t.Errorf("%s on one core: %s, on several: %s", name, one, several[name])
		}
	}
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	for _, name := range layerNames {
		p, err := segment.Compile(t.Context(), parse(t, name+" is set"), src, bigEnd)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s after the deadline: %v", name, err)
		}
	}
}
