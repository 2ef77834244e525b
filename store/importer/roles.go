package importer

import (
	"context"
	"maps"
	"slices"

	"tesela/segment"
	"tesela/segment/column"
)

// The roles that importing itself has to know; the lexicon's data has the
// names that play them.
const (
	rolePurchase = "purchase"
	roleRefund   = "refund"
	roleAmount   = "amount"
	roleQuantity = "quantity"
	roleProduct  = "product"
	roleSurvey   = "survey"
	roleScore    = "score"
	roleTrial    = "trial"
	roleArm      = "arm"
	roleCost     = "cost"
)

// propRoles are roles of properties, with the event role on whose event they
// are looked for first.
var propRoles = []struct{ role, of string }{
	{roleAmount, rolePurchase},
	{roleProduct, rolePurchase},
	{"category", rolePurchase},
	{roleQuantity, rolePurchase},
	{"campaign", "send"},
	{roleScore, roleSurvey},
	{roleArm, roleTrial},
	{roleCost, roleTrial},
}

var traitRoles = []string{"name", "email", "phone", "birthday", "country", "city", "signup", "account", "consent", "channel"}

// eventNames are the events of the file as far as the sample shows.
func (im *importing) eventNames() []string {
	if im.plan.eventCol < 0 {
		return []string{im.plan.event}
	}
	seen := map[string]bool{}
	for _, col := range append([]int{im.plan.eventCol}, im.plan.eventElse...) {
		for text := range im.tallies[col] {
			if name := eventNameOf(text); name != "" {
				seen[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// eventNameOf is an event's name as formulas spell it.
func eventNameOf(text string) string {
	if words().isMissing([]byte(text)) {
		return ""
	}
	return snake(text)
}

// likeliest is the name that stands highest in a list of the lexicon.
func likeliest(list, names []string) (best string, ok bool) {
	bestRank := 0
	for _, n := range names {
		if r, known := rank(list, n); known && (!ok || r < bestRank) {
			best, bestRank, ok = n, r, true
		}
	}
	return best, ok
}

// guessRoles gives roles to what came in, where they are free.
func (r *run) guessRoles(ctx context.Context) error {
	schema := r.batch.Schema()
	if better, err := r.outsells(ctx, schema); err != nil {
		return err
	} else if holder := schema.Roles[rolePurchase]; better && r.opts.Guessed[rolePurchase] != holder {
		r.sum.note("%s may be what the business sells, rather than %s; `tesela catalog --role purchase=%[1]s` says so", r.plan.event, holder)
	} else if better {
		if schema, err = r.yieldPurchase(schema); err != nil {
			return err
		}
	}
	lex := words()
	given := map[string]string{}
	give := func(role, target string) error {
		taken := schema.Roles[role] != "" && !(role == rolePurchase && r.unpaid(schema.Roles[role]))
		if taken || given[role] != "" || target == "" {
			return nil
		}
		given[role] = target
		return r.batch.SetRole(role, target)
	}
	if !r.plan.customers {
		var names []string
		for _, e := range schema.Events {
			names = append(names, e.Name)
		}
		if err := give(rolePurchase, r.known(schema, r.purchase)); err != nil {
			return err
		}
		if err := give(roleRefund, r.known(schema, r.refund)); err != nil {
			return err
		}
		for _, role := range slices.Sorted(maps.Keys(lex.Events)) {
			if name, ok := likeliest(lex.Events[role], names); ok {
				if err := give(role, name); err != nil {
					return err
				}
			}
		}
		for _, p := range propRoles {
			owner := given[p.of]
			if owner == "" {
				owner = schema.Roles[p.of]
			}
			if err := give(p.role, r.propOf(schema, p.role, owner)); err != nil {
				return err
			}
		}
	}
	var traits, dates []string
	for _, t := range schema.Traits {
		traits = append(traits, t.Name)
		if t.Kind == column.Date || t.Kind == column.Time {
			dates = append(dates, t.Name)
		}
	}
	for _, role := range traitRoles {
		traits := traits
		if role == "signup" || role == "birthday" {
			traits = dates
		}
		if name, ok := likeliest(lex.Columns[role], traits); ok {
			if err := give(role, name); err != nil {
				return err
			}
		}
	}
	if len(given) > 0 {
		r.sum.Roles = given
	}
	return nil
}

// yieldPurchase takes the purchase's role and those of its properties back, for
// the file's rows to have.
func (r *run) yieldPurchase(schema *segment.Schema) (*segment.Schema, error) {
	r.purchase = r.plan.event
	forget := []string{rolePurchase}
	for _, p := range propRoles {
		if p.of == rolePurchase {
			forget = append(forget, p.role)
		}
	}
	for _, role := range forget {
		if schema.Roles[role] == "" {
			continue
		}
		if err := r.batch.SetRole(role, ""); err != nil {
			return nil, err
		}
	}
	return r.batch.Schema(), nil
}

// known gives the event's name back if the catalogue has it.
func (r *run) known(schema *segment.Schema, event string) string {
	if e, ok := schema.Event(event); ok && event != "" && e.Rows > 0 {
		return event
	}
	return ""
}

// propOf finds the property that plays a role: on its owner, or where there
// is no such event on any; figures for what is summed.
func (r *run) propOf(schema *segment.Schema, role, owner string) string {
	for _, e := range schema.Events {
		if owner != "" && e.Name != owner {
			continue
		}
		var names []string
		for _, p := range e.Props {
			figure := p.Kind == column.Money || p.Kind == column.Number
			switch role {
			case roleAmount, roleQuantity, roleScore, roleCost:
				if figure {
					names = append(names, p.Name)
				}
			default:
				if p.Kind == column.Text {
					names = append(names, p.Name)
				}
			}
		}
		if owner == "" && role != "campaign" {
			continue // on other events these names mean other things
		}
		name, ok := likeliest(words().Columns[role], names)
		if !ok && role == roleAmount {
			name, ok = likeliestTaking(names)
		}
		if ok {
			return segment.FieldRef{Event: e.Name, Name: name}.String()
		}
	}
	return ""
}
