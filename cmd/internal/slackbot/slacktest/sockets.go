package slacktest

import (
	"maps"
	"slices"
	"time"
)

// Connections are how many the app has open.
func (s *Slack) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.live())
}

// Opened is how many the app has opened so far.
func (s *Slack) Opened() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.socket.opened
}

// Cut ends the oldest connection without a word, CutAll all of them.
func (s *Slack) Cut() { s.cut(1) }

// CutAll ends all connections without a word.
func (s *Slack) CutAll() { s.cut(-1) }

func (s *Slack) cut(n int) {
	s.mu.Lock()
	list := slices.Clone(s.socket.conns)
	if n >= 0 {
		list = list[:min(n, len(list))]
	}
	for _, c := range list {
		c.leaving = true
	}
	s.mu.Unlock()
	for _, c := range list {
		reset(c.ws.NetConn())
	}
}

// Disconnect tells all connections to go, as Slack does every few hours: with
// "warning" they stay for about ten seconds, here grace, with
// "refresh_requested" or "link_disabled" they end at once. Nothing more is sent
// on them; what was not acknowledged by their end is sent on others.
func (s *Slack) Disconnect(reason string, grace time.Duration) {
	s.mu.Lock()
	list := s.live()
	for _, c := range list {
		c.leaving = true
	}
	s.mu.Unlock()
	for _, c := range list {
		_ = c.send(map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "applink"}})
		if reason != "warning" {
			grace = 0
		}
		s.spawn(func() {
			timer := time.NewTimer(grace)
			defer timer.Stop()
			select {
			case <-timer.C:
				_ = c.ws.Close()
			case <-c.gone:
			case <-s.closed:
			}
		})
	}
}

// Silence stops the pings, so that the app must find out that nobody is there.
func (s *Slack) Silence(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.socket.deaf = on
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
