package importer

import (
	"fmt"
	"io"
)

// tally counts a column's texts, so that each is looked at once however often
// it comes. It takes a limited number of them.
type tally map[string]*seen

type seen struct{ n, line int }

// maxTally is at least the rows of a sample.
const maxTally = sampleRows

// add counts a text; false: it is not among those counted.
func (t tally) add(b []byte, line int) bool {
	b = trim(b)
	if s := t[string(b)]; s != nil {
		s.n++
		return true
	}
	if len(t) >= maxTally || len(b) > longText {
		return false
	}
	t[string(b)] = &seen{1, line}
	return true
}

// profile looks at the first rows of the file (0: all) and gathers how the
// columns are written.
func (im *importing) profile(rows int) error {
	s, closer, err := im.src.open(im.form, false)
	if err != nil {
		return err
	}
	defer closer.Close()
	im.evidence = make([]evidence, len(im.form.header))
	im.tallies = make([]tally, len(im.form.header))
	for i := range im.tallies {
		im.tallies[i] = tally{}
	}
	im.sampled = 0
	unsound, beyond, bytes := 0, 0, 0
	for rows == 0 || im.sampled < rows {
		if err := s.next(); err == io.EOF {
			break
		} else if err != nil {
			return fmt.Errorf("%s: %w", im.src.name, err)
		}
		if s.badly {
			unsound++
			continue
		}
		if rows == 0 && beyondASCII(s.raw) {
			beyond++
		}
		if s.zero || !im.soundLength(s) {
			continue
		}
		im.sampled++
		bytes += len(s.raw) + 1
		for i := range im.form.header {
			if !im.tallies[i].add(s.fields[i], s.line) {
				im.evidence[i].add(s.fields[i], s.line, 1)
			}
		}
	}
	for i, t := range im.tallies {
		for text, seen := range t {
			im.evidence[i].add([]byte(text), seen.line, seen.n)
		}
	}
	if _, packed := closer.(*ahead); !packed && bytes > 0 {
		im.expected = int(min(float64(im.src.size)/float64(bytes)*float64(im.sampled)*1.02, maxExpected))
	}
	if rows == 0 && unsound > 0 && !im.keepUTF8 && im.form.encoding == "" {
		if im.keepUTF8 = beyond >= unsound; !im.keepUTF8 {
			im.form.encoding = windowsText
			return im.profile(0)
		}
	}
	return nil
}
