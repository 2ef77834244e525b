package slacktest

import (
	"encoding/json"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
)

// method is one of the Web API: its tier in calls a minute, the scopes of which
// it needs one, and what it does under the lock.
type method struct {
	tier   float64
	scopes []string
	app    bool // called with the app's token, not the bot's
	run    func(s *Slack, a args) answer
}

// answer is what a method gives: fields, or a refusal.
type answer struct {
	fields  map[string]any
	refused *Refusal
}

func done(fields map[string]any) answer { return answer{fields: fields} }
func refuse(code string) answer         { return answer{refused: &Refusal{Code: code}} }

// args are those of a call, from a form or from JSON; what is no string there
// is kept as JSON.
type args map[string]string

func (a args) yes(name string) bool { return a[name] == "true" || a[name] == "1" }

// methods are all that the fake knows; tiers and scopes as the page of each
// under reference/methods tells.
func methods() map[string]method {
	return map[string]method{
		"api.test":                              {tier: special, run: func(*Slack, args) answer { return done(nil) }},
		"auth.test":                             {tier: special, run: (*Slack).authTest},
		"apps.connections.open":                 {tier: tier3, app: true, run: (*Slack).openConnection},
		"chat.postMessage":                      {scopes: []string{"chat:write"}, run: (*Slack).postMessage},
		"chat.update":                           {tier: tier3, scopes: []string{"chat:write"}, run: (*Slack).updateMessage},
		"chat.delete":                           {tier: tier3, scopes: []string{"chat:write"}, run: (*Slack).deleteMessage},
		"chat.postEphemeral":                    {tier: tier4, scopes: []string{"chat:write"}, run: (*Slack).postEphemeral},
		"chat.getPermalink":                     {tier: special, run: (*Slack).permalink},
		"conversations.open":                    {tier: tier3, scopes: []string{"im:write", "mpim:write"}, run: (*Slack).openConversation},
		"conversations.info":                    {tier: tier3, scopes: readScopes("read"), run: (*Slack).conversationInfo},
		"conversations.members":                 {tier: tier4, scopes: readScopes("read"), run: (*Slack).conversationMembers},
		"conversations.history":                 {tier: tier3, scopes: readScopes("history"), run: (*Slack).history},
		"conversations.replies":                 {tier: tier3, scopes: readScopes("history"), run: (*Slack).replies},
		"users.info":                            {tier: tier4, scopes: []string{"users:read"}, run: (*Slack).userInfo},
		"usergroups.users.list":                 {tier: tier2, scopes: []string{"usergroups:read"}, run: (*Slack).groupMembers},
		"team.info":                             {tier: tier3, scopes: []string{"team:read"}, run: (*Slack).teamInfo},
		"bots.info":                             {tier: tier3, scopes: []string{"users:read"}, run: (*Slack).botInfo},
		"files.getUploadURLExternal":            {tier: tier4, scopes: []string{"files:write"}, run: (*Slack).uploadURL},
		"files.completeUploadExternal":          {tier: tier4, scopes: []string{"files:write"}, run: (*Slack).completeUpload},
		"assistant.threads.setStatus":           {tier: special, scopes: []string{"assistant:write", "chat:write"}, run: (*Slack).setStatus},
		"assistant.threads.setTitle":            {tier: tier4, scopes: []string{"assistant:write"}, run: (*Slack).setTitle},
		"assistant.threads.setSuggestedPrompts": {tier: tier4, scopes: []string{"assistant:write"}, run: (*Slack).setPrompts},
		"views.open":                            {tier: tier4, run: (*Slack).openView},
	}
}

func readScopes(what string) []string {
	return []string{"channels:" + what, "groups:" + what, "im:" + what, "mpim:" + what}
}

func (s *Slack) serveAPI(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	a, token, err := readArgs(r)
	if err != nil {
		write(w, answer{refused: &Refusal{Code: "invalid_form_data", Details: []string{err.Error()}}})
		return
	}
	s.mu.Lock()
	s.calls[name]++
	n := s.calls[name]
	f := s.fault(name)
	s.ring("", "")
	s.mu.Unlock()
	if s.opt.Latency != nil {
		f.Delay += s.opt.Latency(name, n)
	}
	if f.Delay > 0 && !s.pause(f.Delay) {
		return
	}
	switch {
	case f.CutBefore:
		cut(w, "")
		return
	case f.Status == http.StatusTooManyRequests:
		s.note(name, a, "ratelimited")
		refuseRate(w, f.RetryAfter)
		return
	case f.Status != 0:
		s.note(name, a, http.StatusText(f.Status))
		http.Error(w, "<html>"+http.StatusText(f.Status)+"</html>", f.Status)
		return
	}
	var got answer
	if f.Error != "" {
		got = refuse(f.Error)
	} else {
		var wait time.Duration
		if got, wait = s.call(name, a, token); wait > 0 {
			s.note(name, a, "ratelimited")
			refuseRate(w, wait)
			return
		}
	}
	code := ""
	if got.refused != nil {
		code = got.refused.Code
	}
	s.note(name, a, code)
	if f.CutAfter {
		cut(w, `{"ok":true,"channel":"C`)
		return
	}
	write(w, got)
}

// call does what a method does, or tells how long the caller must wait.
func (s *Slack) call(name string, a args, token string) (answer, time.Duration) {
	m, known := s.methods[name]
	if !known {
		return answer{refused: &Refusal{Code: "unknown_method"}}, 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if code := s.tokenFault(token, m); code != "" {
		return refuse(code), 0
	}
	if s.opt.Scopes != nil && len(m.scopes) > 0 && !slices.ContainsFunc(m.scopes, func(n string) bool { return slices.Contains(s.opt.Scopes, n) }) {
		return answer{refused: &Refusal{Code: "missing_scope"}, fields: map[string]any{"needed": strings.Join(m.scopes, ","), "provided": strings.Join(s.opt.Scopes, ",")}}, 0
	}
	if wait := s.limited(name, m, a); wait > 0 {
		return answer{}, wait
	}
	return m.run(s, a), 0
}

func (s *Slack) tokenFault(token string, m method) string {
	want, other := s.opt.BotToken, s.opt.AppToken
	if m.app {
		want, other = other, want
	}
	switch token {
	case want:
		return ""
	case "":
		return "not_authed"
	case other:
		return "not_allowed_token_type"
	}
	return "invalid_auth"
}

func (s *Slack) note(name string, a args, code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.log) >= s.opt.LogSize {
		s.log = slices.Delete(s.log, 0, (len(s.log)+4)/5)
	}
	s.log = append(s.log, Call{Method: name, Args: a, At: time.Now(), Error: code})
	s.ring("", "")
}

// pause waits, though the caller may have gone: what was sent is done all the
// same. It is false once the fake was closed.
func (s *Slack) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.closed:
		return false
	}
}

// readArgs reads a call as slack-go sends it: a form, or JSON with the token in
// the header.
func readArgs(r *http.Request) (args, string, error) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	a := args{}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" {
		body, err := io.ReadAll(io.LimitReader(r.Body, 8<<20))
		if err != nil {
			return nil, "", err
		}
		var o map[string]json.RawMessage
		if len(body) > 0 {
			if err := json.Unmarshal(body, &o); err != nil {
				return nil, "", err
			}
		}
		for name, v := range o {
			var text string
			if json.Unmarshal(v, &text) != nil {
				text = string(v)
			}
			a[name] = text
		}
		return a, token, nil
	}
	if err := r.ParseForm(); err != nil {
		return nil, "", err
	}
	for name := range r.Form {
		a[name] = r.Form.Get(name)
	}
	if token == "" {
		token = a["token"]
	}
	delete(a, "token")
	return a, token, nil
}

func write(w http.ResponseWriter, a answer) {
	fields := maps.Clone(a.fields)
	if fields == nil {
		fields = map[string]any{}
	}
	fields["ok"] = a.refused == nil
	if r := a.refused; r != nil {
		fields["error"] = r.Code
		if len(r.Details) > 0 {
			plain := make([]string, len(r.Details))
			for i, d := range r.Details {
				plain[i] = strings.TrimPrefix(d, "[ERROR] ")
			}
			fields["errors"] = plain
			fields["response_metadata"] = map[string]any{"messages": r.Details}
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(fields)
}
