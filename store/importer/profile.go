package importer

import (
	"fmt"
	"io"
	"slices"
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

// columns makes room for what columns show.
func (im *importing) columns(n int) {
	for len(im.evidence) < n {
		im.evidence = append(im.evidence, evidence{})
		im.tallies = append(im.tallies, tally{})
	}
}

// profile looks at the first rows of the file (0: all) and gathers how the
// columns are written.
func (im *importing) profile(most int) error {
	rows, closer, err := im.src.open(im.form, false, true)
	if err != nil {
		return err
	}
	defer closer.Close()
	im.evidence, im.tallies = nil, nil
	im.columns(len(im.form.header))
	im.sampled = 0
	unsound, beyond, bytes := 0, 0, 0
	for most == 0 || im.sampled < most {
		if err := rows.next(); err == io.EOF {
			break
		} else if err != nil {
			return im.src.named(err)
		}
		s := rows.now()
		if s.badly {
			unsound++
			continue
		}
		if most == 0 && beyondASCII(s.raw) {
			beyond++
		}
		if s.zero || s.unfit != "" || !im.soundLength(s) {
			continue
		}
		im.sampled++
		bytes += len(s.raw) + 1
		fields := s.fields
		if im.form.format == formatCSV {
			fields = fields[:len(im.form.header)]
		}
		im.columns(len(fields))
		for i := range fields {
			if !im.tallies[i].add(s.fields[i], s.line) {
				im.evidence[i].add(s.fields[i], s.line, 1)
			}
		}
	}
	if j, ok := rows.(*jsonRows); ok {
		if im.form.header = slices.Clone(j.header); len(im.form.header) == 0 {
			return fmt.Errorf("%s: none of its lines is a JSON object with values, such as {\"customer\": \"7\", \"total\": 12.5}", im.src.name)
		}
	}
	for i, t := range im.tallies {
		for text, seen := range t {
			im.evidence[i].add([]byte(text), seen.line, seen.n)
		}
	}
	if p, ok := rows.(*parquetRows); ok {
		im.expected = int(min(p.file.NumRows(), maxExpected))
		return nil
	}
	if _, packed := closer.(*ahead); !packed && bytes > 0 {
		im.expected = int(min(float64(im.src.size)/float64(bytes)*float64(im.sampled)*1.02, maxExpected))
	}
	if most == 0 && unsound > 0 && !im.keepUTF8 && im.form.encoding == "" {
		if im.keepUTF8 = beyond >= unsound; !im.keepUTF8 {
			im.form.encoding = windowsText
			return im.profile(0)
		}
	}
	return nil
}
