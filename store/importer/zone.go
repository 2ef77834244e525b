package importer

import (
	"strings"
	"time"

	"tesela/segment/syntax"
)

// zone turns local times into UTC. A local time that comes twice, when clocks
// go back, is taken as the first of the two; one that does not exist, when
// they go forward, is as much later as the clocks moved.
type zone struct {
	loc *time.Location
	// For local times in [from, to) the offset is the same and in no doubt.
	from, to, offset int64
}

func newZone(loc *time.Location) *zone { return &zone{loc: loc} }

// utc of a local time, both in microseconds since 1970.
func (z *zone) utc(local int64) int64 {
	if z.from <= local && local < z.to {
		return local - z.offset
	}
	before, after := z.offsetAt(local-day), z.offsetAt(local+day)
	if before == after {
		z.remember(local, before)
		return local - before
	}
	if u := local - before; z.offsetAt(u) == before {
		return u
	}
	if u := local - after; z.offsetAt(u) == after {
		return u
	}
	return local - before
}

func (z *zone) offsetAt(utc int64) int64 {
	_, offset := time.UnixMicro(utc).In(z.loc).Zone()
	return int64(offset) * second
}

// remember the stretch around local, two days off each change of the clocks.
func (z *zone) remember(local, offset int64) {
	start, end := time.UnixMicro(local - offset).In(z.loc).ZoneBounds()
	from, to := local-365*day, local+365*day
	if !start.IsZero() {
		from = max(from, start.UnixMicro()+offset+2*day)
	}
	if !end.IsZero() {
		to = min(to, end.UnixMicro()+offset-2*day)
	}
	if from <= local && local < to {
		z.from, z.to, z.offset = from, to, offset
	}
}

// findZone knows a time zone by its IANA name.
func findZone(name string) (*time.Location, error) {
	if name != "Local" && name != "" {
		if loc, err := time.LoadLocation(name); err == nil {
			return loc, nil
		}
	}
	near := syntax.NearestNames(name, words().Zones, 3)
	if len(near) == 0 { // a city alone
		for _, z := range words().Zones {
			if strings.Contains(strings.ToLower(z), strings.ToLower(strings.ReplaceAll(name, " ", "_"))) && name != "" {
				near = append(near, z)
			}
		}
	}
	if len(near) == 0 {
		near = []string{"Europe/London", "America/Sao_Paulo", "UTC"}
	}
	return nil, usage("the time zone %q is unknown; nearest: %s", name, strings.Join(near, ", "))
}
