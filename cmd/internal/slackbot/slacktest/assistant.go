package slacktest

import (
	"encoding/json"
	"strings"

	"github.com/slack-go/slack"
)

// pane finds an assistant thread, which only direct messages have.
func (s *Slack) pane(a args) (*Pane, string) {
	c := s.channels[a["channel_id"]]
	if c == nil {
		return nil, "channel_not_found"
	}
	p := s.panes[c.ID+"/"+a["thread_ts"]]
	if p == nil {
		return nil, "invalid_thread_ts"
	}
	return p, ""
}

func (s *Slack) setStatus(a args) answer {
	p, code := s.pane(a)
	if code != "" {
		return refuse(code)
	}
	if v := a["loading_messages"]; v != "" && strings.Count(v, ",") >= MaxLoadingMessages {
		return refuse("invalid_arguments")
	}
	p.Statuses = append(p.Statuses, a["status"])
	s.ring(a["channel_id"], a["thread_ts"])
	return done(nil)
}

// clearStatus is what a message of the bot's does.
func (s *Slack) clearStatus(channel, thread string) {
	p := s.panes[channel+"/"+thread]
	if p != nil && len(p.Statuses) > 0 && p.Statuses[len(p.Statuses)-1] != "" {
		p.Statuses = append(p.Statuses, "")
	}
}

func (s *Slack) setTitle(a args) answer {
	p, code := s.pane(a)
	switch {
	case code != "":
		return refuse(code)
	case a["title"] == "":
		return refuse("invalid_arguments")
	}
	p.Title = a["title"]
	s.ring(a["channel_id"], a["thread_ts"])
	return done(nil)
}

func (s *Slack) setPrompts(a args) answer {
	p, code := s.pane(a)
	if code != "" {
		return refuse(code)
	}
	var prompts []slack.AssistantThreadsPrompt
	if err := json.Unmarshal([]byte(a["prompts"]), &prompts); err != nil || len(prompts) == 0 || len(prompts) > MaxPrompts {
		return refuse("invalid_arguments")
	}
	for _, q := range prompts {
		if q.Title == "" || q.Message == "" {
			return refuse("invalid_arguments")
		}
	}
	p.Heading, p.Prompts = a["title"], prompts
	s.ring(a["channel_id"], a["thread_ts"])
	return done(nil)
}
