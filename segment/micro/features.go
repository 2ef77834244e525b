package micro

import (
	"context"
	"slices"
	"time"

	"tesela/segment"
	"tesela/segment/feature"
)

// BuiltIn lists the features of the built-in layers: habits (behaviour,
// product, channel, demography) over all time, since a customer's last year
// may be too short to show them, value and engagement over the last year.
// Fields that except is true of are left out.
func BuiltIn(ctx context.Context, src segment.Source, at time.Time, except func(segment.FieldRef) bool) ([]feature.Feature, error) {
	always := map[string]bool{feature.Behaviour: true, feature.Product: true, feature.Channel: true, feature.Demography: true}
	var all []feature.Feature
	for _, name := range feature.Layers() {
		fs, err := feature.From(ctx, src, at, feature.Options{Always: always[name], Layers: []string{name}, Except: except})
		if err != nil {
			return nil, err
		}
		all = append(all, fs...)
	}
	return all, nil
}

// read computes the features of the layers.
func (w *work) read(ctx context.Context) error {
	w.progress(Reading, 0, 1)
	var fs []feature.Feature
	var names []string
	own := map[string]bool{}
	for _, l := range w.q.Layers {
		names = append(names, l.Name)
		own[l.Name] = !slices.Contains(feature.Layers(), l.Name)
		if own[l.Name] {
			fs = append(fs, l.Features...)
		}
	}
	if len(names) == 0 {
		names = feature.Layers()
	}
	// All built-in features are there, also where they are no layer: what
	// clusters tell of them is what layers are chosen by, and they may tell a
	// group better than what it was clustered by.
	builtIn, err := BuiltIn(ctx, w.src, w.at, w.q.Except)
	if err != nil {
		return err
	}
	fs = append(fs, builtIn...)
	if w.table, err = feature.Load(ctx, w.src, w.at, unique(append(fs, counts(fs)...))); err != nil {
		return err
	}
	for _, name := range names {
		l := layer{name: name, own: own[name]}
		for f := range w.table.Features {
			if w.table.Features[f].Layer == name {
				l.features = append(l.features, f)
			}
		}
		w.layers = append(w.layers, l)
	}
	w.progress(Reading, 1, 1)
	w.habits()
	return nil
}

func unique(fs []feature.Feature) []feature.Feature {
	seen := map[string]bool{}
	var all []feature.Feature
	for _, f := range fs {
		if key := f.Key(); !seen[key] {
			seen[key] = true
			all = append(all, f)
		}
	}
	return all
}
