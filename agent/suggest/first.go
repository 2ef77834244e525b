package suggest

import (
	"slices"
	"strings"

	"tesela/agent/model"
	"tesela/tools/restate"
)

// data is what first questions name: the data's own words in a language.
type data struct {
	catalogue *model.Catalogue
	names     map[string]string // slot → words
	has       map[string]bool
}

func newData(c *model.Catalogue, say *restate.Restater, language string, w words) *data {
	d := &data{catalogue: c, names: map[string]string{}, has: map[string]bool{}}
	for role, of := range c.Roles {
		d.has[role] = of != ""
	}
	byGender := func(forms [2]string, feminine bool) string {
		if feminine {
			return forms[1]
		}
		return forms[0]
	}
	if purchase := c.Roles["purchase"]; purchase != "" {
		var feminine bool
		_, d.names["purchases"], feminine = say.Noun(language, purchase)
		d.names["none"] = byGender(w.None, feminine)
	}
	if traits := fields(c.Traits, func(string) bool { return false }); len(traits) > 0 {
		d.names["field"] = noun(say, language, traits[0])
		d.has["trait"] = true
	}
	// The two kinds of event with the most rows beside the purchases.
	events := slices.Clone(c.Events)
	events = slices.DeleteFunc(events, func(e model.Event) bool { return e.Rows == 0 || e.Name == c.Roles["purchase"] })
	slices.SortStableFunc(events, func(a, b model.Event) int { return b.Rows - a.Rows })
	if len(events) > 0 {
		_, d.names["events"], _ = say.Noun(language, events[0].Name)
		d.has["event"] = true
	}
	other := c.Roles["purchase"]
	if other == "" && len(events) > 1 {
		other = events[1].Name
	}
	if other != "" {
		var feminine bool
		d.names["other"], d.names["others"], feminine = say.Noun(language, other)
		d.names["no"] = byGender(w.No, feminine)
		d.has["other"] = true
	}
	return d
}

// fill puts the names into a question; false where the data lack what it
// needs.
func (d *data) fill(text string, needs []string) (string, bool) {
	for _, need := range needs {
		if !d.has[need] {
			return "", false
		}
	}
	for slot, words := range d.names {
		text = strings.ReplaceAll(text, "{"+slot+"}", words)
	}
	return text, text != "" && !strings.Contains(text, "{")
}
