package slacktest

import (
	"slices"
	"strconv"
)

func (s *Slack) openConversation(a args) answer {
	if id := a["channel"]; id != "" {
		if s.channels[id] == nil {
			return refuse("channel_not_found")
		}
		return done(map[string]any{"channel": map[string]any{"id": id}})
	}
	u := s.users[a["users"]]
	switch {
	case a["users"] == "":
		return refuse("users_list_not_supplied")
	case u == nil:
		return refuse("user_not_found")
	case u.Bot:
		return refuse("cannot_dm_bot")
	}
	c := s.dm(u.ID)
	return done(map[string]any{"channel": map[string]any{"id": c.ID, "is_im": true, "user": u.ID}})
}

func (s *Slack) conversationInfo(a args) answer {
	c := s.channels[a["channel"]]
	if c == nil {
		return refuse("channel_not_found")
	}
	return done(map[string]any{"channel": map[string]any{
		"id": c.ID, "name": c.Name, "is_channel": c.kind() == "channel", "is_group": c.kind() == "group", "is_im": c.user != "",
		"is_private": c.Private, "is_member": c.has(Bot), "user": c.user, "num_members": len(c.Members),
	}})
}

func (s *Slack) conversationMembers(a args) answer {
	c, code := s.open(a["channel"])
	if code != "" {
		return refuse(code)
	}
	return done(map[string]any{"members": c.Members, "response_metadata": map[string]any{"next_cursor": ""}})
}

// history gives the latest first, replies left out.
func (s *Slack) history(a args) answer {
	c, code := s.open(a["channel"])
	if code != "" {
		return refuse(code)
	}
	var list []*message
	for _, m := range slices.Backward(c.messages) {
		if !m.Deleted && (m.Thread == "" || m.Thread == m.TS) {
			list = append(list, m)
		}
	}
	return s.page(bounded(list, a), a, 100)
}

// replies gives the first message of a thread and then the earliest reply.
func (s *Slack) replies(a args) answer {
	c, code := s.open(a["channel"])
	if code != "" {
		return refuse(code)
	}
	root := c.byTS[a["ts"]]
	if root == nil || root.Deleted && root.replies == 0 {
		return refuse("thread_not_found")
	}
	var list []*message
	for _, m := range c.messages {
		if !m.Deleted && m != root && m.Thread == root.TS {
			list = append(list, m)
		}
	}
	return s.page(append([]*message{root}, bounded(list, a)...), a, 1000)
}

// page gives a part of a list; the cursor is where the next begins.
func (s *Slack) page(list []*message, a args, usual int) answer {
	limit, _ := strconv.Atoi(a["limit"])
	if limit == 0 {
		limit = usual
	}
	if limit < 1 || limit > 1000 {
		return refuse("invalid_limit")
	}
	from := 0
	if v := a["cursor"]; v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 || n > len(list) {
			return refuse("invalid_cursor")
		}
		from = n
	}
	to := min(len(list), from+limit)
	shown := make([]map[string]any, 0, to-from)
	for _, m := range list[from:to] {
		shown = append(shown, s.asJSON(m, a.yes("include_all_metadata")))
	}
	next := ""
	if to < len(list) {
		next = strconv.Itoa(to)
	}
	return done(map[string]any{"messages": shown, "has_more": next != "", "response_metadata": map[string]any{"next_cursor": next}})
}
