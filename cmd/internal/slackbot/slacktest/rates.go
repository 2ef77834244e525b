package slacktest

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// Rates of calls (apis/web-api/rate-limits): of each method a tier's figure per
// minute, that many at once; chat.postMessage one a second in a channel with
// bursts of five, and in the workspace "several hundred per minute", here 300
// with bursts of 100.
type Rates struct {
	Off bool
	// Speed of the minutes: with 60 a second gives what Slack gives in a minute.
	// Bursts grow with its root.
	Speed float64
	// Wide multiplies what the app as a whole may call, not what it may post in
	// one channel: many conversations at once stand for those of many
	// workspaces.
	Wide float64
}

// Tiers in calls per minute. The special one is that of setStatus and
// auth.test, which Slack calls hundreds.
const (
	tier1   = 1
	tier2   = 20
	tier3   = 50
	tier4   = 100
	special = 600

	postPerMinute, postBurst  = 60, 5
	spacePerMinute, spaceOnce = 300, 100
)

type bucket struct {
	level float64
	at    time.Time
}

// take takes a call out of a bucket, or tells how long until there is one.
func (s *Slack) take(key string, perMinute, burst float64) time.Duration {
	if s.opt.Rates.Off {
		return 0
	}
	speed := s.opt.Rates.Speed
	if speed <= 0 {
		speed = 1
	}
	perSecond := perMinute * speed / 60
	burst = max(burst, burst*math.Sqrt(speed))
	now := time.Now()
	b := s.buckets[key]
	if b == nil {
		b = &bucket{level: burst, at: now}
		s.buckets[key] = b
	}
	b.level = min(burst, b.level+now.Sub(b.at).Seconds()*perSecond)
	b.at = now
	if b.level >= 1 {
		b.level--
		return 0
	}
	return time.Duration((1 - b.level) / perSecond * float64(time.Second))
}

// limited tells how long a call must wait; 0 for not at all.
func (s *Slack) limited(name string, m method, args map[string]string) time.Duration {
	wide := max(1, s.opt.Rates.Wide)
	if name != "chat.postMessage" {
		return s.take(name, m.tier*wide, m.tier*wide)
	}
	if wait := s.take(name+" "+args["channel"], postPerMinute, postBurst); wait > 0 {
		return wait
	}
	return s.take(name, spacePerMinute*wide, spaceOnce*wide)
}

// refuseRate writes Slack's answer to too many calls. Retry-After is in whole
// seconds.
func refuseRate(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.Seconds())))))
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = w.Write([]byte(`{"ok":false,"error":"ratelimited"}`))
}
