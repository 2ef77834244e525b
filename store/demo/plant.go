package demo

// PlantedCustomer is what the generator knows of a customer and the workspace
// does not.
type PlantedCustomer struct {
	ID      string // the customer's id in the workspace
	Persona string
	Trials  []PlantedTrial // in the order of their days
}

// PlantedTrial is a customer's part in a campaign's trial.
type PlantedTrial struct {
	Campaign string
	Treated  bool
	// HeldOut and WithTreatment are the purchases in the 30 days (of 24 hours)
	// from the assignment, had the customer been held out or treated; the one
	// of the customer's arm is what the rows show.
	HeldOut, WithTreatment int
}

// Plant tells the hidden truth of the demo that Fill makes with the same
// options: for tests of analyses that are to find it again.
func Plant(options Options) ([]PlantedCustomer, error) {
	o, err := options.filled()
	if err != nil {
		return nil, err
	}
	w, err := newWorld(o.Seed)
	if err != nil {
		return nil, err
	}
	all := make([]PlantedCustomer, o.Customers)
	var l life
	for n := range all {
		w.live(&l, n)
		all[n] = PlantedCustomer{ID: id(n), Persona: personas[l.persona].name}
		for _, t := range l.trials {
			all[n].Trials = append(all[n].Trials, PlantedTrial{
				Campaign: campaigns[t.campaign].name, Treated: t.treated, HeldOut: t.without, WithTreatment: t.with,
			})
		}
	}
	return all, nil
}
