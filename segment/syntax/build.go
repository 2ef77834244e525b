package syntax

// All joins formulas with and, flat: none gives everyone, one gives itself.
func All(fs ...Formula) Formula {
	var flat []Formula
	for _, f := range fs {
		if a, ok := f.(*And); ok {
			flat = append(flat, a.Factors...)
			continue
		}
		flat = append(flat, f)
	}
	switch len(flat) {
	case 0:
		return &Everyone{}
	case 1:
		return flat[0]
	}
	return &And{Factors: flat}
}

// Any joins formulas with or, flat: none gives nobody, one gives itself.
func Any(fs ...Formula) Formula {
	var flat []Formula
	for _, f := range fs {
		if o, ok := f.(*Or); ok {
			flat = append(flat, o.Terms...)
			continue
		}
		flat = append(flat, f)
	}
	switch len(flat) {
	case 0:
		return &Nobody{}
	case 1:
		return flat[0]
	}
	return &Or{Terms: flat}
}
