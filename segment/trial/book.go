package trial

import (
	"slices"

	"tesela/segment"
	"tesela/segment/column"
)

// The roles that trials go through; see segment.Schema.Roles.
const (
	RoleTrial    = "trial"    // event: a customer is assigned to an arm
	RoleArm      = "arm"      // its property: which arm
	RoleCost     = "cost"     // its money property: what treating the customer costs
	RoleCampaign = "campaign" // property: which campaign
	RoleSend     = "send"     // event: something was sent
	RolePurchase = "purchase"
)

// Book is how a catalogue records campaigns.
type Book struct {
	// Event is the event of assignment, or where there is none that of sends;
	// "" where Trait tells the arms.
	Event string
	// Campaign, Arm and Cost are its properties; "" where it has none. Without
	// Campaign all its rows are of one campaign, named like the event.
	Campaign, Arm, Cost string
	// ArmKind is Text or Bool.
	ArmKind column.Kind
	// Trait is the trait that tells the arms, where no event does.
	Trait string
	// Guessed names the parts that no role tells but their names.
	Guessed []string
}

// HasArms tells that somebody may have been held out.
func (b Book) HasArms() bool { return b.Arm != "" || b.Trait != "" }

// Find reads the catalogue: the roles first, then names. An event of assignment
// with arms comes before a trait with arms, and that before sends. ok is false
// where there is none of them.
func Find(s *segment.Schema) (b Book, ok bool, err error) {
	w, err := words()
	if err != nil {
		return b, false, err
	}
	if e, guessed, found := trialEvent(s, w); found {
		b.Event = e.Name
		if guessed {
			b.Guessed = append(b.Guessed, RoleTrial)
		}
		b.fill(s, w, e)
		if b.Arm != "" {
			return b, true, nil
		}
	}
	if t, found := likeliest(w.ArmTrait, s.Traits, isArm); found && t.Set > 0 {
		return Book{Trait: t.Name, ArmKind: t.Kind, Guessed: []string{RoleArm}}, true, nil
	}
	if b.Event != "" {
		return b, true, nil
	}
	if e, found := s.Event(s.Roles[RoleSend]); found && e.Rows > 0 {
		b = Book{Event: e.Name}
		b.fill(s, w, e)
		return b, true, nil
	}
	return Book{}, false, nil
}

// trialEvent finds the event of assignment: by its role, or the likeliest name
// among those that have an arm, or else any that is so named.
func trialEvent(s *segment.Schema, w *wordlist) (e segment.Event, guessed, ok bool) {
	if e, ok := s.Event(s.Roles[RoleTrial]); ok {
		return e, false, true
	}
	if e, _, ok := s.Property(s.Roles[RoleArm]); ok {
		return e, false, true
	}
	at := len(w.Trial)
	for _, candidate := range s.Events {
		k := slices.Index(w.Trial, fold(candidate.Name))
		if k < 0 || k >= at || candidate.Rows == 0 {
			continue
		}
		if _, has := likeliest(w.Arm, candidate.Props, isArm); has {
			e, at = candidate, k
		}
	}
	return e, true, at < len(w.Trial)
}

// fill finds the properties of the event.
func (b *Book) fill(s *segment.Schema, w *wordlist, e segment.Event) {
	role := func(role string, list []string, fits func(segment.Field) bool) segment.Field {
		if owner, f, ok := s.Property(s.Roles[role]); ok && owner.Name == e.Name && fits(f) {
			return f
		}
		f, ok := likeliest(list, e.Props, fits)
		if ok {
			b.Guessed = append(b.Guessed, role)
		}
		return f
	}
	if arm := role(RoleArm, w.Arm, isArm); arm.Name != "" {
		b.Arm, b.ArmKind = arm.Name, arm.Kind
	}
	b.Cost = role(RoleCost, w.Cost, isFigure).Name
	isName := func(f segment.Field) bool { return f.Kind == column.Text && f.Name != b.Arm }
	// A campaign's name is mostly called alike on sends and assignments.
	if _, f, ok := s.Property(s.Roles[RoleCampaign]); ok {
		if own, has := e.Prop(f.Name); has && isName(own) {
			b.Campaign = own.Name
			return
		}
	}
	b.Campaign = role(RoleCampaign, w.Campaign, isName).Name
}

func isArm(f segment.Field) bool { return f.Kind == column.Text || f.Kind == column.Bool }

func isFigure(f segment.Field) bool { return f.Kind == column.Money || f.Kind == column.Number }
