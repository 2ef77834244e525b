package modeltest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// endless is repeated where a reply does not end.
var endless = strings.Repeat("more and ", 50_000)

// sender sends replies, with what can go wrong on their way.
type sender struct {
	ctx context.Context
	w   http.ResponseWriter
	r   Reply

	fault string        // an error in the place of the reply, or in the midst of it
	begin string        // of a document whose text has no end
	more  func() string // a piece of a stream without end
	end   string        // of a stream
	lines bool          // a stream that is not of events
}

// document sends a reply in one piece.
func (s *sender) document(body []byte) {
	s.w.Header().Set("Content-Type", "application/json")
	switch {
	case s.r.Has(ErrorInStream):
		s.write(s.fault)
	case s.r.Has(Broken), s.r.Has(Aborted), s.r.Has(Hangs):
		s.write(string(body[:len(body)/2]))
		if s.r.Has(Aborted) {
			abort(s.w)
		}
		if s.r.Has(Hangs) {
			<-s.ctx.Done()
		}
	case s.r.Has(Huge):
		s.write(s.begin)
		for s.write(endless) {
		}
	default:
		s.write(string(body))
	}
}

// events sends the pieces of a stream.
func (s *sender) events(chunks []string) {
	kind := "text/event-stream"
	if s.lines {
		kind = "application/json"
	}
	s.w.Header().Set("Content-Type", kind)
	for i, c := range chunks {
		half := i >= 1 && i >= len(chunks)/2
		switch {
		case half && s.r.Has(Broken):
			return
		case half && s.r.Has(Aborted):
			abort(s.w)
			return
		case half && s.r.Has(Hangs):
			<-s.ctx.Done()
			return
		case half && s.r.Has(ErrorInStream):
			s.write(s.fault)
			return
		}
		if s.r.Has(Comments) && !s.lines {
			s.write(": keep-alive\n\n")
		}
		if !s.write(c) {
			return
		}
	}
	if s.r.Has(Huge) {
		for more := s.more(); s.write(more); {
		}
		return
	}
	s.write(s.end)
}

// write sends text at once, or a few bytes at a time, and tells whether the
// client is still there.
func (s *sender) write(text string) bool {
	flusher, _ := s.w.(http.Flusher)
	for text != "" {
		n := len(text)
		if s.r.Has(Slow) {
			n = min(n, 40)
			if !pause(s.ctx, 5*time.Millisecond) {
				return false
			}
		}
		if _, err := s.w.Write([]byte(text[:n])); err != nil {
			return false
		}
		if flusher != nil {
			flusher.Flush()
		}
		text = text[n:]
	}
	return s.ctx.Err() == nil
}

// encode writes JSON, with bytes that are no UTF-8 where the fault says so.
func encode(v any, r Reply) []byte {
	b := []byte(jsonOf(v))
	if r.Has(NotUTF8) {
		b = bytes.ReplaceAll(b, []byte("Ã"), []byte{0xc3})
	}
	return b
}

func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps of strings, numbers and the like
	}
	return string(b)
}

// raw is JSON as it is, or as a string where it is none.
func raw(text string) any {
	if json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	return text
}

// compact is JSON without space between its parts, and its fields in order.
func compact(text string) string {
	var v any
	if json.Unmarshal([]byte(text), &v) != nil {
		return text
	}
	return jsonOf(v)
}

// decoded is what base64 stands for; "" for what is none.
func decoded(text string) string {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return ""
	}
	return string(b)
}
