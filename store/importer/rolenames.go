package importer

import (
	"maps"
	"slices"
)

// What may play a role.
const (
	EventRole    = "event"
	PropertyRole = "property of an event"
	TraitRole    = "trait"
)

// Roles lists the roles by name, each with what may play it.
func Roles() map[string]string {
	out := map[string]string{}
	for _, role := range slices.Sorted(maps.Keys(words().Events)) {
		out[role] = EventRole
	}
	for _, p := range propRoles {
		out[p.role] = PropertyRole
	}
	for _, role := range traitRoles {
		out[role] = TraitRole
	}
	return out
}
