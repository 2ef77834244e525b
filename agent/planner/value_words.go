package planner

import "bytes"

// valueWords tells which values of the fields of many hold a word: what is sold
// is called "lunch bag" where the data has fifty names with that in them.
type valueWords struct {
	ids  map[string]int32
	held [][]valueAt // by id of the word, in the order of fields and values
}

// valueAt is a value, of a field and at a place.
type valueAt struct{ field, code int32 }

// enter takes up the words of a value, those that are no codes.
func (w *valueWords) enter(field, code int, folded []byte) {
	if w.ids == nil {
		w.ids = map[string]int32{}
	}
	at := valueAt{int32(field), int32(code)}
	for word := range bytes.FieldsSeq(folded) {
		if len(word) < shortestInPart || bytes.ContainsAny(word, "0123456789@") {
			continue
		}
		id, known := w.ids[string(word)]
		if !known {
			if len(w.ids) >= mostWords {
				continue
			}
			id = int32(len(w.held))
			w.ids[string(word)] = id
			w.held = append(w.held, nil)
		}
		if list := w.held[id]; len(list) == 0 || list[len(list)-1] != at {
			w.held[id] = append(list, at)
		}
	}
}

// of are the values that hold a folded word.
func (w *valueWords) of(word string) []valueAt {
	if id, ok := w.ids[word]; ok {
		return w.held[id]
	}
	return nil
}
