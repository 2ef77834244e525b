package probe_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"tesela/segment/probe"
	"tesela/segment/segmenttest"
)

// What is asked about a definition can be stopped wherever the context is
// looked at: there is the context's error, and asked again the same answer.
func TestCancelledAnywhere(t *testing.T) {
	src, at := newBigSource(30_000)
	src.schema.Roles = map[string]string{"purchase": "order", "amount": "order.amount"}
	r := segmenttest.NewRandom(3)
	for _, text := range []string{
		threeConditions,
		`top 10% by sum(order.amount) and lifecycle = "churned"`,
		`rfm_m >= 4 or not (sequence(order, order, within 30d) and country != "Spain")`,
		`top 20 by count(order) among (value_tier = "top")`,
	} {
		f, other := parse(t, text), parse(t, `count(order) > 12 or country = "Italy"`)
		for name, run := range map[string]func(ctx context.Context) (string, error){
			"why": func(ctx context.Context) (string, error) {
				a, err := probe.Why(ctx, f, src, at, 20_000, 3)
				if err != nil {
					return "", err
				}
				return whyText(a), nil
			},
			"sensitivity": func(ctx context.Context) (string, error) {
				s, err := probe.Sensitivity(ctx, f, src, at, probe.Moves{})
				if err != nil {
					return "", err
				}
				text := fmt.Sprint(s.Size)
				for _, m := range s.Moves {
					for _, v := range m.To {
						text += fmt.Sprint(" ", v.Text, v.Gained, v.Lost)
					}
				}
				return text, nil
			},
			"misses": func(ctx context.Context) (string, error) {
				m, err := probe.NearMisses(ctx, f, src, at)
				if err != nil {
					return "", err
				}
				return fmt.Sprint(m.Size, m.All.Len()), nil
			},
			"diff": func(ctx context.Context) (string, error) {
				d, err := probe.Diff(ctx, f, other, src, at)
				if err != nil {
					return "", err
				}
				return fmt.Sprint(d.SizeFrom, d.SizeTo, d.Gained.Len(), d.Lost.Len(), len(d.Changes)), nil
			},
		} {
			whole := segmenttest.CancelAfter(t.Context(), -1)
			want, err := run(whole)
			must(t, err)
			for range 5 {
				after := r.IntN(whole.Asked() + 1)
				ctx := segmenttest.CancelAfter(t.Context(), after)
				got, err := run(ctx)
				switch {
				case err == nil && ctx.Asked() > after:
					t.Errorf("%s of %s: cancelled when asked %d times of %d, it says %s", name, f, after, whole.Asked(), got)
				case err == nil && got != want:
					t.Errorf("%s of %s: %s, want %s", name, f, got, want)
				case err != nil && !errors.Is(err, context.Canceled):
					t.Errorf("%s of %s: %v", name, f, err)
				}
			}
			if got, err := run(t.Context()); err != nil || got != want {
				t.Errorf("%s of %s, after it was cancelled: %s, %v, want %s", name, f, got, err, want)
			}
		}
	}
}
