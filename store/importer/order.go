package importer

import (
	"slices"
	"strings"
)

// PeopleFirst puts the files that are called by a word for people ahead of the
// others, so that whose the others' rows are is told by the people's ids.
func PeopleFirst(files []string) []string {
	out := slices.Clone(files)
	slices.SortStableFunc(out, func(a, b string) int {
		switch pa, pb := callsPeople(baseName(a)), callsPeople(baseName(b)); {
		case pa == pb:
			return 0
		case pa:
			return -1
		}
		return 1
	})
	return out
}

// ofPeople tells whether the file is called by a word for people.
func (im *importing) ofPeople() bool { return callsPeople(im.fileName()) }

// callsPeople tells whether the name of a file says no more than whose list it
// is: subscribers, export_clientes_2024.
func callsPeople(name string) bool {
	noun := fileNoun(name)
	for _, ending := range []string{"", "s", "es"} {
		if one, ok := strings.CutSuffix(noun, ending); ok && slices.Contains(words().People, one) {
			return true
		}
	}
	return false
}
