package segment

import "tesela/segment/lifecycle"

// What a formula asks of a layer may need less than the layer: whoever asks for
// the churned need not know who the stars are.

// readers finds the tests that the plan makes of each layer's values, by value.
// A value that is read in any other way, or by nobody, has none.
func (p *Plan) readers() map[int][]*test {
	f := readerFinder{tests: map[int][]*test{}, whole: map[int]bool{}}
	for _, root := range p.roots {
		f.cond(root)
	}
	for _, s := range p.stages {
		f.value(s.by)
		if s.among != nil {
			f.cond(s.among)
		}
	}
	for id := range f.whole {
		delete(f.tests, id)
	}
	return f.tests
}

type readerFinder struct {
	tests map[int][]*test
	whole map[int]bool
}

// value notes that a value is read as it is.
func (f *readerFinder) value(v *value) {
	switch v.origin {
	case fromLayer:
		f.whole[v.id] = true
	case fromArith:
		f.value(v.left)
		f.value(v.right)
	}
}

func (f *readerFinder) cond(c cond) {
	switch c := c.(type) {
	case condAnd:
		f.conds(c.parts)
	case condOr:
		f.conds(c.parts)
	case condNot:
		f.cond(c.part)
	case condTest:
		if c.value.origin == fromLayer {
			f.tests[c.value.id] = append(f.tests[c.value.id], &c.test)
		} else {
			f.value(c.value)
		}
	case condCompare:
		f.value(c.left)
		f.value(c.right)
	}
}

func (f *readerFinder) conds(parts []cond) {
	for _, c := range parts {
		f.cond(c)
	}
}

// apart tells whether anybody who reads the layer tells some of its labels from
// one another, which are given by their places among the labels, from 1 on.
func (u *Use) apart(labels ...lifecycle.Stage) bool {
	if u.readers == nil {
		return true
	}
	for _, t := range u.readers {
		if t.kind != onCodes && t.kind != onSet {
			return true
		}
		for _, l := range labels[1:] {
			if t.kind == onCodes && t.holdsCode(uint32(l)) != t.holdsCode(uint32(labels[0])) {
				return true
			}
		}
	}
	return false
}
