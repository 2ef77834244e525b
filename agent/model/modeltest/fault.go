package modeltest

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
)

// Fault is something that goes wrong with a reply.
type Fault string

// Faults that every vendor's endpoints are known for.
const (
	TooMany  Fault = "429"                     // with RetryAfter
	Quota    Fault = "429, no quota left"      //
	Down     Fault = "500"                     //
	Overload Fault = "503"                     //
	WrongKey Fault = "a wrong key"             // repeating the key
	NotYours Fault = "403"                     // the key is right, the model not for it
	Invalid  Fault = "400"                     // for reasons of its own
	NoModel  Fault = "no such model"           //
	Garbage  Fault = "a page instead"          // HTML with status 200
	Reset    Fault = "connection reset"        // before anything is said
	Silent   Fault = "no answer"               // until the client gives up
	Moved    Fault = "a redirect elsewhere"    //
	Hangs    Fault = "silent in mid stream"    // after the first piece
	Broken   Fault = "truncated stream"        // half of the pieces, then a proper end of the connection
	Aborted  Fault = "aborted stream"          // half of the pieces, then none of the connection
	Slow     Fault = "slow bytes"              // a few at a time
	Huge     Fault = "huge output"             // text without end
	NotUTF8  Fault = "bytes that are no UTF-8" //
)

// Faults of replies' forms; formats have those that they can have.
const (
	Split         Fault = "split deltas"               // every few bytes by themselves
	Merged        Fault = "merged deltas"              // all in one
	NoIndex       Fault = "calls without an index"     //
	SameIndex     Fault = "calls all of index 0"       //
	NullName      Fault = "null names"                 // after the first piece of a call
	RepeatedName  Fault = "repeated names"             // with each piece of a call
	NoID          Fault = "calls without an id"        //
	DoubleEncoded Fault = "double-encoded arguments"   // a JSON string in a JSON string
	AsObject      Fault = "arguments as an object"     // where a string is due
	Fenced        Fault = "arguments in a fence"       // of Markdown
	Nulls         Fault = "null arguments"             // for what was left out
	ArgsTwice     Fault = "arguments sent twice"       // in pieces, then whole
	NoChoices     Fault = "chunks without choices"     // here and there
	Comments      Fault = "comments between chunks"    // to keep the connection alive
	NoFinish      Fault = "no finish reason"           // only the end of the stream
	NoDone        Fault = "no end mark"                // only the finish reason
	Cut           Fault = "cut at the longest"         //
	Filtered      Fault = "content filter"             //
	FilteredAsked Fault = "content filter of prompts"  // status 400
	ErrorInStream Fault = "an error in mid stream"     //
	NotStreamed   Fault = "one document, no stream"    // though a stream was asked for
	Thoughts      Fault = "thoughts before the text"   //
	PickyOptions  Fault = "options refused"            // 400 while temperature, seed and the like come
	OtherBlocks   Fault = "blocks of unknown kinds"    // beside the known ones
	NoArguments   Fault = "arguments left out"         // of a call that has none
	Empty         Fault = "nothing at all"             // a reply without a choice
	BadCall       Fault = "a call that came to naught" // the model's own format broke
	Overloaded    Fault = "529"                        //
	ModelSlow     Fault = "408"                        // the endpoint waited too long for the model
	ModelFailed   Fault = "424"                        // the endpoint's model failed
)

// common are the faults that every format can have.
var common = []Fault{
	TooMany, Down, Overload, WrongKey, NotYours, Invalid, NoModel, Garbage, Reset, Silent, Moved, Hangs, Broken, Aborted, Slow, Huge, NotUTF8,
	Cut, Filtered, FilteredAsked, ErrorInStream, Nulls, Thoughts,
}

func can(f Fault, own ...Fault) bool { return slices.Contains(common, f) || slices.Contains(own, f) }

// fails plays the faults that leave no reply, and tells whether there was one.
func (s *Server) fails(ctx context.Context, w http.ResponseWriter, r Reply) bool {
	switch {
	case r.Has(Moved):
		w.Header().Set("Location", "http://192.0.2.1/elsewhere")
		w.WriteHeader(http.StatusFound)
		return true
	case r.Has(Garbage):
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!doctype html><title>Sign in to the network</title>\n<p>data: free wireless</p>\n"))
		return true
	case r.Has(Reset):
		abort(w)
		return true
	case r.Has(Silent):
		<-ctx.Done()
		return true
	}
	for _, f := range r.Faults {
		if a := s.format.Failure(f); a != nil {
			if r.RetryAfter != "" {
				w.Header().Set("Retry-After", r.RetryAfter)
			}
			a.send(w)
			return true
		}
	}
	return false
}

// Key is what tests give as the key, so that it can be looked for; where a
// vendor has pairs of them, Secret is the secret one of the pair.
const (
	Key    = "sk-test-5ecret-0123456789abcdef"
	Secret = "wJalrXUtnFEMI-5ecret-bPxRfiCYEXAMPLEKEY"
)

// abort ends the connection as a crash would.
func abort(w http.ResponseWriter) {
	h, ok := w.(http.Hijacker)
	if !ok {
		return
	}
	c, _, err := h.Hijack()
	if err != nil {
		return
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset, no proper end
	}
	_ = c.Close()
}

// pieces cuts a text into pieces of so many bytes, not within a rune.
func pieces(s string, size int) []string {
	if s == "" {
		return nil
	}
	var out []string
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(r)
		if b.Len() >= size {
			out = append(out, b.String())
			b.Reset()
		}
	}
	if b.Len() > 0 {
		out = append(out, b.String())
	}
	return out
}
