package mcpserver

import (
	"net/http"
	"sync/atomic"
	"time"
)

// pacedWriter gives each write of an answer a time of its own. A stream may
// last as long as its session; a peer that takes nothing in may not.
type pacedWriter struct {
	http.ResponseWriter
	control  *http.ResponseController
	patience time.Duration
	begun    atomic.Bool
}

func newPacedWriter(w http.ResponseWriter, patience time.Duration) *pacedWriter {
	return &pacedWriter{ResponseWriter: w, control: http.NewResponseController(w), patience: patience}
}

// Unwrap lets http.ResponseController reach what is beneath.
func (w *pacedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader begins the answer.
func (w *pacedWriter) WriteHeader(status int) {
	w.begun.Store(true)
	w.ResponseWriter.WriteHeader(status)
}

func (w *pacedWriter) Write(b []byte) (int, error) {
	w.begun.Store(true)
	w.extend()
	return w.ResponseWriter.Write(b)
}

// FlushError sends what was written.
func (w *pacedWriter) FlushError() error {
	w.extend()
	return w.control.Flush()
}

// Flush sends what was written.
func (w *pacedWriter) Flush() { _ = w.FlushError() }

// finish gives the end of the answer its time, which may come long after the
// last write.
func (w *pacedWriter) finish() { w.extend() }

func (w *pacedWriter) extend() {
	// Recorders of tests have no deadlines, nor have they peers.
	_ = w.control.SetWriteDeadline(time.Now().Add(w.patience))
}
