package langchain

import (
	"net/http"
	"strings"

	"tesela/agent/model/wire"
)

// What not every endpoint takes is given up once it complains of it by name.
const (
	noTemperature = 1 << iota
	noSeed
	// noUnsigned gives calls that have no signature a stand-in.
	noUnsigned
	// noWords leaves out words beside calls: some of Mistral's models take one
	// or the other.
	noWords
)

var refusals = []struct {
	name string
	bit  uint32
}{
	{"temperature", noTemperature},
	{"random_seed", noSeed},
	{"but not both", noWords},
	{"thought_signature", noUnsigned},
	{"thoughtSignature", noUnsigned},
	{"thought signature", noUnsigned},
}

// next tells how to go on after an attempt that failed: with what the endpoint
// would not take given up, if that is what was wrong.
func (m *Model) next(_ error, n *wire.Note) wire.Next {
	if s := n.Status(); s != http.StatusBadRequest && s != http.StatusUnprocessableEntity {
		return wire.Judge
	}
	said := n.Said()
	text := said.Message + " " + said.Param
	for _, o := range refusals {
		if strings.Contains(text, o.name) && m.without.Or(o.bit)&o.bit == 0 {
			return wire.AtOnce
		}
	}
	return wire.Judge
}
