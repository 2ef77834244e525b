package slacktest

func (s *Slack) authTest(args) answer {
	return done(map[string]any{
		"url": "https://fake.slack.com/", "team": "Fake", "user": BotName, "team_id": Team, "user_id": Bot, "bot_id": BotID, "is_enterprise_install": false,
	})
}

func (s *Slack) userInfo(a args) answer {
	u := s.users[a["user"]]
	if u == nil {
		return refuse("user_not_found")
	}
	o := map[string]any{
		"id": u.ID, "team_id": Team, "name": handle(u.Name), "real_name": u.Name, "tz": u.TZ, "is_bot": u.Bot,
		"profile": map[string]any{"real_name": u.Name, "display_name": u.Name},
	}
	if a.yes("include_locale") {
		o["locale"] = u.Locale
	}
	return done(map[string]any{"user": o})
}

func (s *Slack) groupMembers(a args) answer {
	members, ok := s.groups[a["usergroup"]]
	if !ok {
		return refuse("no_such_subteam")
	}
	return done(map[string]any{"users": members})
}

func (s *Slack) teamInfo(args) answer {
	return done(map[string]any{"team": map[string]any{"id": Team, "name": "Fake", "domain": "fake"}})
}

func (s *Slack) botInfo(a args) answer {
	if b := a["bot"]; b != "" && b != BotID {
		return refuse("bot_not_found")
	}
	return done(map[string]any{"bot": map[string]any{"id": BotID, "app_id": App, "user_id": Bot, "name": BotName}})
}
