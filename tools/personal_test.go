package tools

import (
	"slices"
	"testing"

	"tesela/segment"
	"tesela/segment/column"
)

// A field is personal by its role, whatever it is called; by its name where no
// other role says what it is; and a name means less on an event than on a
// customer.
func TestPersonalByRoleAndName(t *testing.T) {
	text := func(names ...string) (fields []segment.Field) {
		for _, n := range names {
			fields = append(fields, segment.Field{Name: n, Kind: column.Text})
		}
		return fields
	}
	s := &segment.Schema{
		Traits: text("contact", "who", "born", "mobile_no", "phone", "name", "nombre", "address", "city", "Teléfono"),
		Events: []segment.Event{
			{Name: "order", Props: text("name", "email", "product")},
			{Name: "message", Props: text("to")},
		},
		Roles: map[string]string{
			"email": "contact", "name": "who", "birthday": "born", "phone": "mobile_no",
			"city":    "address", // an address that is but a city
			"product": "order.product", "purchase": "order",
		},
	}
	p, err := loadPersonal()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"contact", "who", "born", "mobile_no", "phone", "name", "nombre", "Teléfono", "order.email"}
	if got := p.among(s); !slices.Equal(got, want) {
		t.Errorf("personal are %q, not %q", got, want)
	}
	s.Roles["email"], s.Roles["name"] = "message.to", "name"
	if !p.is(s, segment.FieldRef{Event: "message", Name: "to"}) || p.is(s, segment.FieldRef{Name: "contact"}) || p.is(s, segment.FieldRef{Event: "order", Name: "name"}) {
		t.Errorf("with other roles personal are %q", p.among(s))
	}
}
