// Package storetest holds every implementation of store.Workspace to one
// behaviour, by comparing it with lists kept as plainly as can be. It is for
// the implementations' tests only.
package storetest

import (
	"testing"

	"tesela/store"
)

// Run runs the suite. open makes a new, empty workspace each time.
func Run(t *testing.T, open func(t *testing.T) store.Workspace) {
	for _, c := range []struct {
		name string
		test func(*testing.T, store.Workspace)
	}{
		{"empty", empty},
		{"rows come back sorted", roundTrip},
		{"columns of every kind", everyKind},
		{"the same rows again add nothing", again},
		{"the same rows again while loaded", againLoaded},
		{"repeats count as often as they come", repeats},
		{"rows with other properties", otherProperties},
		{"a batch is all or nothing", allOrNothing},
		{"a source stays as it was", snapshot},
		{"a source stays as it was over many imports", longSnapshot},
		{"events in several rows", tied},
		{"traits", traits},
		{"traits of tags", tagTraits},
		{"declarations", declarations},
		{"currency and zone", configuration},
		{"fingerprint", fingerprint},
		{"roles and words", rolesAndWords},
		{"segments", segments},
		{"turns", turns},
		{"turns found", turnsFound},
		{"traces", traces},
		{"newest traces", newestTraces},
		{"records", records},
		{"records claimed at once", recordsClaimed},
		{"unknown names", unknown},
		{"rows that are not sound", unsound},
		{"cancelled", cancelled},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := open(t)
			c.test(t, w)
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}
