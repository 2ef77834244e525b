package trial_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"tesela/segment"
	"tesela/segment/effect"
	"tesela/segment/syntax"
	"tesela/segment/trial"
)

// By hand: 20 of 40 against 10 of 40, 25 purchases against 10, 250 euros against
// 100; the adjusted lift follows from the moments of both arms.
func TestMeasure(t *testing.T) {
	src, at := sale(t, "assignment", "arm:text", "mail", "control", "")
	r, err := trial.Measure(t.Context(), src, at, trial.Query{Plain: true})
	must(t, err)
	if len(r.Rows) != 1 || r.Days != 30 || len(r.Figures) != 3 || r.Money != 2 {
		t.Fatalf("report %+v", r)
	}
	row := r.Rows[0]
	if row.Arm != "mail" || len(row.HeldOut) != 1 || row.HeldOut[0] != "control" || row.Trial.Campaign != "Spring" || row.Late != 0 {
		t.Errorf("row %+v", row)
	}
	want := effect.Newcombe(20, 40, 10, 40, 0.95)
	bought := row.Main()
	near(t, "lift", bought.Lift, 0.25)
	near(t, "low", bought.Low, want.Low)
	near(t, "high", bought.High, want.High)
	near(t, "relative", bought.Relative(), 1)
	if bought.Method != trial.ByNewcombe || !bought.Enough {
		t.Errorf("bought %+v", bought)
	}
	near(t, "q", row.Q, want.P)
	near(t, "purchases", row.Figures[1].Lift, 15.0/40)
	near(t, "revenue", row.Figures[2].Lift, 150.0/40)
	// 5 of 2, 15 of 1, 20 of 0: Σ(y − 0.625)² = 5·1.375² + 15·0.375² + 20·0.625².
	near(t, "variance", row.Figures[1].Treated.Var, (5*1.375*1.375+15*0.375*0.375+20*0.625*0.625)/39)
	if row.Cost != 2000 || !row.Costed {
		t.Errorf("cost %d", row.Cost)
	}

	// Before, 8 of 40 bought in either arm: x̄ is the same, so the adjusted lift is
	// the plain one. Σxy: in both arms all 8 bought again: 8 − 40·(1/5)·ȳ, which is
	// 4 and 6; Σ(x − x̄)² is 6.4 each. θ = 10/12.8.
	r, err = trial.Measure(t.Context(), src, at, trial.Query{Campaign: "spring"})
	must(t, err)
	c := r.Rows[0].Main()
	if c.Method != trial.ByCUPED {
		t.Fatalf("method %s", c.Method)
	}
	near(t, "adjusted lift", c.Lift, 0.25)
	near(t, "saved", c.Saved, 10*10/12.8/(10+7.5))
	theta := 10 / 12.8
	v := (10 - 2*theta*4 + theta*theta*6.4) / 39
	w := (7.5 - 2*theta*6 + theta*theta*6.4) / 39
	near(t, "its error", c.SE*c.SE, v/40+w/40)
	near(t, "plain", c.Plain.High, want.High)
}

// However a catalogue names things, and whatever plays the roles.
func TestArmsByManyNames(t *testing.T) {
	for _, c := range []struct{ event, prop, treated, held, roles string }{
		{"assignment", "arm:text", "A", "Held-Out", ""},
		{"asignación", "brazo:text", "correo", "Grupo_de_control", ""},
		{"experimento", "grupo:text", "tratado", "control", ""},
		{"teste", "braco:text", "sim", "não", ""},
		{"exposure", "treated:bool", "true", "false", ""},
		{"exposure", "is_control:bool", "false", "true", ""},
		{"lottery", "ticket:text", "won", "none", "role trial lottery\nrole arm lottery.ticket\n"},
	} {
		src, at := sale(t, c.event, c.prop, c.treated, c.held, c.roles)
		r, err := trial.Measure(t.Context(), src, at, trial.Query{Plain: true})
		if err != nil || len(r.Rows) != 1 {
			t.Errorf("%s: %+v, %v", c.event, r, err)
			continue
		}
		near(t, c.event, r.Rows[0].Main().Lift, 0.25)
		if guessed := slices.Contains(r.Book.Guessed, trial.RoleTrial); guessed != (c.roles == "") {
			t.Errorf("%s: guessed %v", c.event, r.Book.Guessed)
		}
	}
}

// Which arm is held out is said, known, or asked for; never taken for granted.
func TestWhoIsHeldOut(t *testing.T) {
	src, at := sale(t, "assignment", "arm:text", "red", "blue", "")
	_, err := trial.Measure(t.Context(), src, at, trial.Query{Campaign: "Spring"})
	var arm *trial.ArmError
	if !errors.As(err, &arm) || len(arm.Arms) != 2 || arm.Arms[0] != "blue" {
		t.Errorf("two arms alike: %v", err)
	}
	r, err := trial.Measure(t.Context(), src, at, trial.Query{})
	if err != nil || len(r.Rows) != 0 || len(r.Unjudged) != 1 {
		t.Errorf("all campaigns: %+v, %v", r, err)
	}
	r, err = trial.Measure(t.Context(), src, at, trial.Query{Campaign: "Spring", HeldOut: []string{"Blue"}, Plain: true})
	must(t, err)
	near(t, "named", r.Rows[0].Main().Lift, 0.25)
	if _, err = trial.Measure(t.Context(), src, at, trial.Query{Campaign: "Spring", HeldOut: []string{"green"}}); !errors.As(err, &arm) || arm.Named[0] != "green" {
		t.Errorf("an arm that is not there: %v", err)
	}
	var unknown *trial.UnknownError
	if _, err = trial.Measure(t.Context(), src, at, trial.Query{Campaign: "Autumn"}); !errors.As(err, &unknown) || unknown.Known[0] != "Spring" {
		t.Errorf("a campaign that is not there: %v", err)
	}
}

// Groups are those as of the assignment: by hand, of the odd numbers, which are
// Germans, 10 of 20 bought against 5 of 20; and of those who had bought before,
// all 8 against all 8.
func TestGroups(t *testing.T) {
	src, at := sale(t, "assignment", "arm:text", "mail", "control", "")
	country, err := syntax.ParseValue("country")
	must(t, err)
	r, err := trial.Measure(t.Context(), src, at, trial.Query{Splits: []syntax.Value{country}, Groups: []syntax.Formula{parse(t, "count(order) >= 1")}, Plain: true})
	must(t, err)
	var names []string
	for _, row := range r.Rows {
		names = append(names, row.Group)
	}
	if want := []string{"", "France", "Germany", "count(order) >= 1"}; !slices.Equal(names, want) {
		t.Fatalf("groups %q, want %q", names, want)
	}
	near(t, "Germans", r.Rows[2].Main().Lift, 0.25)
	if m := r.Rows[2].Main(); m.Treated.N != 20 || m.Held.N != 20 || m.Enough {
		t.Errorf("Germans: %+v", m)
	}
	if m := r.Rows[3].Main(); m.Treated.N != 8 || m.Held.N != 8 || m.Lift != 0 || m.Enough {
		t.Errorf("buyers before: %+v", m)
	}
	// Only among Germans, and with days that are not over.
	r, err = trial.Measure(t.Context(), src, at, trial.Query{Base: parse(t, `country = "Germany"`), Plain: true})
	must(t, err)
	if m := r.Rows[0].Main(); m.Treated.N != 20 || r.Rows[0].Cost != 1000 {
		t.Errorf("among Germans: %+v", r.Rows[0])
	}
	r, err = trial.Measure(t.Context(), src, at, trial.Query{Days: 365})
	must(t, err)
	if row := r.Rows[0]; row.Late != 80 || row.Main().Treated.N != 0 || row.Main().Enough {
		t.Errorf("a year is not over: %+v", row)
	}
}

// An outcome of one's own: a formula, a value that is unset for some, and what
// is none.
func TestOutcomes(t *testing.T) {
	src, at := sale(t, "assignment", "arm:text", "mail", "control", "")
	for _, c := range []struct {
		text string
		lift float64
		n    int
	}{
		{"count(order) >= 2", 5.0 / 40, 40},
		{"count(order)", 15.0 / 40, 40},
		{"sum(order.amount) / count(order)", 0, 20}, // set for buyers only
		{"sequence(order, order, within 40d)", 5.0 / 40, 40},
	} {
		f, err := trial.ParseFigure(c.text)
		must(t, err)
		r, err := trial.Measure(t.Context(), src, at, trial.Query{Outcome: &f, Plain: true})
		must(t, err)
		near(t, c.text, r.Rows[0].Main().Lift, c.lift)
		if n := r.Rows[0].Main().Treated.N; n != c.n {
			t.Errorf("%s: %d treated", c.text, n)
		}
	}
	for _, wrong := range []string{"count(order, last 7d) >= 1", "sum(order.amount, last 7d)", "count(order", ""} {
		if _, err := trial.ParseFigure(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
	for _, wrong := range []string{"country", "count(visits)"} {
		f, err := trial.ParseFigure(wrong)
		must(t, err)
		var fault *syntax.Error
		if _, err := trial.Measure(t.Context(), src, at, trial.Query{Outcome: &f}); !errors.As(err, &fault) {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

func TestRecommend(t *testing.T) {
	src, at := sale(t, "assignment", "arm:text", "mail", "control", "")
	groups := []syntax.Formula{parse(t, "everyone"), parse(t, "nobody"), parse(t, `country = "Germany"`)}
	got, err := trial.RecommendFor(t.Context(), src, at, groups, trial.Query{Plain: true})
	must(t, err)
	if got[0].Reason != trial.Evident || got[0].Best.Campaign != "Spring" || got[0].Best.Arm != "mail" || got[0].Best.Raw.Lift != 0.25 || got[0].Best.Revenue == nil {
		t.Errorf("everyone: %+v", got[0])
	}
	if got[1].Reason != trial.NoTrials || got[2].Reason != trial.TooFew || len(got[2].Tried) != 1 {
		t.Errorf("nobody and Germans: %+v", got[1:])
	}
	got, err = trial.Recommend(t.Context(), src, at, []*segment.Set{segment.Everyone(80)}, trial.Query{})
	must(t, err)
	if got[0].Reason != trial.Evident {
		t.Errorf("all as a set: %+v", got[0])
	}
	// What lowers is to be avoided: 20 who buy against 10, the other way round.
	src, at = sale(t, "assignment", "arm:text", "control", "mail", "")
	got, err = trial.RecommendFor(t.Context(), src, at, groups[:1], trial.Query{})
	must(t, err)
	if got[0].Best != nil || got[0].Reason != trial.NoEvidence || len(got[0].Avoid) != 1 {
		t.Errorf("harm: %+v", got[0])
	}
}

// Two treated arms are each set against the held-out ones, which are pooled. By
// hand: of t01 to t20 all 20 buy, of t21 to t40 nobody; of c01 to c20, called none,
// 10, of the others 0.
func TestSeveralArms(t *testing.T) {
	text := saleText("assignment", "arm:text", "mail", "control", "")
	for n := 1; n <= 40; n++ {
		if n > 20 {
			text = strings.Replace(text, fmt.Sprintf("  t%02d 2024-04-01T09:00 Spring mail", n), fmt.Sprintf("  t%02d 2024-04-01T09:00 Spring call", n), 1)
		} else {
			text = strings.Replace(text, fmt.Sprintf("  c%02d 2024-04-01T09:00 Spring control", n), fmt.Sprintf("  c%02d 2024-04-01T09:00 Spring none", n), 1)
		}
	}
	src, at := world(t, text)
	r, err := trial.Measure(t.Context(), src, at, trial.Query{Plain: true})
	must(t, err)
	if len(r.Rows) != 2 || r.Rows[0].Arm != "call" || r.Rows[1].Arm != "mail" || !slices.Equal(r.Rows[0].HeldOut, []string{"control", "none"}) {
		t.Fatalf("rows %+v", r.Rows)
	}
	near(t, "call", r.Rows[0].Main().Lift, -0.25)
	near(t, "mail", r.Rows[1].Main().Lift, 0.75)
	if r.Rows[1].Main().Held.N != 40 || r.Rows[0].Cost != 1000 {
		t.Errorf("rows %+v", r.Rows)
	}
	if r.Rows[1].Main().Enough || !math.IsNaN(r.Rows[1].Q) {
		t.Errorf("twenty are enough: %+v", r.Rows[1])
	}
}
