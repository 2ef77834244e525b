package importer

import "bytes"

// Lists, which CSV has not, are texts that start each item with a byte that
// no text has: so an item may hold commas.
const listMark = 0xff

func isList(b []byte) bool { return len(b) > 0 && b[0] == listMark }

// listText is a list as people read it.
func listText(b []byte) []byte {
	return bytes.ReplaceAll(b[1:], []byte{listMark}, []byte(", "))
}

// appendItem adds an item to a list.
func appendItem(list, item []byte) []byte {
	return append(append(list, listMark), item...)
}

// eachItem visits a list's items.
func eachItem(b []byte, visit func([]byte)) {
	for b = b[1:]; ; {
		i := bytes.IndexByte(b, listMark)
		if i < 0 {
			i = len(b)
		}
		if item := trim(b[:i]); len(item) > 0 {
			visit(item)
		}
		if i == len(b) {
			return
		}
		b = b[i+1:]
	}
}
