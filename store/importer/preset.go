package importer

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"tesela/segment/syntax"
)

//go:embed presets.yaml
var presetsText []byte

// preset is a ready mapping; presets.yaml describes the fields.
type preset struct {
	About          string              `yaml:"about"`
	Customers      bool                `yaml:"customers"`
	Events         string              `yaml:"events"`
	EventColumn    []string            `yaml:"event_column"`
	ID             []string            `yaml:"id"`
	Customer       []string            `yaml:"customer"`
	Time           []string            `yaml:"time"`
	EventID        []string            `yaml:"event_id"`
	Props          map[string][]string `yaml:"props"`
	Traits         map[string][]string `yaml:"traits"`
	CustomerTraits map[string][]string `yaml:"customer_traits"`
	Kinds          map[string]string   `yaml:"kinds"`
	KindsOfTraits  map[string]string   `yaml:"kinds_of_traits"`
	Currency       string              `yaml:"currency"`
	Timezone       string              `yaml:"timezone"`
	KnownBy        []string            `yaml:"known_by"`
}

var readPresets = sync.OnceValues(func() (map[string]preset, error) {
	all := map[string]preset{}
	if err := yaml.UnmarshalWithOptions(presetsText, &all, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read the importer's presets: %w", err)
	}
	return all, nil
})

// Presets lists the names of the ready mappings.
func Presets() []string {
	all, err := readPresets()
	if err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(all))
}

func findPreset(name string) (preset, error) {
	all, err := readPresets()
	if err != nil {
		return preset{}, err
	}
	p, ok := all[name]
	if !ok {
		near := syntax.NearestNames(name, Presets(), 2)
		if len(near) > 0 {
			return p, usage("--preset: there is no %q; nearest: %s", name, strings.Join(near, ", "))
		}
		return p, usage("--preset: there is no %q; there are %s", name, strings.Join(Presets(), ", "))
	}
	return p, nil
}

// knownPreset finds the export that a header tells by itself.
func knownPreset(header []string) (name string, p preset, ok bool) {
	all, err := readPresets()
	if err != nil {
		return "", p, false
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		p := all[name]
		has := func(column string) bool { _, ok := pickColumn(header, []string{column}, nil); return ok }
		if len(p.KnownBy) > 0 && !slices.ContainsFunc(p.KnownBy, func(c string) bool { return !has(c) }) {
			return name, p, true
		}
	}
	return "", p, false
}

// mapping fills the parts of given that are not set with the preset's, in the
// header's names. filled tells of a column whether most rows have a value.
func (p preset) mapping(name string, header []string, given Mapping, filled func(col int) bool) (Mapping, error) {
	m := given
	pick := func(to *string, from []string, part string, needed bool) error {
		if *to != "" || len(from) == 0 {
			return nil
		}
		if c, ok := pickColumn(header, from, filled); ok {
			*to = c
		} else if needed {
			return usage("--preset %s: the file has no column %s; name it with --%s", name, strings.Join(from, " or "), part)
		}
		return nil
	}
	m.Customers = m.Customers || p.Customers
	if m.Events == "" && m.EventColumn == "" {
		m.Events = p.Events
	}
	if m.Events == "" {
		if err := pick(&m.EventColumn, p.EventColumn, "event-column", true); err != nil {
			return m, err
		}
	}
	for _, part := range []struct {
		to     *string
		from   []string
		flag   string
		needed bool
	}{{&m.ID, p.ID, "id", true}, {&m.Customer, p.Customer, "customer", true}, {&m.Time, p.Time, "time", true}, {&m.EventID, p.EventID, "event-id", false}} {
		if err := pick(part.to, part.from, part.flag, part.needed); err != nil {
			return m, err
		}
	}
	m.Props = fillFields(header, given.Props, p.Props, p.Kinds)
	m.Traits = fillFields(header, given.Traits, p.Traits, p.Kinds)
	m.CustomerTraits = fillFields(header, given.CustomerTraits, p.CustomerTraits, p.KindsOfTraits)
	return m, nil
}

// fillFields adds a preset's fields to those given, by name.
func fillFields(header, given []string, from map[string][]string, kinds map[string]string) []string {
	out := slices.Clone(given)
	for _, name := range slices.Sorted(maps.Keys(from)) {
		if slices.ContainsFunc(given, func(g string) bool { return strings.HasPrefix(strings.ReplaceAll(g, " ", ""), name+"=") }) {
			continue
		}
		if expr, ok := pickColumn(header, from[name], nil); ok {
			if k := kinds[name]; k != "" {
				expr += ":" + k
			}
			out = append(out, name+"="+expr)
		}
	}
	return out
}

// pickColumn finds the first of the names, or products of names, that the
// header has, whatever the case and the blanks; one that is filled, where
// there is one (nil: any).
func pickColumn(header, names []string, filled func(col int) bool) (column string, ok bool) {
	for _, n := range names {
		var parts []string
		full, sign := true, "*"
		if strings.Contains(n, "|") {
			sign = "|"
		}
		for part := range strings.SplitSeq(n, sign) {
			for i, h := range header {
				if squash(snake(h)) == squash(snake(part)) {
					parts = append(parts, h)
					full = full && (filled == nil || sign == "|" || filled(i))
					break
				}
			}
		}
		if len(parts) != strings.Count(n, sign)+1 {
			continue
		}
		if full {
			return strings.Join(parts, sign), true
		}
		if !ok {
			column, ok = strings.Join(parts, sign), true
		}
	}
	return column, ok
}
