package blockkit

import (
	"tesela/agent"
	"tesela/agent/wording"
	"tesela/cmd/internal/drawing"
	"tesela/tools"
)

// drawer draws charts in the language of an answer. One that fails is left to
// the table: a picture is no reason to keep figures back.
func drawer(lang *wording.Language, a *agent.Answer, o Options) func(*tools.Result) ([]byte, string, bool) {
	return func(res *tools.Result) ([]byte, string, bool) {
		at := drawing.Options{}
		if !a.AsOf.IsZero() {
			at.AsOf = a.AsOf.In(o.Zone)
		}
		picture, alt, ok, err := drawing.PNG(lang, res, at)
		return picture, alt, ok && err == nil
	}
}
