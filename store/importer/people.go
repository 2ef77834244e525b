package importer

import (
	"context"
	"slices"
	"strings"
)

// listKey is the column that tells the people of a list apart, where no name
// says so: its first, where that differs from row to row and is written like a
// code, or is called one (a plate, a tax number).
func (im *importing) listKey() (col int, ok bool) {
	if len(im.form.header) < 2 || im.sampled < 2 || len(im.tallies[0]) < im.sampled {
		return 0, false
	}
	e, name := &im.evidence[0], snake(im.form.header[0])
	if e.set < im.sampled || e.moments > e.plain || max(e.point, e.comma) > e.whole {
		return 0, false
	}
	coded := true
	for text := range im.tallies[0] {
		coded = coded && !strings.ContainsAny(text, " @") && strings.ContainsAny(text, "0123456789")
	}
	return 0, coded && (e.point < e.set || words().hinted("id", name) || opensWithID(name))
}

// knownPeople finds whose the rows are by the ids that are in the workspace:
// the column nearly all of whose values are, where the one named for it is not
// such a one. Few customers prove nothing.
func (im *importing) knownPeople(ctx context.Context) (func(named int, ok bool) (int, bool), error) {
	none := func(int, bool) (int, bool) { return 0, false }
	src, err := im.ws.Source(ctx)
	if err != nil || src.Schema().Customers < fewPeople {
		return none, err
	}
	ids, err := src.CustomerIDs(ctx)
	if err != nil {
		return none, err
	}
	share := func(col int) (hits int, nearly bool) {
		for text := range im.tallies[col] {
			if _, ok := ids.Code(text); ok {
				hits++
			}
		}
		return hits, 10*hits >= 9*len(im.tallies[col])
	}
	return func(named int, ok bool) (col int, found bool) {
		if ok {
			if hits, _ := share(named); hits > 0 {
				return named, true
			}
		}
		most := fewPeople - 1
		for i := range im.form.header {
			if hits, nearly := share(i); nearly && hits > most {
				col, most, found = i, hits, true
			}
		}
		return col, found
	}, nil
}

// didThings tells whether rows of people who are known, each at a time, are what
// they did: some have several, or many have none. A list of traits has one row
// for nearly everybody, or says when they came, or what is known of them; of one
// that is longer than what was looked at nobody knows whom it leaves out.
func (im *importing) didThings(ctx context.Context, who, when int) (bool, error) {
	src, err := im.ws.Source(ctx)
	if err != nil {
		return false, err
	}
	schema, met := src.Schema(), len(im.tallies[who])
	if met < im.sampled {
		return true, nil
	}
	again := 0
	for _, h := range im.form.header {
		if _, known := schema.Trait(snake(h)); known {
			again++
		}
	}
	return im.sampled < sampleRows && 10*met < 8*schema.Customers && again == 0 && !im.signupOnly(when), nil
}

// fewPeople is how many ids must be met again to tell whose rows are.
const fewPeople = 10

// taking is the column that says what a trade is paid for a row, where it is
// called by the trade's own word: a premium, rent_paid.
func (im *importing) taking(fits func(col int) bool) (col int, ok bool) {
	var names []string
	for i, h := range im.form.header {
		if fits(i) {
			names = append(names, snake(h))
		}
	}
	name, ok := likeliestTaking(names)
	if !ok {
		return 0, false
	}
	return slices.IndexFunc(im.form.header, func(h string) bool { return snake(h) == name }), true
}

// likeliestTaking is the name among some that likeliest says what is paid.
func likeliestTaking(names []string) (best string, ok bool) {
	bestRank := 0
	for _, n := range names {
		if r, known := takes(n); known && (!ok || r < bestRank) {
			best, bestRank, ok = n, r, true
		}
	}
	return best, ok
}

// takes tells whether a name has a word for what a trade is paid first or last,
// and how likely.
func takes(name string) (rank int, ok bool) {
	w := strings.Split(name, "_")
	for _, x := range w {
		if slices.Contains(words().NotTaken, x) {
			return 0, false
		}
	}
	for k, x := range words().Takings {
		if w[0] == x || w[len(w)-1] == x {
			return k, true
		}
	}
	return 0, false
}

// fileNoun is what a file's name says of its rows; "" where it says nothing.
func fileNoun(name string) string {
	var says []string
	for _, w := range strings.Split(name, "_") {
		if w != "" && !slices.Contains(words().DullFiles, w) && strings.Trim(w, "0123456789") != "" {
			says = append(says, w)
		}
	}
	return strings.Join(says, "_")
}
