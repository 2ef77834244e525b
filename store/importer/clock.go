package importer

import "bytes"

// readClock reads what follows the date: nothing, or a time of day and
// perhaps an offset.
func (m *moment) readClock(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	switch {
	case b[0] == 'T', b[0] == 't', b[0] == ' ', b[0] == ',':
		b = bytes.TrimLeft(b[1:], " ")
	case b[0] == ':' || b[0] == '-' || b[0] == '_': // 2010-12-01-08:26
		b = b[1:]
	default:
		return false
	}
	if len(b) == 0 {
		return true
	}
	h, n := upTo2(b)
	if n == 0 {
		return false
	}
	b = b[n:]
	var mi, s int
	var frac int64
	if len(b) > 0 && (b[0] == ':' || b[0] == '.' || b[0] == 'h') {
		if mi, n = upTo2(b[1:]); n != 2 {
			return false
		}
		b = b[3:]
		if len(b) > 0 && (b[0] == ':' || b[0] == '.') && len(b) > 2 {
			if s, n = upTo2(b[1:]); n != 2 {
				return false
			}
			b = b[3:]
			if len(b) > 1 && (b[0] == '.' || b[0] == ',') {
				unit := second / 10
				i := 1
				for ; i < len(b) && b[i]-'0' <= 9; i++ {
					frac += int64(b[i]-'0') * unit
					unit /= 10
				}
				b = b[i:]
			}
		}
	} else if !half(b) {
		return false
	}
	if len(b) > 0 && half(b) {
		b = bytes.TrimLeft(b, " ")
		if h < 1 || h > 12 {
			return false
		}
		h %= 12
		if b[0] == 'p' || b[0] == 'P' {
			h += 12
		}
		b = b[1:]
		if len(b) > 0 && b[0] == '.' {
			b = b[1:]
		}
		b = b[1:]
		if len(b) > 0 && b[0] == '.' {
			b = b[1:]
		}
	}
	if h > 23 && (h != 24 || mi != 0 || s != 0) || mi > 59 || s > 60 {
		return false
	}
	m.clock = true
	m.micros = int64(h)*hour + int64(mi)*minute + int64(s)*second + frac
	return m.readOffset(bytes.TrimLeft(b, " "))
}

// half tells whether am or pm stands there.
func half(b []byte) bool {
	b = bytes.TrimLeft(b, " ")
	if len(b) < 2 || b[0] != 'a' && b[0] != 'A' && b[0] != 'p' && b[0] != 'P' {
		return false
	}
	return b[1] == 'm' || b[1] == 'M' || len(b) > 2 && b[1] == '.' && (b[2] == 'm' || b[2] == 'M')
}

func (m *moment) readOffset(b []byte) bool {
	switch string(b) {
	case "":
		return true
	case "Z", "z", "UTC", "GMT", "+00:00", "+00", "+0000":
		m.zoned = true
		return true
	}
	if bytes.HasPrefix(b, []byte("UTC")) || bytes.HasPrefix(b, []byte("GMT")) {
		b = b[3:]
	}
	if b[0] != '+' && b[0] != '-' {
		return false
	}
	west := b[0] == '-'
	b = b[1:]
	h, n := upTo2(b)
	if n == 0 || h > 15 {
		return false
	}
	b = b[n:]
	if len(b) > 0 && b[0] == ':' {
		b = b[1:]
	}
	mi := 0
	if len(b) >= 2 {
		if mi, n = upTo2(b); n != 2 || mi > 59 {
			return false
		}
		b = b[2:]
	}
	if rest := bytes.TrimLeft(b, " "); len(rest) > 0 && string(rest) != "UTC" && string(rest) != "(UTC)" {
		return false
	}
	m.zoned, m.offset = true, h*3600+mi*60
	if west {
		m.offset = -m.offset
	}
	return true
}

func digits4(b []byte) (int, bool) {
	if len(b) < 4 || b[0]-'0' > 9 || b[1]-'0' > 9 || b[2]-'0' > 9 || b[3]-'0' > 9 {
		return 0, false
	}
	return int(b[0]-'0')*1000 + int(b[1]-'0')*100 + int(b[2]-'0')*10 + int(b[3]-'0'), true
}

func digits2(b []byte) (int, bool) {
	v, n := upTo2(b)
	return v, n == 2
}

func upTo2(b []byte) (v, n int) {
	for n < 2 && n < len(b) && b[n]-'0' <= 9 {
		v = v*10 + int(b[n]-'0')
		n++
	}
	return v, n
}
