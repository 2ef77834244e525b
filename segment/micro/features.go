package micro

import (
	"context"
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
