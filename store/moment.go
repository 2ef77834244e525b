package store

import (
	"context"
	"errors"
	"reflect"

	"tesela/segment"
)

// Moment is all of a workspace that figures depend on, as it was at one moment.
// It stays so; ask again for what came since.
type Moment struct {
	// Workspace is whose moment it is.
	Workspace Workspace
	Source    segment.Source
	// Fingerprint and Imported are as Workspace gives them.
	Fingerprint, Imported string
	// Segments are by name; they are not to be changed.
	Segments []Segment
}

// momentTries bounds how often somebody may write in between.
const momentTries = 5

var errRestless = errors.New("the data changes faster than it can be read; ask again once the import is done")

// Now gives a workspace as it is now. A workspace that has a method of its own
// for it,
//
//	Now(ctx context.Context) (*Moment, error)
//
// gives the same Moment again, by its address, as long as nothing changed.
// Others are read until nothing changed over it.
func Now(ctx context.Context, ws Workspace) (*Moment, error) {
	if own, ok := ws.(interface {
		Now(ctx context.Context) (*Moment, error)
	}); ok {
		return own.Now(ctx)
	}
	before, err := ws.Fingerprint(ctx)
	if err != nil {
		return nil, err
	}
	saved, err := ws.Segments(ctx)
	if err != nil {
		return nil, err
	}
	for range momentTries {
		m := &Moment{Workspace: ws, Fingerprint: before, Segments: saved}
		if m.Source, err = ws.Source(ctx); err != nil {
			return nil, err
		}
		if m.Imported, err = ws.Imported(ctx); err != nil {
			return nil, err
		}
		if before, err = ws.Fingerprint(ctx); err != nil {
			return nil, err
		}
		if saved, err = ws.Segments(ctx); err != nil {
			return nil, err
		}
		if m.Fingerprint == before && reflect.DeepEqual(m.Segments, saved) {
			return m, nil
		}
	}
	return nil, errRestless
}
