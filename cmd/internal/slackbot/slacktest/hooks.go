package slacktest

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/slack-go/slack"
)

// hook is a response_url: for whom, where, of which message, and until when.
type hook struct {
	channel, user string
	message       *message // that the button was on; nil for a command
	used          int
	until         time.Time
}

// trigger is a trigger_id.
type trigger struct {
	used  bool
	until time.Time
}

// View is a modal that was opened.
type View struct {
	ID      string
	Title   string
	Blocks  []slack.Block
	Private string // private_metadata
}

func (s *Slack) newHook(channel, user string, m *message) string {
	id := s.id("R")
	s.hooks[id] = &hook{channel: channel, user: user, message: m, until: s.opt.Now().Add(s.opt.ResponseLife)}
	return s.server.URL + "/hooks/" + id
}

func (s *Slack) newTrigger() string {
	for id, t := range s.triggers {
		if s.opt.Now().After(t.until.Add(time.Minute)) {
			delete(s.triggers, id)
		}
	}
	id := s.id("1234567.")
	s.triggers[id] = &trigger{until: s.opt.Now().Add(s.opt.TriggerLife)}
	return id
}

// suffers has a request that is no method's meet a fault before anything is
// done, and tells whether that was all.
func (s *Slack) suffers(w http.ResponseWriter, f Fault) bool {
	switch {
	case f.Delay > 0 && !s.pause(f.Delay):
	case f.CutBefore:
		cut(w, "")
	case f.Status == http.StatusTooManyRequests:
		refuseRate(w, f.RetryAfter)
	case f.Status != 0:
		http.Error(w, http.StatusText(f.Status), f.Status)
	default:
		return false
	}
	return true
}

// serveHook takes what is posted to a response_url.
func (s *Slack) serveHook(w http.ResponseWriter, r *http.Request) {
	a, _, err := readArgs(r)
	if err != nil {
		write(w, refuse("invalid_payload"))
		return
	}
	s.mu.Lock()
	s.calls["response_url"]++
	f := s.fault("response_url")
	s.mu.Unlock()
	if s.suffers(w, f) {
		return
	}
	got := s.respond(r.PathValue("id"), a)
	code := ""
	if got.refused != nil {
		code = got.refused.Code
	}
	s.note("response_url", a, code)
	switch {
	case f.CutAfter:
		cut(w, `{"ok":`)
		return
	case code == "used_url" || code == "expired_url":
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(http.StatusNotFound)
		_ = json.NewEncoder(w).Encode(map[string]any{"ok": false, "error": code})
		return
	}
	write(w, got)
}

func (s *Slack) respond(id string, a args) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hooks[id]
	switch {
	case h == nil || s.opt.Now().After(h.until):
		return refuse("expired_url")
	case h.used >= MaxResponses:
		return refuse("used_url")
	}
	if a.yes("delete_original") {
		h.used++
		if h.message != nil && !h.message.Deleted {
			s.remove(s.channels[h.channel], h.message, s.opt.Quiet)
		}
		return done(nil)
	}
	if r := refuseMessage(a); r != nil {
		return answer{refused: r}
	}
	h.used++
	c := s.channels[h.channel]
	switch {
	case a.yes("replace_original") && h.message != nil && !h.message.Deleted && h.message.To == "":
		s.change(c, h.message, a)
	case a["response_type"] == "in_channel" && c != nil:
		s.say(c, s.compose(a))
	default:
		a["hook"] = s.server.URL + "/hooks/" + id
		s.whisper(h.channel, h.user, a)
	}
	return done(nil)
}

func (s *Slack) openView(a args) answer {
	t := s.triggers[a["trigger_id"]]
	switch {
	case t == nil:
		return refuse("invalid_trigger_id")
	case t.used:
		return refuse("exchanged_trigger_id")
	case s.opt.Now().After(t.until):
		return refuse("expired_trigger_id")
	}
	var v struct {
		Type    string                 `json:"type"`
		Title   *slack.TextBlockObject `json:"title"`
		Blocks  json.RawMessage        `json:"blocks"`
		Private string                 `json:"private_metadata"`
	}
	// reference/views: a title of at most 24 characters, 3,000 of metadata.
	if err := json.Unmarshal([]byte(a["view"]), &v); err != nil || v.Type != "modal" || v.Title == nil || length(v.Title.Text) > 24 || length(v.Private) > 3000 {
		return refuse("invalid_arguments")
	}
	if r := refuseBlocks(string(v.Blocks), MaxViewBlocks); r != nil {
		return answer{refused: &Refusal{Code: "invalid_arguments", Details: r.Details}}
	}
	t.used = true
	var blocks slack.Blocks
	_ = json.Unmarshal(v.Blocks, &blocks)
	view := View{ID: s.id("V"), Title: v.Title.Text, Blocks: blocks.BlockSet, Private: v.Private}
	s.views = append(s.views, view)
	s.ring("", "")
	return done(map[string]any{"view": map[string]any{"id": view.ID, "type": "modal", "team_id": Team, "title": v.Title, "blocks": v.Blocks}})
}
