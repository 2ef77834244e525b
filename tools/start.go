package tools

import (
	"context"
	"fmt"
	"slices"

	"tesela/agent/model"
	"tesela/store"
)

// Start is what a turn starts from, all of one moment. It is shared and not to
// be changed.
type Start struct {
	*store.Moment
	// Catalogue is the same, by its address, as long as it would say the same,
	// so that what is made of it can be kept.
	Catalogue   *model.Catalogue
	Definitions Definitions
}

// Starter gives what turns start from, and makes it anew only where the
// workspace has changed. It is safe for concurrent use.
type Starter struct {
	ws     store.Workspace
	making chan struct{} // holds a token while latest is looked at or made
	latest *Start
}

// NewStarter makes a Starter; nothing is read yet.
func NewStarter(ws store.Workspace) *Starter {
	return &Starter{ws: ws, making: make(chan struct{}, 1)}
}

// Now gives what a turn that begins now starts from.
func (s *Starter) Now(ctx context.Context) (*Start, error) {
	m, err := store.Now(ctx, s.ws)
	if err != nil {
		return nil, fmt.Errorf("read the workspace: %w", err)
	}
	select {
	case s.making <- struct{}{}:
		defer func() { <-s.making }()
	case <-ctx.Done():
		return nil, fmt.Errorf("read the workspace: %w", context.Cause(ctx))
	}
	if s.latest != nil && s.latest.Moment == m {
		return s.latest, nil
	}
	// Who waited here may hold what is old by now.
	if m, err = store.Now(ctx, s.ws); err != nil {
		return nil, fmt.Errorf("read the workspace: %w", err)
	}
	if s.latest != nil && s.latest.Moment == m {
		return s.latest, nil
	}
	next := &Start{Moment: m, Definitions: definitionsOf(m)}
	if old := s.latest; old != nil && old.Fingerprint == m.Fingerprint && slices.EqualFunc(old.Segments, m.Segments, sameName) {
		next.Catalogue = old.Catalogue
	} else if next.Catalogue, err = catalogueOf(ctx, m); err != nil {
		return nil, err
	}
	s.latest = next
	return next, nil
}

func sameName(a, b store.Segment) bool { return a.Name == b.Name }
