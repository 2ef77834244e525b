package probe_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tesela/segment"
	"tesela/segment/probe"
	"tesela/segment/segmenttest"
	"tesela/segment/syntax"
)

// Days since the last order, by hand: a 20 (10 June to 30 June), b 29, c 1,
// d 107, e 10, f never; orders: a 3, b 1, c 2, d 1, e 1.
func TestSensitivityOfTheShop(t *testing.T) {
	_, src, at := shop(t)
	r, err := probe.Sensitivity(context.Background(), parse(t, "days_since(order) > 20 and count(order) >= 1"), src, at, probe.Moves{})
	must(t, err)
	var got []string
	for _, m := range r.Moves {
		for _, v := range m.To {
			got = append(got, fmt.Sprintf("%s→%s +%d −%d =%d", m.Text, v.Text, v.Gained, v.Lost, v.Size))
		}
	}
	// In: b and d. Steps of 20 days are 2; 18 lets a in too. Two orders or
	// more have only a and c, who are out.
	want := "20→16 +1 −0 =3, 20→18 +1 −0 =3, 20→22 +0 −0 =2, 20→24 +0 −0 =2, 1→2 +0 −2 =0, 1→3 +0 −2 =0"
	if text := strings.Join(got, ", "); r.Size != 2 || text != want {
		t.Errorf("size %d, %s, want %s", r.Size, text, want)
	}
}

func TestSensitivityToGivenValues(t *testing.T) {
	_, src, at := shop(t)
	ctx := context.Background()
	f := parse(t, "count(order, last 25d) >= 1")
	r, err := probe.Sensitivity(ctx, f, src, at, probe.Moves{Number: 1, To: []string{"10", "2mo", " 30d "}})
	must(t, err)
	// In the last 25 days from 6 June: a, c, e. In 10 (21 June): c. In two
	// months from 1 May, and in 30 days from 1 June, b as well.
	var got []string
	for _, v := range r.Moves[0].To {
		got = append(got, fmt.Sprintf("%s +%d −%d", v.Formula, v.Gained, v.Lost))
	}
	want := "count(order, last 10d) >= 1 +0 −2, count(order, last 2mo) >= 1 +1 −0, count(order, last 30d) >= 1 +1 −0"
	if text := strings.Join(got, ", "); len(r.Moves) != 1 || text != want {
		t.Errorf("got %s, want %s", text, want)
	}
	for _, bad := range []probe.Moves{{Number: 3}, {Number: -1}, {To: []string{"5"}}, {Number: 1, To: []string{"five"}}, {Number: 1, To: []string{"5 or 1"}}, {Number: 2, To: []string{"1d"}}} {
		_, err := probe.Sensitivity(ctx, f, src, at, bad)
		var fault *probe.MoveError
		if !errors.As(err, &fault) || fault.Message == "" {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// Each variant's figures are those of the changed formula evaluated by itself,
// by an engine that shares nothing with this one.
func TestSensitivityAgreesWithEachFormulaAlone(t *testing.T) {
	variants := 0
	randomly(t, 60, 3, func(w *segmenttest.World, src segment.Source, at time.Time, fs []syntax.Formula) {
		for _, f := range fs {
			r, err := probe.Sensitivity(context.Background(), f, src, at, probe.Moves{})
			must(t, err)
			base := naive(t, w, f, at)
			if r.Size != len(base) {
				t.Errorf("%s: size %d, want %d", f, r.Size, len(base))
			}
			for _, m := range r.Moves {
				for _, v := range m.To {
					variants++
					with := naive(t, w, v.Formula, at)
					if v.Size != len(with) || v.Gained != len(without(with, base)) || v.Lost != len(without(base, with)) {
						t.Errorf("%s with %s for %s: %d +%d −%d, want %v instead of %v", f, v.Text, m.Text, v.Size, v.Gained, v.Lost, with, base)
					}
					if syntax.Equal(v.Formula, r.Formula) {
						t.Errorf("%s with %s for %s is the same", f, v.Text, m.Text)
					}
				}
			}
		}
	})
	t.Logf("%d variants", variants)
}
