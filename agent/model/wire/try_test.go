package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var quickly = Limits{Timeout: 2 * time.Second, Idle: 200 * time.Millisecond, Attempts: 3, Backoff: time.Millisecond, RetryAfter: 50 * time.Millisecond}

// get reads a reply as a library would, telling as little of an error.
func get(tr http.RoundTripper, address string) func(context.Context, *Note) error {
	return func(ctx context.Context, _ *Note) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		resp, err := (&http.Client{Transport: tr}).Do(req)
		if err != nil {
			return errors.New("library: request failed")
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			return errors.New("library: bad reply")
		}
		if string(body) == `{"half":` {
			return ErrBrokeOff
		}
		return nil
	}
}

func TestTry(t *testing.T) {
	for _, c := range []struct {
		name    string
		replies []string // status, Retry-After, body
		tries   int
		ok      bool
	}{
		{"at once", []string{"200||{}"}, 1, true},
		{"after failures", []string{"500||x", "503||x", "200||{}"}, 3, true},
		{"never", []string{"500||x"}, 3, false},
		{"too many, then not", []string{"429|0.01|{}", "200||{}"}, 2, true},
		{"too long a wait", []string{"429|60|{}", "200||{}"}, 1, false},
		{"asked for in the body", []string{`429||{"error":{"details":[{"retryDelay":"90s"}]}}`, "200||{}"}, 1, false},
		{"no quota", []string{`429||{"error":{"code":"insufficient_quota","message":"m"}}`}, 1, false},
		{"wrong request", []string{"400||{}"}, 1, false},
		{"broke off", []string{`200||{"half":`, "200||{}"}, 2, true},
		{"overloaded", []string{"529||{}", "200||{}"}, 2, true},
		{"time-out there", []string{"408||{}", "200||{}"}, 2, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var n atomic.Int32
			tr, url := serve(t, time.Second, func(w http.ResponseWriter, _ *http.Request) {
				i := int(n.Add(1)) - 1
				part := strings.SplitN(c.replies[min(i, len(c.replies)-1)], "|", 3)
				if part[1] != "" {
					w.Header().Set("Retry-After", part[1])
				}
				var status int
				fmt.Sscan(part[0], &status)
				w.WriteHeader(status)
				fmt.Fprint(w, part[2])
			})
			note, err := Try(t.Context(), quickly, get(tr, url), nil)
			if (err == nil) != c.ok || int(n.Load()) != c.tries || note.Status() == 0 {
				t.Errorf("%d tries, status %d, %v", n.Load(), note.Status(), err)
			}
		})
	}
}

// What the caller says counts before what went wrong.
func TestTryAsToldTo(t *testing.T) {
	boom := errors.New("boom")
	for _, c := range []struct {
		say  []Next
		want int
	}{
		{[]Next{Stop}, 1},
		{[]Next{AtOnce, AtOnce, AtOnce, AtOnce, Stop}, 5},
		{[]Next{AtOnce}, mostAtOnce + 1}, // bounded even if it were always said
		{[]Next{Judge}, 1},
	} {
		n := 0
		_, err := Try(t.Context(), quickly, func(context.Context, *Note) error { n++; return boom }, func(error, *Note) Next {
			return c.say[min(n, len(c.say))-1]
		})
		if n != c.want || !errors.Is(err, boom) {
			t.Errorf("%v: %d attempts, %v", c.say, n, err)
		}
	}
}

func TestTryEndsInTime(t *testing.T) {
	l := quickly
	l.Timeout = 30 * time.Millisecond
	wait := func(ctx context.Context, _ *Note) error { <-ctx.Done(); return errors.New("library: cancelled") }
	if _, err := Try(t.Context(), l, wait, nil); !errors.Is(err, ErrSlow) {
		t.Error(err)
	}
	why := errors.New("the user left")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(20*time.Millisecond, func() { cancel(why) })
	if _, err := Try(ctx, quickly, wait, nil); !errors.Is(err, why) {
		t.Error(err)
	}
	// While it waits for the next attempt, too.
	l = Limits{Backoff: time.Minute}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	time.AfterFunc(20*time.Millisecond, stop)
	started := time.Now()
	_, err := Try(ctx, l, func(context.Context, *Note) error { return io.ErrUnexpectedEOF }, nil)
	if !errors.Is(err, context.Canceled) || time.Since(started) > time.Second {
		t.Errorf("after %s: %v", time.Since(started), err)
	}
	// Rather what is wrong than that it took too long.
	l.Timeout = time.Second
	if _, err := Try(t.Context(), l, func(context.Context, *Note) error { return io.ErrUnexpectedEOF }, nil); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
}

// The transport's own bounds, of which the library says nothing.
func TestTransport(t *testing.T) {
	for _, c := range []struct {
		name  string
		serve http.HandlerFunc
		want  error
	}{
		{"silent", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, ErrSilent},
		{"silent later", func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "{")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, ErrSilent},
		{"without end", func(w http.ResponseWriter, _ *http.Request) {
			for more := strings.Repeat("more", 1<<16); ; {
				if _, err := io.WriteString(w, more); err != nil {
					return
				}
			}
		}, ErrHuge},
		{"elsewhere", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://192.0.2.1/", http.StatusFound)
		}, ErrRedirect},
		{"cut", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "{}")
		}, io.ErrUnexpectedEOF},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr, url := serve(t, 400*time.Millisecond, c.serve)
			l := quickly
			l.Attempts = 1
			note, err := Try(t.Context(), l, get(tr, url), nil)
			if err == nil || !errors.Is(note.Failure(), c.want) {
				t.Errorf("%v, noted %v", err, note.Failure())
			}
		})
	}
}

func TestNote(t *testing.T) {
	tr, url := serve(t, time.Second, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/stream":
			w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
			fmt.Fprint(w, "data: {}\n\ndata: [DO")
			w.(http.Flusher).Flush()
			time.Sleep(5 * time.Millisecond)
			fmt.Fprint(w, "NE]\n\n")
		case "/document":
			fmt.Fprint(w, `{"a":1}`)
		case "/liar":
			w.Header().Set("Content-Type", "text/event-stream")
			fmt.Fprint(w, ` {"a":1}`)
		default:
			w.WriteHeader(http.StatusTeapot)
			fmt.Fprint(w, strings.Repeat("x", 3*mostError))
		}
	})
	ask := func(path string) *Note {
		var kept *Note
		n, _ := Try(t.Context(), quickly, func(ctx context.Context, n *Note) error {
			kept = n
			return get(tr, url+path)(ctx, n)
		}, nil)
		if n != kept {
			t.Error("another note came back")
		}
		return n
	}
	if n := ask("/stream"); n.Plain() || !n.Done() || n.Raw() != nil || n.Status() != 200 {
		t.Errorf("stream: %v %v %q", n.Plain(), n.Done(), n.Raw())
	}
	if n := ask("/document"); !n.Plain() || n.Done() || string(n.Raw()) != `{"a":1}` {
		t.Errorf("document: %v %q", n.Plain(), n.Raw())
	}
	if n := ask("/liar"); !n.Plain() || string(n.Raw()) != ` {"a":1}` {
		t.Errorf("document called a stream: %v %q", n.Plain(), n.Raw())
	}
	if n := ask("/pot"); n.Plain() || n.Status() != 418 || len(n.Raw()) == 0 || len(n.Raw()) > 2*mostError {
		t.Errorf("error: %d, %d bytes", n.Status(), len(n.Raw()))
	}
}

// A library that drops contexts is bound to one from outside.
func TestBound(t *testing.T) {
	tr, url := serve(t, 5*time.Second, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/ok" {
			fmt.Fprint(w, "{}")
			return
		}
		<-r.Context().Done()
	})
	for name, own := range map[string]context.Context{"background": context.Background(), "its own": t.Context()} {
		ask := func(ctx context.Context, path string) (*Note, error) {
			return Try(ctx, quickly, func(ctx context.Context, n *Note) error {
				return get(tr.Bound(ctx), url+path)(own, n)
			}, nil)
		}
		if n, err := ask(t.Context(), "/ok"); err != nil || n.Status() != 200 {
			t.Errorf("%s: %v, status %d", name, err, n.Status())
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		started := time.Now()
		if _, err := ask(ctx, "/hang"); err == nil || time.Since(started) > time.Second {
			t.Errorf("%s: after %s: %v", name, time.Since(started), err)
		}
		cancel()
	}
	// And its own context counts still.
	own, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	started := time.Now()
	if err := get(tr.Bound(t.Context()), url+"/hang")(own, nil); err == nil || time.Since(started) > time.Second {
		t.Errorf("after %s: %v", time.Since(started), err)
	}
}

func TestDefaults(t *testing.T) {
	if got := (Limits{}).WithDefaults(); got != (Limits{2 * time.Minute, time.Minute, 4, 500 * time.Millisecond, 20 * time.Second}) {
		t.Errorf("%+v", got)
	}
	if got := quickly.WithDefaults(); got != quickly {
		t.Errorf("%+v", got)
	}
}
