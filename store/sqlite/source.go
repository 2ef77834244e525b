package sqlite

import (
	"context"
	"errors"
	"fmt"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
	"tesela/store"
)

// Source is the data of a workspace at one moment. It implements
// segment.Source; Dict with an empty Name gives the ids of the event.
type Source struct {
	w      *Workspace
	cat    *catalogue
	schema *segment.Schema
	saved  map[string]syntax.Formula
}

var _ segment.Source = (*Source)(nil)

// Schema gives the catalogue.
func (s *Source) Schema() *segment.Schema { return s.schema }

// Saved finds a saved segment's formula by its exact name.
func (s *Source) Saved(name string) (syntax.Formula, bool) {
	f, ok := s.saved[name]
	return f, ok
}

// CustomerIDs gives the customers' own ids.
func (s *Source) CustomerIDs(ctx context.Context) (*column.Dict, error) {
	return s.dict(ctx, dictKey{})
}

// Dict gives the words of a text or tags field.
func (s *Source) Dict(ctx context.Context, f segment.FieldRef) (*column.Dict, error) {
	if f.Name != "" {
		known := s.cat.fields[f]
		if known == nil {
			return nil, fmt.Errorf("read words of %s: %w", f, store.ErrNotFound)
		}
		if known.kind != column.Text && known.kind != column.Tags {
			return nil, fmt.Errorf("read words of %s: it is %s and has none", f, known.kind)
		}
	}
	return s.dict(ctx, f)
}

func (s *Source) dict(ctx context.Context, of dictKey) (*column.Dict, error) {
	d, err := s.words(ctx, of, nil)
	if err != nil || d != nil {
		return d, err
	}
	err = s.load(ctx, func(l loader) error {
		d, err = s.words(ctx, of, &l)
		return err
	})
	return d, err
}

// dictBytes counts text, headers and the index that questions will build.
func dictBytes(words []string) int64 {
	n := int64(64 * len(words))
	for _, w := range words {
		n += int64(len(w))
	}
	return n
}

// load runs decode in a read transaction, one at a time. What cannot be read by
// pages is read again through SQLite.
func (s *Source) load(ctx context.Context, decode func(l loader) error) error {
	select {
	case s.w.loading <- struct{}{}:
		defer func() { <-s.w.loading }()
	case <-ctx.Done():
		return fmt.Errorf("read workspace: %w", ctx.Err())
	}
	return s.w.view(ctx, "read workspace", func(tx querier) error {
		pages, err := s.w.pagesOf(ctx, tx)
		if err != nil {
			return err
		}
		l := loader{tx: tx, cat: s.cat, packs: true, pages: pages}
		if err = decode(l); errors.Is(err, errPages) && ctx.Err() == nil {
			l.pages = nil
			err = decode(l)
		}
		return err
	})
}

// Load brings the columns of need, decoding those that no earlier question
// did.
func (s *Source) Load(ctx context.Context, need segment.Need) (*column.World, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	world := &column.World{
		Customers: s.schema.Customers,
		Traits:    make(map[string]*column.Column, len(need.Traits)),
		Tables:    make(map[string]*column.Table, len(need.Events)),
	}
	missing, err := s.fill(ctx, world, need, nil)
	if err != nil || !missing {
		return world, err
	}
	return world, s.load(ctx, func(l loader) error {
		_, err := s.fill(ctx, world, need, &l)
		return err
	})
}

// fill puts what is cached into world, and with a loader the rest too. It
// tells whether something is missing.
func (s *Source) fill(ctx context.Context, world *column.World, need segment.Need, l *loader) (missing bool, err error) {
	for _, name := range need.Traits {
		ref := segment.FieldRef{Name: name}
		c, err := s.values(ctx, ref, state{s.cat.latest[ref], s.schema.Customers}, l, func(f *field) (*column.Column, error) {
			return l.trait(ctx, name, f)
		})
		if err != nil {
			return false, err
		}
		world.Traits[name], missing = c, missing || c == nil
	}
	for name, props := range need.Events {
		lacks, err := s.table(ctx, world, name, props, !need.Firsts, l)
		if err != nil {
			return false, err
		}
		missing = missing || lacks
	}
	return missing, nil
}

func (s *Source) table(ctx context.Context, world *column.World, name string, props []string, withIDs bool, l *loader) (missing bool, err error) {
	of := series{Event: name}
	if s.cat.events[name] == nil {
		return false, fmt.Errorf("load event %s: %w", name, store.ErrNotFound)
	}
	latest := state{latest: s.cat.latest[of]}
	key := cacheKey{cachedFrame, of}
	var a *arrangement
	if held, ok := s.w.cache.get(key, latest); ok {
		a = held.(*arrangement)
	}
	arrange := func() error {
		parts, err := partsOf(ctx, l.tx, of, s.cat.through)
		if err != nil {
			return err
		}
		// Parts may have been merged since; the columns of the merged ones
		// go by other runs to the same order.
		if a != nil && sameParts(a.parts, parts) {
			return nil
		}
		if a, err = l.arrange(ctx, of, parts); err != nil {
			return err
		}
		s.keepIDs(of, latest, a)
		s.w.cache.put(key, latest, a, a.bytes()+int64(24*len(a.runs)))
		return nil
	}
	if a == nil {
		if l == nil {
			return true, nil
		}
		if a, err = s.extend(ctx, of, latest, l); err != nil {
			return false, err
		}
		if a == nil {
			if err := arrange(); err != nil {
				return false, err
			}
		}
	}
	t := &column.Table{Event: name, Props: make(map[string]*column.Column, len(props))}
	checked := false
	check := func() error {
		if checked {
			return nil
		}
		checked = true
		return arrange()
	}
	for _, prop := range props {
		ref := segment.FieldRef{Event: name, Name: prop}
		c, err := s.values(ctx, ref, latest, l, func(f *field) (*column.Column, error) {
			if err := check(); err != nil {
				return nil, err
			}
			return l.column(ctx, a, ref, f)
		})
		if err != nil {
			return false, err
		}
		if c == nil {
			missing = true
			continue
		}
		t.Props[prop] = c
	}
	if a.tied && (withIDs || a.firsts == nil) {
		key := cacheKey{cachedIDs, of}
		if held, ok := s.w.cache.get(key, latest); ok {
			t.IDs = held.([]uint32)
		} else if l == nil {
			missing = true
		} else {
			if err := check(); err != nil {
				return false, err
			}
			if t.IDs, err = l.ids(ctx, a, of); err != nil {
				return false, fmt.Errorf("load %s: %w", of, err)
			}
			s.w.cache.put(key, latest, t.IDs, int64(4*len(t.IDs)))
		}
	}
	t.Who, t.Starts, t.Times, t.Clock, t.Firsts, t.Scattered = a.who, a.starts, a.times, a.clock, a.firsts, a.scattered
	t.Index = a.index
	world.Tables[name] = t
	return missing, nil
}

// keepIDs caches the ids that came with an arrangement, apart from it.
func (s *Source) keepIDs(of series, latest state, a *arrangement) {
	if a.ids != nil {
		s.w.cache.put(cacheKey{cachedIDs, of}, latest, a.ids, int64(4*len(a.ids)))
		a.ids = nil
	}
}

// extend brings what is cached of a series' older state up to date, with all
// its columns; nil where it is to be read anew.
func (s *Source) extend(ctx context.Context, of series, latest state, l *loader) (*arrangement, error) {
	held, at, ok := s.w.cache.older(cacheKey{cachedFrame, of}, latest)
	if !ok {
		return nil, nil
	}
	var ids []uint32
	if old, was, ok := s.w.cache.older(cacheKey{cachedIDs, of}, latest); ok && was == at {
		ids = old.([]uint32)
	}
	e, err := l.extend(ctx, of, held.(*arrangement), ids, at.latest)
	if err != nil || e == nil {
		return nil, err
	}
	s.keepIDs(of, latest, e.arrangement)
	for ref, f := range s.cat.fields {
		if ref.Event != of.Event {
			continue
		}
		key := cacheKey{cachedColumn, ref}
		old, was, ok := s.w.cache.older(key, latest)
		if !ok || was != at {
			continue
		}
		c, err := e.column(ctx, *l, ref, f, old.(*column.Column))
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", ref, err)
		}
		if c != nil {
			s.w.cache.put(key, latest, c, columnBytes(c))
		}
	}
	s.w.cache.put(cacheKey{cachedFrame, of}, latest, e.arrangement, e.bytes())
	return e.arrangement, nil
}

func sameParts(a, b []*part) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].id != b[i].id || a[i].since != b[i].since {
			return false
		}
	}
	return true
}

// values gives a field's column from the cache or, with a loader, by read; nil
// where it is not cached and there is no loader.
func (s *Source) values(ctx context.Context, ref segment.FieldRef, at state, l *loader, read func(*field) (*column.Column, error)) (*column.Column, error) {
	f := s.cat.fields[ref]
	if f == nil {
		return nil, fmt.Errorf("load %s: %w", ref, store.ErrNotFound)
	}
	key := cacheKey{cachedColumn, ref}
	var c *column.Column
	if held, ok := s.w.cache.get(key, at); ok {
		c = held.(*column.Column)
	} else if l == nil {
		return nil, nil
	} else {
		var err error
		if old, was, ok := s.w.cache.older(key, at); ok && was.latest == at.latest && ref.Event == "" {
			c = grown(old.(*column.Column), at.length)
		} else if c, err = read(f); err != nil {
			return nil, fmt.Errorf("load %s: %w", ref, err)
		}
		s.w.cache.put(key, at, c, columnBytes(c))
	}
	if f.kind != column.Text && f.kind != column.Tags {
		return c, nil
	}
	dict, err := s.words(ctx, ref, l)
	if err != nil || dict == nil {
		return nil, err
	}
	own := *c
	own.Dict = dict
	return &own, nil
}

// words is Dict for within a load.
func (s *Source) words(ctx context.Context, of dictKey, l *loader) (*column.Dict, error) {
	at := state{length: s.cat.words[of]}
	key := cacheKey{cachedDict, of}
	if d, ok := s.w.cache.get(key, at); ok {
		return d.(*column.Dict), nil
	}
	if l == nil {
		return nil, nil
	}
	words, err := l.dict(ctx, of)
	if err != nil {
		return nil, err
	}
	d := column.NewDict(words)
	s.w.cache.put(key, at, d, dictBytes(words))
	return d, nil
}
