package wire

import (
	"context"
	"testing"
	"time"
)

// slowMemory takes its time to write, as a busy disk does.
type slowMemory struct{ *memory }

func (m slowMemory) Claim(ctx context.Context, kind, key string, body []byte, until time.Time) (bool, error) {
	select {
	case <-time.After(40 * time.Millisecond):
	case <-ctx.Done():
		return false, ctx.Err()
	}
	return m.memory.Claim(ctx, kind, key, body, until)
}

// What Slack was told is heard, it does not send again: so it is told only when
// a power cut would lose nothing, over the socket and over HTTP.
func TestKeptBeforeAcknowledged(t *testing.T) {
	for _, over := range []string{"socket", "http"} {
		s := world(t, open())
		m := newMemory()
		var h heard
		memory := func(c *Config) { c.Memory = slowMemory{m} }
		w := (*running)(nil)
		if over == "http" {
			w, _ = overHTTP(t, s, h.add, memory)
		} else {
			w = connect(t, s, h.add, memory)
		}
		acknowledged(t, s.Command("C1", "U1", "how many?"))
		m.mu.Lock()
		kept := len(m.kept[heardKind])
		m.mu.Unlock()
		if kept != 1 {
			t.Errorf("%s: acknowledged with %d deliveries kept", over, kept)
		}
		h.wait(t, 1)
		w.stop()
	}
}
