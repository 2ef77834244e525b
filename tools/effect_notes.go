package tools

import (
	"context"
	"slices"
	"strings"

	"tesela/segment/effect"
	"tesela/segment/trial"
)

// mostNames is how many names a note lists.
const mostNames = 8

// names joins names in a note, the first so many.
func names(all []string) string {
	if len(all) > mostNames {
		return strings.Join(all[:mostNames], ", ") + ", …"
	}
	return strings.Join(all, ", ")
}

// notes says how the figures of trials were found.
func (m *effectCall) notes(report *trial.Report, whole, groups []trial.Row) {
	all := append(slices.Clone(whole), groups...)
	m.noteOutcome(report.Figures[0], report.Days)
	m.noteArms(all)
	m.noteBook(report.Book)
	m.noteMethods(all, report.Days)
	looked := whole
	if len(groups) > 0 {
		looked = groups
	}
	if len(looked) > 1 {
		m.note("effect_looks", params{"n": len(looked)})
	}
	if len(groups) > 0 {
		m.note("effect_shrunk", nil)
	}
	if slices.ContainsFunc(all, func(row trial.Row) bool {
		return !row.Main().Enough && row.Main().Treated.N+row.Main().Held.N > 0
	}) {
		m.note("effect_too_few", params{"arm": effect.MinArm, "seen": effect.MinSeen})
	}
	late := 0
	for i, row := range whole {
		if i == 0 || row.Trial != whole[i-1].Trial {
			late += row.Late
		}
	}
	if late > 0 {
		m.note("effect_late", params{"n": late, "days": report.Days})
	}
	if report.Money >= 0 {
		m.note("effect_gain", nil)
	}
	var unjudged []string
	for _, t := range report.Unjudged {
		if labels := names(t.Labels()); labels != "" {
			unjudged = append(unjudged, t.Campaign+" ("+labels+")")
		} else if !slices.Contains(m.sent, t.Campaign) { // told with what was sent only
			unjudged = append(unjudged, t.Campaign)
		}
	}
	if len(unjudged) > 0 {
		m.note("effect_unjudged", params{"n": len(unjudged), "names": names(unjudged)})
	}
	if m.q.Campaign == "" {
		m.noteSent(whole, report.Unjudged)
	}
}

func (m *effectCall) noteOutcome(f trial.Figure, days int) {
	if f.Name == trial.Bought {
		m.note("effect_bought", params{"days": days})
		return
	}
	m.note("effect_outcome", params{"outcome": f.String(), "days": days})
}

// noteArms says which arms are taken to be held out.
func (m *effectCall) noteArms(rows []trial.Row) {
	var held []string
	named := false
	for _, row := range rows {
		for _, a := range row.Trial.Arms {
			if a.HeldOut && !slices.Contains(held, a.Label) {
				held = append(held, a.Label)
			}
			named = named || a.Named
		}
	}
	if len(held) > 0 && !named {
		m.note("effect_held_out", params{"arms": names(held)})
	}
}

// noteBook says what was taken to play roles by its name alone.
func (m *effectCall) noteBook(b trial.Book) {
	if len(b.Guessed) == 0 || b.Trait != "" {
		return
	}
	var parts, flags []string
	tell := func(role, field string) {
		if field == "" || !slices.Contains(b.Guessed, role) {
			return
		}
		if role != trial.RoleTrial {
			field = b.Event + "." + field
		}
		parts, flags = append(parts, role+" = "+field), append(flags, "--role "+role+"="+field)
	}
	tell(trial.RoleTrial, b.Event)
	tell(trial.RoleArm, b.Arm)
	tell(trial.RoleCost, b.Cost)
	if len(parts) > 0 {
		m.note("effect_guessed", params{"parts": strings.Join(parts, ", "), "flags": strings.Join(flags, " ")})
	}
}

// noteMethods says how differences were taken.
func (m *effectCall) noteMethods(rows []trial.Row, days int) {
	var adjusted, rates, means bool
	saved, n := 0.0, 0
	for i := range rows {
		switch c := rows[i].Main(); {
		case !c.Enough:
		case c.Method == trial.ByCUPED:
			adjusted, saved, n = true, saved+c.Saved, n+1
		case c.Method == trial.ByNewcombe:
			rates = true
		default:
			means = true
		}
	}
	if adjusted {
		m.note("effect_cuped", params{"days": days, "saved": percent(saved / float64(n))})
	}
	if rates {
		m.note("effect_newcombe", nil)
	}
	if means {
		m.note("effect_welch", nil)
	}
}

// noteSent names campaigns that were sent and in which nobody was held out.
func (m *effectCall) noteSent(judged []trial.Row, unjudged []*trial.Trial) {
	var others []string
	for _, name := range m.sent {
		known := slices.ContainsFunc(judged, func(row trial.Row) bool { return row.Trial.Campaign == name }) ||
			slices.ContainsFunc(unjudged, func(u *trial.Trial) bool { return u.Campaign == name && names(u.Labels()) != "" })
		if !known {
			others = append(others, name)
		}
	}
	if len(others) > 0 {
		m.note("effect_sent_only", params{"n": len(others), "names": names(others)})
	}
}

// sentCampaigns are the campaigns that were sent, in the order of their days.
func (c *call) sentCampaigns(ctx context.Context) ([]string, error) {
	book, ok, err := trial.Sends(c.schema)
	if err != nil || !ok || book.Campaign == "" {
		return nil, err
	}
	all, err := trial.Trials(ctx, book, c.src, c.at, nil)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, t := range all {
		names = append(names, t.Campaign)
	}
	return names, nil
}
