package importer

import "bytes"

// maxTitle bounds the lines of a title.
const maxTitle = 20

// titleLines counts the lines above the header, as reports have them: a title,
// the dates it is of, blank lines, each with a field or two. Where they hide
// the delimiter the one of the lines below counts.
func titleLines(head []byte, whole bool, delim byte, given bool) (lines int, real byte) {
	if fields, filled, ok := firstFields(head, delim); !ok || fields > 1 && 2*filled >= fields {
		return 0, delim // as files are
	}
	rest := head
	for lines = 0; lines <= maxTitle; lines++ {
		best, most := byte(0), 1
		for i := range len(delimiters) {
			d := delimiters[i]
			if given && d != delim {
				continue
			}
			fields, same, rows := tryDelimiter(rest, whole, d)
			if _, filled, ok := firstFields(rest, d); ok && fields > most && 2*filled > fields && rows > 1 && 10*same >= 8*rows {
				best, most = d, fields
			}
		}
		if best != 0 {
			if above := head[:len(head)-len(rest)]; len(bytes.TrimSpace(above)) == 0 {
				return 0, best // blank lines are skipped anyway
			}
			return lines, best
		}
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			break
		}
		rest = rest[i+1:]
	}
	return 0, delim
}

// firstFields counts the fields of the first line, and those with a text; ok
// is false where the line is blank or opens a quote that it does not close.
func firstFields(text []byte, delim byte) (fields, filled int, ok bool) {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	line = trimNewline(line)
	if bytes.Count(line, []byte{'"'})%2 == 1 {
		return 0, 0, false
	}
	if len(bytes.TrimSpace(line)) == 0 {
		return 1, 0, true
	}
	s := newScanner(bytes.NewReader(line), delim)
	if s.next() != nil {
		return 0, 0, false
	}
	for _, f := range s.fields {
		if len(trim(f)) > 0 {
			filled++
		}
	}
	return len(s.fields), filled, true
}
