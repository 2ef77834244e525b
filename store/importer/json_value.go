package importer

import (
	"bytes"
	"errors"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds how deep objects and lists lie in each other.
const maxDepth = 64

var (
	errJSON     = errors.New("not valid JSON")
	errDeep     = errors.New("nested too deeply")
	errNoObject = errors.New("not a JSON object")
	errColumns  = errors.New("too many columns")
)

// jsonNode is a place in the rows' objects: the column of the values there,
// and the places beneath by key.
type jsonNode struct {
	name   string // with those above, parted by points
	column int    // -1 until a value comes
	below  map[string]*jsonNode
}

func (n *jsonNode) child(key []byte) *jsonNode {
	if c := n.below[string(key)]; c != nil {
		return c
	}
	name := string(bytes.TrimSpace(key))
	if n.name != "" {
		name = n.name + "." + name
	}
	c := &jsonNode{name: name, column: -1}
	if n.below == nil {
		n.below = map[string]*jsonNode{}
	}
	n.below[string(key)] = c
	return c
}

// jsonParser reads one object into texts by column. It is an own parser for
// its speed: it makes nothing but the texts.
type jsonParser struct {
	b    []byte
	i    int
	root jsonNode
	// header names the columns; without grow it stays, and news tells of a
	// value for which it has none.
	header []string
	byName map[string]int
	grow   bool
	news   bool

	fields [][]byte // of the row, nil where it has no value
	room   [][]byte // by column, to be used again
	key    []byte
	text   []byte
}

func newJSONParser(header []string, grow bool) *jsonParser {
	p := &jsonParser{root: jsonNode{column: -1}, grow: grow, byName: map[string]int{}}
	for _, h := range header {
		p.addColumn(h)
	}
	return p
}

func (p *jsonParser) addColumn(name string) int {
	if i, ok := p.byName[name]; ok {
		return i
	}
	i := len(p.header)
	p.header, p.byName[name] = append(p.header, name), i
	p.fields, p.room = append(p.fields, nil), append(p.room, nil)
	return i
}

// row reads a whole object.
func (p *jsonParser) row(b []byte) error {
	p.b, p.i, p.news = b, 0, false
	clear(p.fields)
	p.blanks()
	if p.peek() != '{' {
		if p.i < len(p.b) && p.value(nil, false, 0) == nil {
			return errNoObject
		}
		return errJSON
	}
	if err := p.object(&p.root, false, 0); err != nil {
		return err
	}
	if p.blanks(); p.i < len(p.b) {
		return errJSON
	}
	if len(p.header) > maxColumns {
		return errColumns
	}
	return nil
}

func (p *jsonParser) blanks() {
	for p.i < len(p.b) {
		switch p.b[p.i] {
		case ' ', '\t', '\n', '\r':
			p.i++
		default:
			return
		}
	}
}

func (p *jsonParser) peek() byte {
	if p.i < len(p.b) {
		return p.b[p.i]
	}
	return 0
}

// value reads any value to a node (nil: nowhere); within a list it adds to
// the values there.
func (p *jsonParser) value(to *jsonNode, inList bool, depth int) error {
	if depth > maxDepth {
		return errDeep
	}
	switch c := p.peek(); {
	case c == '{':
		return p.object(to, inList, depth)
	case c == '[':
		return p.list(to, depth)
	case c == '"':
		text, err := p.string(p.text[:0])
		if err != nil {
			return err
		}
		p.text = text
		p.put(to, text, inList)
		return nil
	case c == 't', c == 'f', c == 'n':
		for _, word := range []string{"true", "false", "null"} {
			if bytes.HasPrefix(p.b[p.i:], []byte(word)) {
				p.i += len(word)
				if word != "null" {
					p.put(to, []byte(word), inList)
				}
				return nil
			}
		}
		return errJSON
	default:
		from := p.i
		if !p.number() {
			return errJSON
		}
		p.put(to, p.b[from:p.i], inList)
		return nil
	}
}

// object reads an object; its values go beneath the node.
func (p *jsonParser) object(to *jsonNode, inList bool, depth int) error {
	p.i++
	if p.blanks(); p.peek() == '}' {
		p.i++
		return nil
	}
	for first := true; ; first = false {
		p.blanks()
		if p.peek() != '"' {
			return errJSON
		}
		key, err := p.string(p.key[:0])
		if err != nil {
			return err
		}
		p.key = key
		if p.blanks(); p.peek() != ':' {
			return errJSON
		}
		p.i++
		p.blanks()
		if inList && first && string(key) == "key" && p.peek() == '"' && to != nil {
			if done, err := p.pair(to, depth); done || err != nil {
				return err
			}
			// Not a pair after all: pair left everything as it was.
		}
		var node *jsonNode
		if to != nil {
			node = to.child(key)
		}
		if err := p.value(node, inList, depth+1); err != nil {
			return err
		}
		p.blanks()
		switch p.peek() {
		case ',':
			p.i++
		case '}':
			p.i++
			return nil
		default:
			return errJSON
		}
	}
}

// pair reads the rest of {"key": K, "value": V} in a list, as event
// parameters are written: V goes to the place K. V may be an object of one
// value under the name of its type, such as {"int_value": 7}.
func (p *jsonParser) pair(to *jsonNode, depth int) (done bool, err error) {
	start := p.i
	name, err := p.string(nil)
	if err != nil {
		return false, err
	}
	p.blanks()
	if p.peek() != ',' {
		p.i = start
		return false, nil
	}
	p.i++
	p.blanks()
	if !bytes.HasPrefix(p.b[p.i:], []byte(`"value"`)) {
		p.i = start
		return false, nil
	}
	p.i += len(`"value"`)
	if p.blanks(); p.peek() != ':' {
		return false, errJSON
	}
	p.i++
	p.blanks()
	node := to.child(name)
	if p.peek() == '{' {
		err = p.typed(node, depth+1)
	} else {
		err = p.value(node, false, depth+1)
	}
	if err != nil {
		return false, err
	}
	// What else the pair has says nothing about the event.
	for {
		p.blanks()
		switch p.peek() {
		case '}':
			p.i++
			return true, nil
		case ',':
			p.i++
			p.blanks()
		default:
			return false, errJSON
		}
		if p.text, err = p.string(p.text[:0]); err != nil {
			return false, err
		}
		if p.blanks(); p.peek() != ':' {
			return false, errJSON
		}
		p.i++
		p.blanks()
		if err := p.value(nil, false, depth+1); err != nil {
			return false, err
		}
	}
}

// typed reads {"string_value": V} and the like to the node itself.
func (p *jsonParser) typed(to *jsonNode, depth int) error {
	p.i++
	if p.blanks(); p.peek() == '}' {
		p.i++
		return nil
	}
	for {
		p.blanks()
		if p.peek() != '"' {
			return errJSON
		}
		key, err := p.string(p.key[:0])
		if err != nil {
			return err
		}
		p.key = key
		if p.blanks(); p.peek() != ':' {
			return errJSON
		}
		p.i++
		p.blanks()
		node := (*jsonNode)(nil)
		if bytes.HasSuffix(key, []byte("_value")) {
			node = to
		}
		if err := p.value(node, false, depth+1); err != nil {
			return err
		}
		p.blanks()
		switch p.peek() {
		case ',':
			p.i++
		case '}':
			p.i++
			return nil
		default:
			return errJSON
		}
	}
}

// list reads a list; all its values go to the node.
func (p *jsonParser) list(to *jsonNode, depth int) error {
	p.i++
	if p.blanks(); p.peek() == ']' {
		p.i++
		return nil
	}
	for {
		p.blanks()
		if err := p.value(to, true, depth+1); err != nil {
			return err
		}
		p.blanks()
		switch p.peek() {
		case ',':
			p.i++
		case ']':
			p.i++
			return nil
		default:
			return errJSON
		}
	}
}

// put gives a node's column a value.
func (p *jsonParser) put(to *jsonNode, text []byte, inList bool) {
	if to == nil {
		return
	}
	if to.column < 0 {
		if i, ok := p.byName[to.name]; ok {
			to.column = i
		} else if p.grow && len(p.header) <= maxColumns {
			to.column = p.addColumn(to.name)
		} else {
			p.news = true
			return
		}
	}
	c := to.column
	switch {
	case !inList:
		p.room[c] = append(p.room[c][:0], text...)
	case isList(p.fields[c]):
		p.room[c] = appendItem(p.room[c], text)
	default:
		p.room[c] = appendItem(p.room[c][:0], text)
	}
	p.fields[c] = p.room[c]
}

// string appends the text of a string to dst.
func (p *jsonParser) string(dst []byte) ([]byte, error) {
	if p.peek() != '"' {
		return dst, errJSON
	}
	p.i++
	for p.i < len(p.b) {
		from := p.i
		for p.i < len(p.b) && p.b[p.i] != '"' && p.b[p.i] != '\\' {
			p.i++
		}
		dst = append(dst, p.b[from:p.i]...)
		if p.i == len(p.b) {
			return dst, errJSON
		}
		c := p.b[p.i]
		p.i++
		if c == '"' {
			return dst, nil
		}
		if p.i == len(p.b) {
			return dst, errJSON
		}
		c = p.b[p.i]
		p.i++
		switch c {
		case '"', '\\', '/':
			dst = append(dst, c)
		case 'n':
			dst = append(dst, '\n')
		case 't':
			dst = append(dst, '\t')
		case 'r':
			dst = append(dst, '\r')
		case 'b', 'f':
			dst = append(dst, ' ')
		case 'u':
			r, ok := p.hex4()
			if !ok {
				return dst, errJSON
			}
			if utf16.IsSurrogate(r) {
				low := rune(utf8.RuneError)
				if bytes.HasPrefix(p.b[p.i:], []byte(`\u`)) {
					at := p.i
					p.i += 2
					if low, ok = p.hex4(); !ok {
						return dst, errJSON
					}
					if utf16.DecodeRune(r, low) == utf8.RuneError {
						p.i = at
					}
				}
				r = utf16.DecodeRune(r, low)
			}
			if r == 0 {
				r = utf8.RuneError
			}
			dst = utf8.AppendRune(dst, r)
		default:
			return dst, errJSON
		}
	}
	return dst, errJSON
}

func (p *jsonParser) hex4() (r rune, ok bool) {
	if p.i+4 > len(p.b) {
		return 0, false
	}
	for _, c := range p.b[p.i : p.i+4] {
		switch {
		case c-'0' <= 9:
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	p.i += 4
	return r, true
}

// number steps over a number; false where there is none.
func (p *jsonParser) number() bool {
	digits := func() bool {
		from := p.i
		for p.i < len(p.b) && p.b[p.i]-'0' <= 9 {
			p.i++
		}
		return p.i > from
	}
	if p.peek() == '-' {
		p.i++
	}
	from := p.i
	if !digits() || p.b[from] == '0' && p.i > from+1 {
		return false
	}
	if p.peek() == '.' {
		if p.i++; !digits() {
			return false
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.i++
		if c := p.peek(); c == '+' || c == '-' {
			p.i++
		}
		return digits()
	}
	return true
}
